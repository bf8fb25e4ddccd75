import { randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import { backgroundContext } from './background-context.js';
import { sendToDestination } from './destinations.js';
import type { FunctionRunner, RunResult } from './function-runner.js';
import type { AsyncConfig } from './lambda-state.js';
import { type LambdaStore, type Resolved, resolveFunction } from './lambda-store.js';

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRIES = 2;
const FIRST_RETRY_MS = 60_000;
const SECOND_RETRY_MS = 120_000;
const AGE_SECONDS = 21_600;
/** Throttled events come again after 1 s, doubling up to 5 minutes, until they are too old. */
const THROTTLE_MS = 1_000;
const THROTTLE_MOST_MS = 300_000;

interface QueuedEvent {
  requestId: string;
  name: string;
  qualifier: string | undefined;
  payload: Uint8Array;
  region: string;
  acceptedMs: number;
  attempts: number;
  throttles: number;
}

/** The queue behind `InvocationType: Event`: retries, age, destinations. */
export class AsyncInvocations {
  readonly #store: LambdaStore;
  readonly #runner: FunctionRunner;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(store: LambdaStore, runner: FunctionRunner) {
    this.#store = store;
    this.#runner = runner;
  }

  accept(resolved: Resolved, payload: Uint8Array, context: OperationContext): void {
    const event: QueuedEvent = {
      requestId: context.origin === 'wire' ? context.requestId : randomUUID(),
      name: resolved.found.name,
      qualifier: resolved.qualifier,
      payload,
      region: context.region,
      acceptedMs: this.#store.environment.clock.now(),
      attempts: 0,
      throttles: 0,
    };
    const own = backgroundContext(context);
    const done = this.#store.environment.activity.begin(`asynchronous invocation of ${event.name}`);
    setImmediate(() => void this.#attempt(event, own).finally(done));
  }

  async #attempt(event: QueuedEvent, context: OperationContext): Promise<void> {
    if (this.#closed) return;
    const { clock } = this.#store.environment;
    let resolved: Resolved;
    try {
      resolved = resolveFunction(this.#store, event.name, event.qualifier, context);
    } catch {
      // As on AWS; who wonders where it went finds it here.
      this.#store.environment.log(`${event.name}: event ${event.requestId} was dropped, for the function is gone`);
      return;
    }
    const config = resolved.found.asyncConfigs.get(event.qualifier ?? '$LATEST');
    // Without any retry: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    if (resolved.found.reservedConcurrency === 0) {
      return this.#discard(event, resolved, config, 'ZeroReservedConcurrency', undefined);
    }
    const maxAgeMs = (config?.maximumEventAgeSeconds ?? AGE_SECONDS) * 1000;
    let result: RunResult;
    try {
      result = await this.#runner.run(resolved, { payload: event.payload, requestId: event.requestId }, context);
    } catch (error) {
      if (this.#closed) return;
      if (!(error instanceof AwsError)) {
        this.#store.environment.log(
          `${event.name}: an event was lost: ${error instanceof Error ? error.message : error}`,
        );
        return;
      }
      const waitMs = Math.min(THROTTLE_MS * 2 ** event.throttles, THROTTLE_MOST_MS);
      event.throttles += 1;
      if (clock.now() + waitMs - event.acceptedMs > maxAgeMs) {
        return this.#discard(event, resolved, config, 'EventAgeExceeded', undefined);
      }
      return this.#later(waitMs, event, context);
    }
    event.attempts += 1;
    if (result.functionError === undefined) {
      if (config?.onSuccess) await this.#deliver(config.onSuccess, event, resolved, 'Success', result);
      return;
    }
    if (event.attempts > (config?.maximumRetryAttempts ?? RETRIES)) {
      return this.#discard(event, resolved, config, 'RetriesExhausted', result);
    }
    const waitMs = event.attempts === 1 ? FIRST_RETRY_MS : SECOND_RETRY_MS;
    if (clock.now() + waitMs - event.acceptedMs > maxAgeMs) {
      return this.#discard(event, resolved, config, 'EventAgeExceeded', result);
    }
    return this.#later(waitMs, event, context);
  }

  #later(waitMs: number, event: QueuedEvent, context: OperationContext): void {
    const done = this.#store.environment.activity.begin(`retry of an asynchronous invocation of ${event.name}`);
    const cancel = this.#store.environment.clock.after(waitMs, () => {
      this.#waiting.delete(cancel);
      void this.#attempt(event, context).finally(done);
    });
    this.#waiting.add(cancel);
  }

  async #discard(
    event: QueuedEvent,
    resolved: Resolved,
    config: AsyncConfig | undefined,
    condition: string,
    result: RunResult | undefined,
  ): Promise<void> {
    if (config?.onFailure) return this.#deliver(config.onFailure, event, resolved, condition, result);
    this.#store.environment.log(`${event.name}: event ${event.requestId} was discarded (${condition})`);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  async #deliver(
    destination: string,
    event: QueuedEvent,
    resolved: Resolved,
    condition: string,
    result: RunResult | undefined,
  ): Promise<void> {
    const record = {
      version: '1.0',
      timestamp: new Date(this.#store.environment.clock.now()).toISOString(),
      requestContext: {
        requestId: event.requestId,
        functionArn: `${resolved.arn}:${event.qualifier ?? '$LATEST'}`,
        condition,
        approximateInvokeCount: event.attempts,
      },
      requestPayload: parse(event.payload),
      ...(result && {
        responseContext: {
          statusCode: 200,
          executedVersion: result.version,
          ...(result.functionError && { functionError: result.functionError }),
        },
        responsePayload: parse(result.payload),
      }),
    };
    await sendToDestination(this.#store.environment, event.region, destination, record, `async/${event.name}`);
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#waiting) cancel();
  }
}

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
};

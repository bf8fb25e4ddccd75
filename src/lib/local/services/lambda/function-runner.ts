import { randomUUID } from 'node:crypto';
import type { Fault } from '../../faults.js';
import type { FunctionHost } from '../../functions/function-host.js';
import type { FunctionSpec, Invocation, Outcome } from '../../functions/function-spec.js';
import type { OperationContext } from '../../wire/handlers.js';
import { throttled } from './lambda-error.js';
import type { FunctionVersion, LambdaFunction } from './lambda-state.js';
import { findVersion, type LambdaStore, type Resolved } from './lambda-store.js';

/** The account's own quota, of which functions reserve parts. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const ACCOUNT_CONCURRENCY = 1000;

export interface RunRequest {
  payload: Uint8Array;
  requestId?: string;
  clientContext?: string | undefined;
  traceId?: string | undefined;
}

export interface RunResult extends Outcome {
  /** The version that ran, behind whatever alias. */
  version: string;
}

/** Runs a resolved function: concurrency, weighted aliases and faults, then the host. */
export class FunctionRunner {
  readonly #store: LambdaStore;
  readonly #host: FunctionHost;
  readonly #inFlight = new Map<string, number>();
  #unreserved = 0;

  constructor(store: LambdaStore, host: FunctionHost) {
    this.#store = store;
    this.#host = host;
  }

  /**
   * Runs one invocation to its outcome; a function that failed is an outcome, not an error.
   * @throws AwsError TooManyRequestsException
   */
  async run(resolved: Resolved, request: RunRequest, context: Pick<OperationContext, 'region'>): Promise<RunResult> {
    const version = chooseVersion(resolved);
    const leave = this.#enter(resolved.arn, resolved.found);
    try {
      const spec = await this.#specOf(resolved, version, context.region);
      const invocation: Invocation = {
        requestId: request.requestId ?? randomUUID(),
        payload: request.payload.byteLength === 0 ? EMPTY_EVENT : request.payload,
        invokedArn: resolved.qualifier === undefined ? resolved.arn : `${resolved.arn}:${resolved.qualifier}`,
        ...(request.clientContext === undefined ? {} : { clientContext: request.clientContext }),
        ...(request.traceId === undefined ? {} : { traceId: request.traceId }),
      };
      const fault = this.#store.environment.faults.take(
        'lambda.run',
        () => `${resolved.found.name} ${Buffer.from(request.payload).toString('utf8')}`,
      );
      const outcome = fault
        ? await this.#runFaulty(fault, spec, invocation)
        : await this.#host.invoke(spec, invocation);
      return { ...outcome, version: version.version };
    } finally {
      leave();
    }
  }

  async #runFaulty(fault: Fault, spec: FunctionSpec, invocation: Invocation): Promise<Outcome> {
    const { clock } = this.#store.environment;
    if (fault.delayMs !== undefined) await clock.sleep(fault.delayMs);
    const answered = (payload: object | null): Outcome => ({
      payload: Buffer.from(JSON.stringify(payload)),
      contentType: 'application/json',
      logTail: '',
      durationMs: 0,
    });
    switch (fault.kind) {
      case 'drop':
        return answered(null);
      case 'error':
        return {
          ...answered({
            errorType: fault.code ?? 'InjectedFault',
            errorMessage: fault.message ?? 'a fault was injected',
          }),
          functionError: 'Unhandled',
        };
      case 'crash':
        return this.#host.invoke(spec, { ...invocation, crash: true });
      case 'duplicate':
        await this.#host.invoke(spec, { ...invocation, requestId: randomUUID() });
        return this.#host.invoke(spec, invocation);
      default:
        return this.#host.invoke(spec, invocation);
    }
  }

  /** Counts the invocation in; the answer counts it out. */
  #enter(arn: string, { reservedConcurrency: reserved }: LambdaFunction): () => void {
    const running = this.#inFlight.get(arn) ?? 0;
    if (reserved !== undefined && running >= reserved)
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    if (reserved === undefined && this.#unreserved >= ACCOUNT_CONCURRENCY) {
      throw throttled('ConcurrentInvocationLimitExceeded');
    }
    this.#inFlight.set(arn, running + 1);
    if (reserved === undefined) this.#unreserved += 1;
    return () => {
      const left = (this.#inFlight.get(arn) ?? 1) - 1;
      if (left === 0) this.#inFlight.delete(arn);
      else this.#inFlight.set(arn, left);
      if (reserved === undefined) this.#unreserved -= 1;
    };
  }

  readonly #specs = new WeakMap<FunctionVersion, Promise<FunctionSpec>>();

  /** A version never changes in place (an update makes a new object), so its spec is made once. */
  #specOf(resolved: Resolved, version: FunctionVersion, region: string): Promise<FunctionSpec> {
    let spec = this.#specs.get(version);
    if (!spec) {
      this.#specs.set(version, (spec = this.#makeSpec(resolved, version, region)));
      spec.catch(() => this.#specs.delete(version));
    }
    return spec;
  }

  async #makeSpec({ found, arn }: Resolved, version: FunctionVersion, region: string): Promise<FunctionSpec> {
    const place = await this.#store.code.place(
      version.codeSha256,
      version.layers.map((layer) => layer.codeSha256),
    );
    return {
      key: `${arn}:${version.version}:${version.revisionId}`,
      arn,
      name: found.name,
      version: version.version,
      region,
      runtime: version.runtime,
      handler: version.handler,
      ...place,
      timeoutMs: version.timeoutSeconds * 1000,
      memoryMb: version.memoryMb,
      environment: version.variables ?? {},
      logGroup: version.logging.LogGroup,
      logFormat: version.logging.LogFormat,
      applicationLogLevel: version.logging.ApplicationLogLevel ?? 'INFO',
      systemLogLevel: version.logging.SystemLogLevel ?? 'INFO',
    };
  }
}

/** What a function is given when its caller gave nothing. */
const EMPTY_EVENT = Buffer.from('{}');

function chooseVersion({ found, version, qualifier }: Resolved): FunctionVersion {
  const weights = qualifier === undefined ? undefined : found.aliases.get(qualifier)?.weights;
  let draw = weights ? Math.random() : 1;
  for (const number in weights) {
    draw -= weights[number] ?? 0;
    if (draw < 0) return findVersion(found, number) ?? version;
  }
  return version;
}

import { randomUUID } from 'node:crypto';
import type { Fault } from '../../faults.js';
import type { FunctionHost } from '../../functions/function-host.js';
import type { FunctionSpec, Invocation, Outcome } from '../../functions/function-spec.js';
import { newTrace } from '../../payloads/trace-id.js';
import type { OperationContext } from '../../wire/handlers.js';
import { unreservedConcurrency } from './account-concurrency.js';
import { throttled } from './lambda-error.js';
import type { FunctionVersion } from './lambda-state.js';
import { findVersion, type LambdaStore, type Resolved } from './lambda-store.js';

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
  /** Running invocations, by function. */
  readonly #inFlight = new Map<string, number>();
  /** Those of functions without a reservation, by region. */
  readonly #unreserved = new Map<string, number>();

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
    const leave = this.#enter(resolved, context.region);
    const done = this.#store.environment.activity.begin(`invocation of ${resolved.found.name}`);
    try {
      const spec = await this.#specOf(resolved, version, context.region);
      const invocation: Invocation = {
        requestId: request.requestId ?? randomUUID(),
        payload: request.payload.byteLength === 0 ? EMPTY_EVENT : request.payload,
        invokedArn: resolved.qualifier === undefined ? resolved.arn : `${resolved.arn}:${resolved.qualifier}`,
        ...(request.clientContext === undefined ? {} : { clientContext: request.clientContext }),
        traceId: request.traceId ?? newTrace(this.#store.environment.clock.now()),
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
      done();
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
  #enter({ arn, found }: Resolved, region: string): () => void {
    const { reservedConcurrency: reserved } = found;
    if (reserved === undefined) {
      const most = unreservedConcurrency(this.#store.regions.in(region));
      if ((this.#unreserved.get(region) ?? 0) >= most) throw throttled('ConcurrentInvocationLimitExceeded');
    } else if ((this.#inFlight.get(arn) ?? 0) >= reserved) {
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    add(this.#inFlight, arn, 1);
    if (reserved === undefined) add(this.#unreserved, region, 1);
    return () => {
      add(this.#inFlight, arn, -1);
      if (reserved === undefined) add(this.#unreserved, region, -1);
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

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function chooseVersion({ found, version, qualifier }: Resolved): FunctionVersion {
  const weights = qualifier === undefined ? undefined : found.aliases.get(qualifier)?.weights;
  let draw = weights ? Math.random() : 1;
  for (const number in weights) {
    draw -= weights[number] ?? 0;
    if (draw < 0) return findVersion(found, number) ?? version;
  }
  return version;
}

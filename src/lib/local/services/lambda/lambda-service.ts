import { CodeStore } from '../../functions/code-store.js';
import { createFunctionHost } from '../../functions/function-host.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import { AsyncInvocations } from './async-invocations.js';
import { hostOfEndpoint } from './cloudwatch-log.js';
import { CODE_PATH } from './code-route.js';
import { FunctionRunner } from './function-runner.js';
import { createState } from './lambda-state.js';
import type { LambdaStore } from './lambda-store.js';
import type { Mapping } from './mappings/mapping.js';
import { sweepCode } from './sweep-code.js';

/** What all operations share: the functions, what runs them, and what feeds them. */
export interface LambdaService extends LambdaStore {
  runner: FunctionRunner;
  /** The queue behind asynchronous invocations. */
  events: AsyncInvocations;
  mappings: ReturnType<typeof perRegion<Map<string, Mapping>>>;
  close(): Promise<void>;
}

export function createLambdaService(environment: ServiceEnvironment): LambdaService {
  const host = createFunctionHost(hostOfEndpoint(environment));
  const store: LambdaStore = {
    environment,
    regions: perRegion(createState),
    code: new CodeStore(environment.dataDir),
    codeUrl: (sha256) => `${environment.endpointUrl()}${CODE_PATH}${encodeURIComponent(sha256)}`,
    retire: (arn, version) =>
      host.retire((spec) => spec.arn === arn && (version === undefined || spec.version === version)),
  };
  const sweeper = sweepCode(store, host);
  const runner = new FunctionRunner(store, host);
  const events = new AsyncInvocations(store, runner);
  const mappings = perRegion(() => new Map<string, Mapping>());
  return {
    ...store,
    runner,
    events,
    mappings,
    async close() {
      sweeper.close();
      events.close();
      for (const region of mappings.all()) for (const mapping of region.values()) mapping.close();
      await host.close();
    },
  };
}

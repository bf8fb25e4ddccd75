import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFunctionHost } from '../local/functions/function-host.js';
import type { FunctionSpec } from '../local/functions/function-spec.js';
import type { HostEnvironment, LogEvent } from '../local/functions/host-environment.js';
import { removeTree } from '../shared/remove-tree.js';
import type { Invoker } from './invoker.js';

export interface ProcessInvokerOptions {
  spec: FunctionSpec;
  /** How many processes may run at once. */
  processes: number;
  environment: Pick<HostEnvironment, 'clock' | 'endpointUrl' | 'certificate' | 'identity'>;
  onLog(events: readonly LogEvent[]): void;
}

/** Runs a handler in processes of this machine, as the local endpoint runs functions. */
export async function openProcessInvoker(options: ProcessInvokerOptions): Promise<Invoker> {
  const { spec, processes, environment, onLog } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'pipectl-consume-'));
  const openLog: HostEnvironment['openLog'] = () => ({ put: async (events) => onLog(events) });
  const host = createFunctionHost({ ...environment, dataDir, openLog }, processes);
  let current = spec;
  let restarts = 0;
  return {
    functionArn: spec.arn,
    roleArn: '',
    async invoke(payload, requestId) {
      const traceId = `Root=1-${randomBytes(4).toString('hex')}-${randomBytes(12).toString('hex')};Sampled=0`;
      const outcome = await host.invoke(current, { requestId, payload, invokedArn: spec.arn, traceId });
      const response = { executedVersion: spec.version, functionError: outcome.functionError };
      return { requestId, payload: outcome.payload, response };
    },
    restart() {
      const old = current.key;
      current = { ...spec, key: `${spec.key} ${++restarts}` };
      host.retire(({ key }) => key === old);
    },
    async close() {
      await host.close();
      await removeTree(dataDir).catch(() => {}); // the system clears its temporary files
    },
  };
}

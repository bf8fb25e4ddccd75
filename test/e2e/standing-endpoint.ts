import { CreateStreamCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { chooseCheck } from '../../src/lib/e2e/check-file/load-check-file.js';
import { parseCheckFile } from '../../src/lib/e2e/check-file/parse-check-file.js';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { runCheck } from '../../src/lib/e2e/run-check.js';
import type { Fault } from '../../src/lib/local/faults.js';
import { startEndpoint } from '../../src/lib/local/start-endpoint.js';
import type { RecorderAddress } from '../../src/lib/project/recorder-address.js';
import { systemClock } from '../../src/lib/shared/clock.js';
import { type Clients, createClients } from '../../src/lib/target/clients.js';
import { localTarget } from '../local-target.js';
import { zipOf } from './zip-of.js';

export interface RunMore {
  onPhase?: (name: string) => void;
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** How far this machine's clock is to be ahead of the endpoint's, as if that were elsewhere. */
  aheadMs?: number;
  /** How many passes there are over one deployment; 1 when left out. */
  repeat?: number;
  /** Where recorders listen. */
  addresses?: ReadonlyMap<string, RecorderAddress>;
}

/** A local endpoint, and checks run over it, each given as the text of its file. */
export interface StandingEndpoint {
  clients: Clients;
  addFault(fault: Fault): void;
  clearFaults(): void;
  run(text: string, more?: RunMore): Promise<CheckReport>;
  /** A report for each pass. */
  runs(text: string, more?: RunMore): Promise<CheckReport[]>;
  makeStream(name: string, shards: number): Promise<void>;
  /** @returns its ARN */
  makeFunction(name: string, code: string, environment?: Record<string, string>): Promise<string>;
  close(): Promise<void>;
}

export async function standEndpoint(): Promise<StandingEndpoint> {
  const endpoint = await startEndpoint({ port: 0 });
  const clients = createClients(localTarget(endpoint.url));
  return {
    clients,
    addFault: (fault) => endpoint.faults.add(fault),
    clearFaults: () => endpoint.faults.clear(),
    async run(text, more = {}) {
      const [report] = await runPasses(clients, text, more);
      if (!report) throw new Error('no report');
      return report;
    },
    runs: (text, more = {}) => runPasses(clients, text, more),
    async makeStream(name, shards) {
      const kinesis = await clients.kinesis();
      await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
      await waitUntilStreamExists({ client: kinesis, maxWaitTime: 20, minDelay: 1 }, { StreamName: name });
    },
    async makeFunction(name, code, environment = {}) {
      const lambda = await clients.lambda();
      const made = await lambda.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/any',
          Environment: { Variables: environment },
          Code: { ZipFile: await zipOf({ 'index.mjs': code }) },
        }),
      );
      return made.FunctionArn ?? '';
    },
    async close() {
      clients.close();
      await endpoint.close();
    },
  };
}

function runPasses(clients: Clients, text: string, more: RunMore): Promise<CheckReport[]> {
  const file = parseCheckFile(`${text}\n`, '/project/orders/pipectl.yaml');
  return runCheck({
    file,
    check: chooseCheck(file),
    clients: more.aheadMs === undefined ? clients : createClients({ ...clients.target, kind: 'endpoint' }),
    clock: { ...systemClock, now: () => Date.now() + (more.aheadMs ?? 0) },
    environment: more.environment ?? {},
    deploy: true,
    keep: false,
    disposable: true,
    recorderWishes: { addresses: more.addresses ?? new Map(), failModes: new Map() },
    signal: more.signal ?? new AbortController().signal,
    server: 'test',
    repeat: more.repeat ?? 1,
    onEvent: (event) => {
      if (event.kind === 'phase') more.onPhase?.(event.name);
    },
    onReport: () => {},
  });
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cleanup, FunctionProcess, type ProcessEvents } from './function-process.js';
import type { FunctionSpec } from './function-spec.js';
import type { HostEnvironment } from './host-environment.js';
import { type RuntimeApi, type RuntimeApiEvents, startRuntimeServer } from './runtime-api.js';
import { serveRuntimeSocket } from './runtime-socket.js';
import type { Launch } from './runtimes.js';
import { functionEnvironment } from './sandbox-environment.js';

/** What is needed to start a function's process. */
export interface RuntimePlan {
  environment: HostEnvironment;
  spec: FunctionSpec;
  launch: Launch;
  cleanup: Cleanup;
  logStream: string;
  /** A folder of the process alone; made here. */
  scratchDir: string;
}

/** A process, and the Runtime API that it takes its work from. */
export interface Runtime {
  process: FunctionProcess;
  api: RuntimeApi;
}

/** Starts a process, or does not, if it is no more `wanted` once all is ready for it. */
export async function startRuntime(
  { environment, spec, launch, cleanup, logStream, scratchDir }: RuntimePlan,
  events: RuntimeApiEvents & ProcessEvents,
  wanted: () => boolean,
): Promise<Runtime | undefined> {
  await mkdir(scratchDir, { recursive: true });
  const certificate = environment.certificate?.();
  const certificateFile = certificate === undefined ? undefined : join(scratchDir, 'endpoint.pem');
  if (certificate !== undefined && certificateFile !== undefined) await writeFile(certificateFile, certificate);
  const server = launch.framed ? undefined : await startRuntimeServer(events);
  if (!wanted()) {
    server?.close();
    return undefined;
  }
  const { identity } = environment;
  const endpointUrl = environment.endpointUrl();
  const variables = functionEnvironment(
    spec,
    { runtimeApi: server?.address, endpointUrl, identity, logStream, scratchDir, certificateFile },
    launch.environment,
  );
  const process = new FunctionProcess(launch, variables, spec.codeDir, cleanup, events);
  const api = server ?? (process.connection && serveRuntimeSocket(process.connection, events));
  // Without a connection the process could not be started at all, which its exit tells.
  return { process, api: api ?? { hand: () => {}, untaken: false, close: () => {} } };
}

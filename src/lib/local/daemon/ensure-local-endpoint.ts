import { UsageError } from '../../shared/errors.js';
import type { EndpointRecord } from './endpoint-record.js';
import { DEFAULT_SETTINGS, type EndpointSettings } from './endpoint-settings.js';
import { explainTakenPort, pipectlAt } from './explain-taken-port.js';
import { liveEndpoints } from './live-endpoints.js';
import { PortTaken, startBackground } from './start-background.js';

export interface EnsuredEndpoint {
  record: EndpointRecord;
  /** True when this call started it: say so, once. */
  started: boolean;
}

/**
 * The local endpoint that commands talk to: the one on port 4566, or the only one that runs, or a new one. When two processes come here at
 * the same moment both may try to start it; binding the port lets one of them win, and the other finds the winner.
 * @param choices how the command names an endpoint, and resource types that a new one keeps without effect
 * @throws OperationError when something else has the port
 */
export async function ensureLocalEndpoint(
  folder: string,
  signal?: AbortSignal,
  { naming, inert }: { naming?: EndpointNaming; inert?: string[] | undefined } = {},
): Promise<EnsuredEndpoint> {
  const running = await chooseRunning(folder, naming);
  if (running) return { record: running, started: false };
  return startOrFind({ ...DEFAULT_SETTINGS, ...(inert && { inert }) }, folder, signal);
}

/** Starts an endpoint with these settings, unless one of ours has the port. */
export async function startOrFind(
  settings: EndpointSettings,
  folder: string,
  signal?: AbortSignal,
): Promise<EnsuredEndpoint> {
  try {
    return { record: await startBackground(settings, folder, { ...(signal && { signal }) }), started: true };
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    const winner = await whoWon(folder, settings.port);
    if (!winner) throw await explainTakenPort(settings.port);
    return { record: winner, started: false };
  }
}

/** How a command lets one name an endpoint. */
export type EndpointNaming = '--endpoint-url' | '--port';

/** @throws UsageError when several run and none has the default port */
export async function chooseRunning(
  folder: string,
  naming: EndpointNaming = '--endpoint-url',
): Promise<EndpointRecord | undefined> {
  const running = await liveEndpoints(folder);
  const usual = running.find(({ port }) => port === DEFAULT_SETTINGS.port);
  if (usual || running.length <= 1) return usual ?? running[0];
  throw new UsageError(`Several local endpoints run: ${running.map(({ url }) => url).join(', ')}.`, {
    hint: `Name one: ${naming} ${naming === '--port' ? running[0]?.port : running[0]?.url}`,
  });
}

/** The winner of a race binds the port a moment before it writes its record; what is no endpoint of pipectl has won nothing. */
async function whoWon(folder: string, port: number): Promise<EndpointRecord | undefined> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const winner = (await liveEndpoints(folder)).find((endpoint) => endpoint.port === port);
    if (winner) return winner;
    if ((await pipectlAt(port)) === undefined) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

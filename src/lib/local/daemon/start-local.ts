import { formatByteSize } from '../../shared/byte-size.js';
import { formatDuration } from '../../shared/duration.js';
import { OperationError, UsageError } from '../../shared/errors.js';
import type { EndpointRecord } from './endpoint-record.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { type EnsuredEndpoint, startOrFind } from './ensure-local-endpoint.js';
import { type LiveEndpoint, liveEndpoints } from './live-endpoints.js';

/**
 * Starts an endpoint on its port, or finds the one that runs there with the same settings.
 * @throws UsageError when one of ours runs there with other settings: it cannot change while it runs
 * @throws OperationError when something else has the port
 */
export async function startLocal(
  settings: EndpointSettings,
  folder: string,
  signal?: AbortSignal,
): Promise<EnsuredEndpoint> {
  const running = await findOn(folder, settings.port);
  if (running && !running.answers) {
    throw new OperationError(
      `An endpoint has port ${running.port} already (pid ${running.pid}), and does not answer.`,
      {
        hint: `End it (\`pipectl local stop --port ${running.port}\`), or take another --port.`,
      },
    );
  }
  const found = running ? { record: running, started: false } : await startOrFind(settings, folder, signal);
  if (!found.started) refuseOtherSettings(found.record, settings);
  return found;
}

/** The endpoint on a port; one that is busy gets a few seconds to say so. */
async function findOn(folder: string, wanted: number): Promise<LiveEndpoint | undefined> {
  let found: LiveEndpoint | undefined;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    found = (await liveEndpoints(folder)).find(({ port }) => port === wanted);
    if (!found || found.answers) break;
  }
  return found;
}

function refuseOtherSettings(record: EndpointRecord, settings: EndpointSettings): void {
  const now = inWords(record);
  if (now === inWords(settings)) return;
  throw new UsageError(`An endpoint runs on port ${record.port} already, with other settings (${now}).`, {
    hint: `Stop it first (\`pipectl local stop --port ${record.port}\`), or take another --port.`,
  });
}

/** All that makes an endpoint another one, in a form to compare and to show. */
function inWords({
  limits,
  tls,
  memoryBytes,
  maxBufferingMs,
  host,
  allowHosts = [],
  inert = [],
}: Omit<EndpointSettings, 'port'>): string {
  return [
    `limits ${limits}`,
    tls ? 'tls' : 'no tls',
    memoryBytes === undefined ? 'memory default' : `memory ${formatByteSize(memoryBytes)}`,
    ...(maxBufferingMs === undefined ? [] : [`max-buffering ${formatDuration(maxBufferingMs)}`]),
    ...(host === undefined ? [] : [`host ${host}`]),
    ...[...allowHosts].sort().map((name) => `allow-host ${name}`),
    ...[...inert].sort().map((type) => `inert ${type}`),
  ].join(', ');
}

import { UsageError } from '../../shared/errors.js';
import type { EndpointRecord } from './endpoint-record.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { type EnsuredEndpoint, startOrFind } from './ensure-local-endpoint.js';
import { liveEndpoints } from './live-endpoints.js';

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
  const running = (await liveEndpoints(folder)).find(({ port }) => port === settings.port);
  const found = running ? { record: running, started: false } : await startOrFind(settings, folder, signal);
  if (!found.started) refuseOtherSettings(found.record, settings);
  return found;
}

function refuseOtherSettings(record: EndpointRecord, settings: EndpointSettings): void {
  const differs =
    record.limits !== settings.limits || record.tls !== settings.tls || record.memoryBytes !== settings.memoryBytes;
  if (!differs) return;
  const now = [`limits ${record.limits}`, record.tls ? 'tls' : 'no tls', `memory ${record.memoryBytes ?? 'default'}`];
  throw new UsageError(`An endpoint runs on port ${record.port} already, with other settings (${now.join(', ')}).`, {
    hint: `Stop it first (\`pipectl local stop --port ${record.port}\`), or take another --port.`,
  });
}

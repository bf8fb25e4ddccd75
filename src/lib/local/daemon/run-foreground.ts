import { once } from 'node:events';
import { UsageError } from '../../shared/errors.js';
import type { EndpointRecord } from './endpoint-record.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { explainStartFailure } from './explain-start-failure.js';
import { explainTakenPort } from './explain-taken-port.js';
import { liveEndpoints } from './live-endpoints.js';
import { runEndpoint } from './run-endpoint.js';

/** Runs the endpoint in this process until the signal aborts. */
export async function runForeground(
  settings: EndpointSettings,
  folder: string,
  options: { log(line: string): void; ready(record: EndpointRecord): Promise<void>; signal: AbortSignal },
): Promise<void> {
  const { signal } = options;
  const running = await runEndpoint(settings, folder, { log: options.log }).catch(async (error) => {
    if (error.code !== 'EADDRINUSE') throw explainStartFailure(error.code, settings) ?? error;
    const ours = (await liveEndpoints(folder)).find(({ port }) => port === settings.port);
    if (!ours) throw await explainTakenPort(settings.port);
    throw new UsageError(`An endpoint runs on port ${ours.port} already (pid ${ours.pid}).`, {
      hint: `Stop it first (\`pipectl local stop --port ${ours.port}\`), or take another --port.`,
    });
  });
  try {
    await options.ready(running.record);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await running.close();
  }
}

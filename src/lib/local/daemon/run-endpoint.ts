import { rename } from 'node:fs/promises';
import { readPackage } from '../../shared/package-files.js';
import { replaceFile } from '../../shared/replace-file.js';
import { startEndpoint } from '../start-endpoint.js';
import { certificateFileOf, type EndpointRecord, logFileOf, removeRecord, writeRecord } from './endpoint-record.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { startTimeOf } from './process-info.js';

export interface RunningEndpoint {
  record: EndpointRecord;
  /** Ends the endpoint and takes its record away. */
  close(): Promise<void>;
}

/**
 * Runs the endpoint in this process, and leaves a record of it in the state folder for as long as it runs.
 * @throws the listening error, `EADDRINUSE` among them: the port is the lock between two that start at the same moment
 */
export async function runEndpoint(
  settings: EndpointSettings,
  folder: string,
  options: { log(line: string): void; logFile?: string },
): Promise<RunningEndpoint> {
  const { memoryBytes, maxBufferingMs, host, allowHosts, inert } = settings;
  const endpoint = await startEndpoint({
    port: settings.port,
    limits: settings.limits,
    tls: settings.tls,
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(maxBufferingMs !== undefined && { maxBufferingMs }),
    ...(host !== undefined && { host }),
    ...(allowHosts && { allowedHosts: allowHosts }),
    ...(inert && { inertTypes: inert }),
    log: options.log,
    onShutdown: () => process.kill(process.pid, 'SIGTERM'), // as `local stop` does
  });
  const certificateFile = endpoint.certificate && certificateFileOf(folder, endpoint.port);
  if (certificateFile) await replaceFile(certificateFile, endpoint.certificate ?? '', 0o600);
  const logFile = options.logFile === undefined ? undefined : logFileOf(folder, endpoint.port);
  if (options.logFile !== undefined && logFile !== undefined && logFile !== options.logFile) {
    await rename(options.logFile, logFile);
  }
  const startTime = startTimeOf(process.pid);
  const record: EndpointRecord = {
    pid: process.pid,
    ...(startTime !== undefined && { startTime }),
    port: endpoint.port,
    url: endpoint.url,
    version: readPackage().version,
    startedAt: new Date().toISOString(),
    limits: settings.limits,
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(maxBufferingMs !== undefined && { maxBufferingMs }),
    tls: settings.tls,
    ...(host !== undefined && { host }),
    ...(allowHosts && { allowHosts }),
    ...(inert && { inert }),
    ...(certificateFile && { certificateFile }),
    ...(logFile !== undefined && { logFile }),
  };
  await writeRecord(folder, record);
  options.log(`pipectl ${record.version} answers at ${record.url} (pid ${record.pid}, limits ${record.limits})`);
  return {
    record,
    async close() {
      await removeRecord(folder, record);
      await endpoint.close();
    },
  };
}

// The background process: `node main.js SETTINGS STATE_FOLDER LOG_FILE`. Its output is the log; its parent hears over IPC how the start went.
import { makeHeapRoomy } from '../../shared/roomy-heap.js';
import type { EndpointRecord } from './endpoint-record.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { type RunningEndpoint, runEndpoint } from './run-endpoint.js';
import { sweepLogs } from './sweep-logs.js';

/** What the parent is told, once. */
export type StartReport = { record: EndpointRecord } | { failure: { code: string | undefined; message: string } };

/** Longer than any pipeline needs to let go of its connections. */
const CLOSING_MS = 5000;

makeHeapRoomy();
const [settings = '{}', folder = '', logFile = ''] = process.argv.slice(2);
let running: RunningEndpoint | undefined;

const log = (line: string): void => {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
};

function report(message: StartReport): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve(); // the parent has gone: nobody needs to know
    process.send?.(message, () => {
      if (process.connected) process.disconnect();
      resolve();
    });
  });
}

async function end(exitCode: number): Promise<never> {
  setTimeout(() => process.exit(exitCode), CLOSING_MS).unref();
  await running?.close();
  process.exit(exitCode);
}

for (const signalName of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signalName, () => {
    log(`stops (${signalName})`);
    void end(0);
  });
}
process.on('uncaughtException', (error) => {
  log(`crashed: ${error.stack ?? error.message}`);
  void end(70);
});

try {
  running = await runEndpoint(JSON.parse(settings) as EndpointSettings, folder, { log, logFile });
  await report({ record: running.record });
  sweepLogs(folder).catch((error: Error) => log(`old logs stay: ${error.message}`));
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  // An error of the system (the port is taken) says all in its message; any other one is a bug.
  log(`could not start: ${code === undefined ? (error as Error).stack : message}`);
  await report({ failure: { code, message } });
  process.exit(1);
}

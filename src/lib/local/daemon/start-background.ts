import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OperationError } from '../../shared/errors.js';
import { FROM_SOURCES, moduleUrl, PACKAGE_ROOT } from '../../shared/package-files.js';
import { type EndpointRecord, logFileOf } from './endpoint-record.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { explainStartFailure } from './explain-start-failure.js';
import type { StartReport } from './main.js';
import { openLog } from './open-log.js';

/** The port is taken; by whom is for `explainTakenPort` to find out. */
export class PortTaken extends Error {
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is taken`);
    this.name = 'PortTaken';
    this.port = port;
  }
}

const ENTRY = fileURLToPath(moduleUrl('lib/local/daemon/main'));

/**
 * Starts an endpoint that outlives this process, with its output in a log, and waits until it answers.
 * @throws PortTaken
 * @throws OperationError when it does not come up, with the end of what it said
 */
export async function startBackground(
  settings: EndpointSettings,
  folder: string,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<EndpointRecord> {
  const { signal, timeoutMs = 20_000 } = options;
  signal?.throwIfAborted();
  // Several may start with port 0: each has a log of its own, which gets its port's name when that is known.
  const logFile = settings.port === 0 ? join(folder, `starting-${randomUUID()}.log`) : logFileOf(folder, settings.port);
  const log = openLog(logFile);
  const child = spawn(process.execPath, [...loader(), ENTRY, JSON.stringify(settings), folder, logFile], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  try {
    const report = await firstReport(child, timeoutMs, signal);
    if ('record' in report) return report.record;
    const { code, message } = report.failure;
    if (code === 'EADDRINUSE') throw new PortTaken(settings.port);
    const explained = explainStartFailure(code, settings);
    if (explained) throw explained;
    throw new OperationError(`The local endpoint could not start: ${message}`, {
      hint: `Its log: ${logFile}`,
    });
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The sources need tsx in the child too; the package needs nothing. */
function loader(): string[] {
  if (!FROM_SOURCES) return [];
  return ['--import', pathToFileURL(createRequire(PACKAGE_ROOT).resolve('tsx')).href];
}

function firstReport(child: ChildProcess, timeoutMs: number, signal: AbortSignal | undefined): Promise<StartReport> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new OperationError(`The local endpoint did not answer within ${timeoutMs / 1000} s.`));
    }, timeoutMs);
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('message', (report: StartReport) => {
      settle();
      resolve(report);
    });
    child.once('error', (error) => {
      settle();
      reject(new OperationError(`The local endpoint could not be started: ${error.message}`, { cause: error }));
    });
    child.once('exit', (code, signalName) => {
      settle();
      reject(new OperationError(`The local endpoint ended while it started (${signalName ?? `exit ${code}`}).`));
    });
  });
}

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../shared/errors.js';
import { logFileOf } from './endpoint-record.js';
import { pickEndpoints } from './pick-endpoints.js';

/**
 * The log of the endpoint on `port`, running or not; without a port, of the only one that runs, or else the newest log there is.
 * @throws OperationError when there is none
 */
export async function findLog(folder: string, port: number | undefined): Promise<string> {
  if (port !== undefined) {
    const path = logFileOf(folder, port);
    if (await stat(path).catch(() => undefined)) return path;
    throw new OperationError(`There is no log of an endpoint on port ${port}.`, {
      hint: `Logs are kept in ${folder}.`,
    });
  }
  const [running] = await pickEndpoints(folder, {});
  if (running && running.logFile === undefined) {
    throw new OperationError(`The endpoint at ${running.url} runs in the foreground: its log is in its terminal.`);
  }
  const path = running?.logFile ?? (await newestLog(folder));
  if (path === undefined) {
    throw new OperationError('No local endpoint has run yet.', { hint: 'Start one: pipectl local start' });
  }
  return path;
}

async function newestLog(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => /^endpoint-\d+\.log$/.test(name));
  const logs = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), at: (await stat(join(folder, name))).mtimeMs })),
  );
  return logs.sort((a, b) => b.at - a.at)[0]?.path;
}

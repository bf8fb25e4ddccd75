import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { liveEndpoints } from './live-endpoints.js';

const KEPT_MS = 7 * 24 * 3_600_000;
/** Of an endpoint by its port, put aside, or of one that ended before its port was known. */
const LOG = /^(?:endpoint-(\d+)|starting-[\da-f-]+)\.log(?:\.old)?$/;

/** Takes away the logs that nobody has written to for a week, unless their endpoint runs: each start with `--port 0` leaves one. */
export async function sweepLogs(folder: string, nowMs = Date.now()): Promise<void> {
  const logs = (await readdir(folder)).filter((name) => LOG.test(name));
  const old: string[] = [];
  for (const name of logs) {
    const changedMs = (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? nowMs;
    if (nowMs - changedMs > KEPT_MS) old.push(name);
  }
  if (old.length === 0) return;
  const running = new Set((await liveEndpoints(folder)).map(({ port }) => String(port)));
  for (const name of old) {
    if (!running.has(LOG.exec(name)?.[1] ?? '')) await rm(join(folder, name), { force: true });
  }
}

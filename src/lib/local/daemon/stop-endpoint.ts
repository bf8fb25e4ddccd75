import { setTimeout as sleep } from 'node:timers/promises';
import { type EndpointRecord, removeRecord } from './endpoint-record.js';
import { isAlive } from './process-info.js';

const GRACE_MS = 6000;
const LOOK_EVERY_MS = 20;

/**
 * Ends an endpoint: asks it to, waits, and after six seconds no longer asks.
 * @returns how it went
 */
export async function stopEndpoint(folder: string, record: EndpointRecord): Promise<'stopped' | 'killed'> {
  signal(record.pid, 'SIGTERM');
  if (await isGone(record.pid, GRACE_MS)) {
    await removeRecord(folder, record);
    return 'stopped';
  }
  signal(record.pid, 'SIGKILL');
  await isGone(record.pid, GRACE_MS);
  await removeRecord(folder, record);
  return 'killed';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(LOOK_EVERY_MS)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

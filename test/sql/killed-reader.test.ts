import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const READER = fileURLToPath(new URL('./fixtures/killed-reader.ts', import.meta.url));
const COUNT = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'pipectl-sql-'));
const file = join(folder, 'rows.ndjson');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** Lets the reader run until it has delivered more, then kills it as the system would. */
async function runAndKill(reader: ChildProcess, more: number): Promise<boolean> {
  const before = sizeOf(file);
  const ended = once(reader, 'exit');
  while (reader.exitCode === null && sizeOf(file) < before + more)
    await new Promise((resolve) => setTimeout(resolve, 1));
  reader.kill('SIGKILL');
  const [, signal] = await ended;
  return signal === 'SIGKILL';
}

it('a reader that is killed again and again loses no row, and marks those that come twice', async () => {
  let kills = 0;
  for (let run = 0; run < 5; run += 1) {
    const killed = await runAndKill(
      spawn(process.execPath, ['--import', 'tsx', READER, folder, String(COUNT)], { stdio: 'inherit' }),
      500,
    );
    if (killed) kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  const last = spawn(process.execPath, ['--import', 'tsx', READER, folder, String(COUNT)], { stdio: 'inherit' });
  expect(await once(last, 'exit')).toEqual([0, null]);
  const delivered = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { row: (string | number)[]; mayRepeat: boolean });
  const seen = new Map<string, string>();
  for (const { row, mayRepeat } of delivered) {
    const [time, key, ...figures] = row;
    const known = seen.get(`${time} ${key}`);
    if (known !== undefined)
      expect({ figures: figures.join(), mayRepeat }).toEqual({ figures: known, mayRepeat: true });
    seen.set(`${time} ${key}`, figures.join());
  }
  const sum = [...seen.values()]
    .map((figures) => figures.split(',').map(Number))
    .reduce(([n, total], [m = 0, more = 0]) => [(n ?? 0) + m, (total ?? 0) + more], [0, 0]);
  expect(sum).toEqual([COUNT, (COUNT * (COUNT - 1)) / 2]);
}, 120_000);

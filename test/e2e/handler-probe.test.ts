import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from '../commands/run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'pipectl-handler-probe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pipeline = join(import.meta.dirname, '../../pipelines/local-consumer');
const hopsOf = (stdout: string): { name: string; lost: number; reordered: number }[] => JSON.parse(stdout).runs[0].hops;

it('sees every event that a handler processes, in order per key', { timeout: 60_000 }, async () => {
  const { exitCode, stdout } = await runCommand(['e2e', '--demo', 'local-consumer', '--json']);
  expect(hopsOf(stdout)).toMatchObject([
    { name: 'stored', lost: 0 },
    { name: 'handled', arrived: 60, lost: 0, duplicated: 0, reordered: 0 },
  ]);
  expect(exitCode).toBe(0);
});

it('loses the events behind a record that the handler cannot process', { timeout: 60_000 }, async () => {
  const broken = join(folder, 'broken');
  cpSync(pipeline, broken, { recursive: true });
  writeFileSync(
    join(broken, 'functions/ingest.mjs'),
    `export const handler = async ({ Records }) => {
  for (const { kinesis } of Records)
    if (JSON.parse(Buffer.from(kinesis.data, 'base64')).quantity === '7') throw new Error('cannot read 7');
};`,
  );
  const checkFile = join(broken, 'pipectl.yaml');
  writeFileSync(checkFile, readFileSync(checkFile, 'utf8').replace('within: 30s', 'within: 5s'));
  const { exitCode, stdout } = await runCommand(['e2e', broken, '--json']);
  const [stored, handled] = hopsOf(stdout);
  expect(stored?.lost).toBe(0);
  expect(handled?.lost).toBeGreaterThan(0);
  expect(exitCode).toBe(3);
});

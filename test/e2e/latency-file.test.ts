import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Ledger } from '../../src/lib/e2e/ledger.js';
import { openLatencyFile } from '../../src/lib/e2e/reports/latency-file.js';

function ledgerOfThree(): Ledger {
  const ledger = new Ledger([
    { name: 'taken', after: undefined },
    { name: 'stored, late', after: 'taken' },
  ]);
  const see = (hop: number, n: number, at: number): void =>
    ledger.seen(hop, { marker: { kind: 'event', n }, seenAtMs: at, stampedAtMs: at });
  for (const n of [0, 1, 2]) ledger.sent(n, 'k', 1_000_000 + n);
  ledger.unsend(2);
  see(0, 0, 1_000_007);
  see(0, 1, 1_000_011);
  see(1, 1, 1_000_031);
  return ledger;
}

it.each([
  [
    'times.csv',
    'check,run,n,sentAtMs,hop,fromSendingMs\n' +
      'a,r1,0,1000000,taken,7\na,r1,1,1000001,taken,10\na,r1,1,1000001,"stored, late",30\n' +
      'a,r2,0,1000000,taken,7\na,r2,1,1000001,taken,10\na,r2,1,1000001,"stored, late",30\n',
  ],
  [
    'deep/times.NDJSON',
    ['r1', 'r2']
      .map(
        (run) =>
          `{"check":"a","run":"${run}","n":0,"sentAtMs":1000000,"hops":{"taken":7}}\n` +
          `{"check":"a","run":"${run}","n":1,"sentAtMs":1000001,"hops":{"taken":10,"stored, late":30}}\n`,
      )
      .join(''),
  ],
])('%s has each event of each pass, and leaves out what did not arrive', async (name, expected) => {
  const path = join(mkdtempSync(join(tmpdir(), 'pipectl-times-')), name);
  const file = openLatencyFile(path);
  for (const run of ['r1', 'r2']) await file.add('a', run, ledgerOfThree().times());
  expect(await file.close()).toBeUndefined();
  expect(readFileSync(path, 'utf8')).toBe(expected);
});

it('refuses an ending that names no format, and says what could not be written without losing the run', async () => {
  expect(() => openLatencyFile('times.xml')).toThrow('--latencies: "times.xml" is not a valid file name.');
  const folder = mkdtempSync(join(tmpdir(), 'pipectl-times-'));
  const file = openLatencyFile(join(folder, 'nul\0.csv'));
  await file.add('a', 'r1', ledgerOfThree().times());
  expect((await file.close())?.message).toMatch(/^Cannot write .*nul/);
});

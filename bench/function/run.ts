// Invocations through the API, and the whole chain beside MiniStack in one run: `npx tsx bench/function/run.ts [--short] [--only pipectl]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, createApiClient } from './api-client.js';
import { peers } from './peers.js';
import { type ChainResult, createChain, createFunction, runChain } from './pipeline.js';
import { serverCpuMs } from './server-cpu.js';

interface Result {
  coldMs: number;
  warmMs: number;
  warmP99Ms: number;
  /** Of each of ten callers at once, and of all ten together. */
  tenEachMs: number;
  tenMs: number;
  chain: ChainResult;
  /** CPU of the endpoint and its functions for one invocation of the chain; undefined where the system does not tell. */
  chainCpuMs: number | undefined;
}

const short = process.argv.includes('--short');
const only = process.argv[process.argv.indexOf('--only') + 1];
const COLD = short ? 5 : 15;
const FAST = { warm: short ? 1_000 : 5_000, chain: short ? 2_000 : 6_000 };
const SLOW = { warm: 500, chain: 1_000 };
const PARALLEL = 8;

const results = new Map<string, Result>();
for (const peer of peers) {
  if (process.argv.includes('--only') && peer.name !== only) continue;
  process.stderr.write(`${peer.name} … `);
  const folder = mkdtempSync(join(tmpdir(), 'bench-function-'));
  const running = await peer.start();
  const client = createApiClient(running.port);
  try {
    results.set(peer.name, await measure(client, join(folder, 'arrived'), peer.slow ? SLOW : FAST));
  } finally {
    client.close();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.stderr.write('done\n');
}
report();

async function measure(
  client: ApiClient,
  arrived: string,
  { warm: warmInvocations, chain: invocations }: typeof FAST,
): Promise<Result> {
  const cold: number[] = [];
  for (let i = 0; i < COLD; i++) {
    const name = `cold-${i}`;
    await createFunction(client, name, `exports.handler = async () => ${i}`);
    cold.push(await time(() => client.invoke(name, '{}')));
  }
  await createFunction(client, 'warm', 'exports.handler = async (event) => event');
  for (let i = 0; i < 200; i++) await client.invoke('warm', '{"warm":"up"}');
  const warm: number[] = [];
  for (let i = 0; i < warmInvocations; i++) warm.push(await time(() => client.invoke('warm', '{"a":1}')));
  const each: number[] = [];
  const invokeTen = () =>
    Promise.all(Array.from({ length: 10 }, async () => each.push(await time(() => client.invoke('warm', '{}')))));
  // As warm as the one process above: each of the ten takes a tenth of these.
  for (let i = 0; i < Math.min(200, warmInvocations / 10); i++) await invokeTen();
  each.length = 0;
  const ten: number[] = [];
  for (let i = 0; i < warmInvocations / 10; i++) ten.push(await time(invokeTen));
  await createChain(client, arrived);
  await runChain(client, arrived, Math.ceil(invocations / 4), PARALLEL);
  const before = serverCpuMs();
  const chain = await runChain(client, arrived, invocations, PARALLEL);
  const after = serverCpuMs();
  return {
    coldMs: quantile(cold, 0.5),
    warmMs: quantile(warm, 0.5),
    warmP99Ms: quantile(warm, 0.99),
    tenEachMs: quantile(each, 0.5),
    tenMs: quantile(ten, 0.5),
    chain,
    chainCpuMs: before === undefined || after === undefined ? undefined : (after - before) / invocations,
  };
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function report(): void {
  const ours = results.get('pipectl');
  const rows = [
    [
      '',
      'cold p50',
      'warm p50',
      'warm p99',
      'each of 10 p50',
      'all 10 p50',
      'chain, 8 parallel',
      'CPU each',
      'lost',
      'doubled',
    ],
  ];
  for (const [name, { coldMs, warmMs, warmP99Ms, tenEachMs, tenMs, chain, chainCpuMs }] of results) {
    const times = ours && name !== 'pipectl' ? ` (${(ours.chain.perSecond / chain.perSecond).toFixed(1)}x)` : '';
    rows.push([
      name,
      `${coldMs.toFixed(0)} ms`,
      `${warmMs.toFixed(2)} ms`,
      `${warmP99Ms.toFixed(2)} ms`,
      `${tenEachMs.toFixed(2)} ms`,
      `${tenMs.toFixed(2)} ms`,
      `${Math.round(chain.perSecond)}/s${times}`,
      chainCpuMs === undefined ? 'unknown' : `${chainCpuMs.toFixed(2)} ms`,
      String(chain.lost),
      String(chain.doubled),
    ]);
  }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(
    'invocations through the API; chain: function -> logs -> filter -> Kinesis -> mapping -> function, 10 events each\n',
  );
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

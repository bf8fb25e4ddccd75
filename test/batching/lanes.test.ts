import { expect, it } from 'vitest';
import type { Delivery } from '../../src/lib/batching/batch.js';
import { Lanes } from '../../src/lib/batching/lanes.js';
import { batchingBench, failed, record } from './batching-bench.js';

function lanesOf(settings: Parameters<typeof batchingBench>[0] = {}) {
  const bench = batchingBench(settings);
  return Object.assign(bench, { lanes: new Lanes(bench.host) });
}

const keyed = (n: number, partitionKey: string) => record(n, { partitionKey });

it('keeps records of one key in order while those of others go side by side', async () => {
  const bench = lanesOf({ batchSize: 1, parallelization: 2 });
  const held: ((delivery: Delivery) => void)[] = [];
  const hold = (): Promise<Delivery> => new Promise((resolve) => held.push(resolve));
  bench.answers.push(hold, hold);
  for (const [n, key] of ['a', 'b', 'a', 'b'].entries()) bench.lanes.push(keyed(n, key));
  bench.lanes.work();
  await bench.settle();
  expect(bench.batches).toEqual(['0', '1']);
  held[1]?.({ kind: 'ok' });
  await bench.settle();
  expect(bench.batches).toEqual(['0', '1', '3']);
  held[0]?.({ kind: 'ok' });
  await bench.settle();
  expect(bench.batches).toEqual(['0', '1', '3', '2']);
  expect(bench.lanes.done).toBe(true);
});

it('keeps a failing batch whole when the number of lanes changes, and deals the rest out anew behind it', async () => {
  const bench = lanesOf({ batchSize: 2 });
  bench.answers.push(failed());
  for (const [n, key] of ['a', 'b', 'a', 'b'].entries()) bench.lanes.push(keyed(n, key));
  bench.lanes.work();
  await bench.settle();
  expect(bench.batches).toEqual(['0 1']);
  bench.paused = true;
  await bench.pass(100); // the lane rests with its failed batch
  bench.settings = { ...bench.settings, parallelization: 2 };
  bench.paused = false;
  bench.lanes.work();
  await bench.settle();
  expect(bench.batches).toEqual(['0 1', '0 1', '2 3']);
  // Now that nothing waits, there are two.
  bench.answers.push(() => new Promise(() => {}));
  for (const [n, key] of ['a', 'b'].entries()) bench.lanes.push(keyed(n + 4, key));
  bench.lanes.work();
  await bench.settle();
  expect(bench.batches.slice(3)).toEqual(['4', '5']);
});

it('changes the number of lanes only when nothing is with the function, so that a key stays in order', async () => {
  const bench = lanesOf({ batchSize: 1 });
  let finish = (_: Delivery): void => {};
  bench.answers.push(() => new Promise((resolve) => (finish = resolve)));
  bench.lanes.push(keyed(0, 'a'));
  bench.lanes.work();
  bench.settings = { ...bench.settings, parallelization: 4 };
  bench.lanes.push(keyed(1, 'a'));
  bench.lanes.work();
  await bench.settle();
  expect(bench.batches).toEqual(['0']);
  finish({ kind: 'ok' });
  await bench.settle();
  expect(bench.batches).toEqual(['0', '1']);
});

it('deals records out anew that wait for their window, in the order of their keys', async () => {
  const bench = lanesOf({ batchSize: 10, windowSeconds: 5, parallelization: 2 });
  for (const [n, key] of ['a', 'b', 'a', 'b'].entries()) bench.lanes.push(keyed(n, key));
  bench.lanes.work();
  await bench.settle();
  bench.settings = { ...bench.settings, parallelization: 1 };
  bench.lanes.work();
  await bench.pass(5000);
  expect(bench.batches.map((batch) => batch.split(' ').sort().join(' '))).toEqual(['0 1 2 3']);
});

it('has room for two batches ahead in each lane', () => {
  const { lanes } = lanesOf({ batchSize: 2, parallelization: 2, windowSeconds: 5 });
  for (let n = 0; n < 8; n++) lanes.push(record(n));
  expect(lanes.hasRoom).toBe(true);
  lanes.push(record(8));
  expect(lanes.hasRoom).toBe(false);
});

it('ends with what is left, also in lanes that are made after the end', async () => {
  const bench = lanesOf({ batchSize: 10, windowSeconds: 300 });
  bench.paused = true;
  bench.lanes.push(record(1));
  bench.lanes.end();
  expect(bench.lanes.done).toBe(false);
  bench.settings = { ...bench.settings, parallelization: 3 };
  bench.paused = false;
  bench.lanes.work();
  await bench.settle();
  expect(bench.batches).toEqual(['1']);
  expect(bench.lanes.done).toBe(true);
});

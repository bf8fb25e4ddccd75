// A shard that answers as the test says, on a clock that the test moves.
import { expect, it } from 'vitest';
import type { BatchRecord } from '../../../../../src/lib/batching/batch.js';
import type { ReadFrom, ShardSource } from '../../../../../src/lib/local/ports.js';
import { ShardPoller, type StartingPoint } from '../../../../../src/lib/local/services/lambda/mappings/shard-poller.js';
import { AwsError } from '../../../../../src/lib/local/wire/aws-error.js';
import { batchingBench, record } from '../../../../batching/batching-bench.js';

type Page = { records: BatchRecord[]; next: string | undefined } | AwsError;

const page = (...numbers: number[]): Page => ({ records: numbers.map((n) => record(n)), next: 'next' });
const expired = () => new AwsError('ExpiredIteratorException', 'Iterator expired.');

function pollerOf(start: StartingPoint = { type: 'TRIM_HORIZON' }) {
  const bench = batchingBench();
  const positions: ReadFrom[] = [];
  const pages: Page[] = [];
  const iterators: AwsError[] = [];
  let reads = 0;
  let news = (): void => {};
  const source: Pick<ShardSource, 'iterator' | 'records'> = {
    async iterator(_, from) {
      positions.push(from);
      const error = iterators.shift();
      if (error) throw error;
      return `iterator-${positions.length}`;
    },
    async records() {
      reads += 1;
      const answer = pages.shift() ?? { records: [], next: 'next' };
      if (answer instanceof AwsError) throw answer;
      return answer;
    },
  };
  const poller = new ShardPoller('shardId-000000000000', start, {
    ...bench.host,
    source: source as ShardSource,
    accepts: ({ sequenceNumber }) => sequenceNumber !== '13',
    onNews(run) {
      news = run;
      return () => {};
    },
  });
  return Object.assign(bench, { poller, positions, pages, iterators, reads: () => reads, ring: () => news() });
}

it('reads when the stream has news, and not before', async () => {
  const bench = pollerOf();
  await bench.poller.open();
  void bench.poller.run();
  await bench.settle();
  const reads = bench.reads();
  await bench.pass(59_000);
  expect(bench.reads()).toBe(reads);
  bench.pages.push(page(1, 13, 2));
  bench.ring();
  await bench.settle();
  expect(bench.batches).toEqual(['1 2']);
  expect(bench.poller.idle).toBe(true);
  bench.stop.abort();
});

it('renews an expired iterator behind the last record: nothing is delivered twice, nothing skipped', async () => {
  const bench = pollerOf();
  bench.pages.push(page(1, 2), expired(), page(3, 13), expired(), page(4));
  await bench.poller.open();
  void bench.poller.run();
  await bench.settle();
  expect(bench.batches).toEqual(['1 2', '3', '4']);
  expect(bench.positions).toEqual([
    { type: 'TRIM_HORIZON' },
    { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '2' },
    { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '13' },
  ]);
  bench.stop.abort();
});

it('renews an iterator at LATEST that expired before the first record from the moment it was taken', async () => {
  const bench = pollerOf({ type: 'LATEST' });
  await bench.poller.open();
  bench.clock.advance(5000);
  bench.pages.push(expired(), page(1));
  void bench.poller.run();
  await bench.settle();
  expect(bench.positions).toEqual([{ type: 'LATEST' }, { type: 'AT_TIMESTAMP', timestampMs: 1_000_000 }]);
  expect(bench.batches).toEqual(['1']);
  bench.stop.abort();
});

it('never gives up on failures, however many', async () => {
  const bench = pollerOf();
  const throttled = new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded.');
  bench.pages.push(
    page(1),
    ...Array.from({ length: 9 }, expired),
    ...Array.from({ length: 30 }, () => throttled),
    page(2),
  );
  await bench.poller.open();
  void bench.poller.run();
  for (let pause = 0; pause < 45; pause++) await bench.pass(200);
  expect(bench.batches).toEqual(['1', '2']);
  bench.stop.abort();
});

it.each([
  ['its stream is gone', (): Page[] => [new AwsError('ResourceNotFoundException', 'No stream.')], []],
  [
    'another stream has its name by now',
    (): Page[] => [page(1), new AwsError('InvalidArgumentException', 'Invalid ShardIterator.')],
    [new AwsError('InvalidArgumentException', 'Invalid StartingSequenceNumber.')],
  ],
])('says so where %s', async (_, pages, errors) => {
  const bench = pollerOf();
  await bench.poller.open();
  bench.pages.push(...pages());
  bench.iterators.push(...errors);
  expect(await bench.poller.run()).toBe('gone');
});

it('ends when everything of a closed shard is delivered', async () => {
  const bench = pollerOf();
  const held: (() => void)[] = [];
  bench.answers.push(() => new Promise((resolve) => held.push(() => resolve({ kind: 'ok' }))));
  bench.pages.push({ records: [record(1)], next: undefined });
  await bench.poller.open();
  let end: string | undefined;
  void bench.poller.run().then((how) => (end = how));
  await bench.settle();
  expect([bench.batches, end]).toEqual([['1'], undefined]);
  held[0]?.();
  await bench.settle();
  expect(end).toBe('finished');
});

it('waits with the next reading while it is paused, and while its lanes are full', async () => {
  const bench = pollerOf();
  bench.settings = { ...bench.settings, batchSize: 1 };
  bench.paused = true;
  await bench.poller.open();
  void bench.poller.run();
  await bench.settle();
  expect(bench.reads()).toBe(0);
  bench.paused = false;
  let finish = (): void => {};
  bench.answers.push(() => new Promise((resolve) => (finish = () => resolve({ kind: 'ok' }))));
  bench.pages.push(page(1, 2, 3, 4), page(5));
  bench.ring();
  await bench.settle();
  expect(bench.reads()).toBe(1);
  finish();
  await bench.settle();
  expect(bench.batches).toEqual(['1', '2', '3', '4', '5']);
  bench.stop.abort();
});

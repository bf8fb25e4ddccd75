import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../src/lib/decode/decode-record.js';
import { type BatchFiller, OrderedFiller, PlainFiller } from '../../src/lib/produce/batch-filler.js';
import { FreshRecords } from '../../src/lib/produce/fresh-records.js';
import { KplAggregateWriter } from '../../src/lib/produce/kpl-aggregate-writer.js';
import { type KeyedShard, PacedShards } from '../../src/lib/produce/paced-shards.js';
import { type HeldEntry, PutBatch } from '../../src/lib/produce/put-batch.js';
import type { RecordSource } from '../../src/lib/produce/record-source.js';
import { PACE_SLOT_MS, ShardPace } from '../../src/lib/produce/shard-pace.js';
import { evenHashKeyRanges } from '../../src/lib/stream/hash-key.js';
import { shardIdOf } from '../../src/lib/stream/sequence-number.js';

/** Records of these sizes, all with the key `k`. */
function sized(sizes: readonly number[]): RecordSource {
  let n = 0;
  return {
    next(draft) {
      const size = sizes[n];
      if (size === undefined) return 'end';
      Object.assign(draft, { n: n++, bytes: Buffer.alloc(size, 'x'), start: 0, end: size, partitionKey: 'k' });
      return 'ready';
    },
    refill: async () => {},
    close: async () => {},
  };
}
const UNPACED = { pacer: undefined, unit: 'records', durationMs: undefined, count: undefined } as const;

describe.each(['plain', 'ordered'])('a %s filler', (name) => {
  it('takes a record of exactly the limit, key and data, and no byte more', () => {
    const oversized: [number, number][] = [];
    const options = {
      fresh: new FreshRecords(sized([999, 1000, 1]), UNPACED),
      recordLimitBytes: 1000,
      onOversized: (n: number, bytes: number) => void oversized.push([n, bytes]),
    };
    const filler: BatchFiller =
      name === 'plain' ? new PlainFiller(options) : new OrderedFiller({ ...options, stream: 's' });
    const batch = new PutBatch('s');
    expect(filler.fill(batch, 0)).toBe('end');
    const held = filler.settled('k', 0);
    expect(oversized).toEqual([[1, 1001]]);
    expect([...batch.numbers, ...(held ? [held.n] : [])]).toEqual([0, 2]);
    expect(batch.sizes[0]).toBe(1000);
  });

  it('fills a call to exactly 10 MiB', () => {
    const mib = 1024 * 1024;
    const filler = new PlainFiller({
      fresh: new FreshRecords(sized(Array.from({ length: 11 }, () => mib - 1)), UNPACED),
      recordLimitBytes: mib,
      onOversized: () => {},
    });
    const batch = new PutBatch('s');
    expect(filler.fill(batch, 0)).toBe('ready');
    expect([batch.count, batch.payloadBytes]).toEqual([10, 10 * mib]);
  });
});

describe('an aggregate', () => {
  // A varint of two bytes ends at 16,383, one of three at 2,097,151.
  it.each([127, 128, 16_379, 16_380, 16_383, 16_384, 16_385, 2_097_151, 2_097_152])(
    'holds a record of %i bytes',
    (size) => {
      const writer = new KplAggregateWriter(5_000_000, true);
      const data = Buffer.alloc(size, 'ab');
      writer.add(data, 0, size, 'k', 1, 0, 0);
      writer.add(Buffer.from('next'), 0, 4, 'l', 1, 1, 0);
      const { items } = decodeRecord(writer.finish());
      expect(items.map(({ partitionKey, text }) => [partitionKey, text])).toEqual([
        ['k', data.toString()],
        ['l', 'next'],
      ]);
    },
  );

  it('finds its keys beyond 128 and 16,384 of them', () => {
    const writer = new KplAggregateWriter(2_000_000, true);
    const count = 16_400;
    for (let n = 0; n < count; n++) {
      const key = `k${n}`;
      writer.add(Buffer.from(String(n)), 0, String(n).length, key, key.length, n, 0);
    }
    const { items } = decodeRecord(writer.finish());
    expect(items).toHaveLength(count);
    for (const n of [0, 127, 128, 16_383, 16_384, count - 1])
      expect(items[n]).toMatchObject({ partitionKey: `k${n}`, text: String(n) });
  });
});

describe('the pace of a shard', () => {
  it('is a little below what AWS documents at first, by records and by bytes', () => {
    const pace = new ShardPace(0);
    let now = PACE_SLOT_MS;
    for (let n = 0; n < 950; n++) {
      now = Math.max(now, pace.readyAtMs);
      pace.spend(1, now);
    }
    expect(pace.readyAtMs).toBeGreaterThan(950);
    expect(pace.readyAtMs).toBeLessThan(1060);
    const byBytes = new ShardPace(0);
    byBytes.spend(9 * 1024 * 1024, PACE_SLOT_MS);
    expect(byBytes.readyAtMs).toBeGreaterThan(9000);
    expect(byBytes.readyAtMs).toBeLessThan(9600);
  });

  it('begins with the debt of what was taken before', () => {
    expect(new ShardPace(100, 5 * 1024 * 1024).readyAtMs).toBe(4000);
    expect(new ShardPace(100, 1024).readyAtMs).toBe(150);
  });

  it('keeps its debt where what was under way before comes back', () => {
    const pace = new ShardPace(100, 5 * 1024 * 1024);
    pace.refused({ records: 1, bytes: 3 * 1024 * 1024 }, 1, 90, 110);
    expect(pace.readyAtMs).toBe(4000);
  });

  it('is cut once for all that was under way, and again only after something was taken', () => {
    const pace = new ShardPace(0);
    const refused = { records: 10, bytes: 100 };
    pace.refused(refused, 100, 10, 20);
    expect(pace.share).toBeCloseTo(0.95 * 0.9);
    pace.refused(refused, 100, 15, 25); // went out before the cut
    expect(pace.share).toBeCloseTo(0.95 * 0.9);
    pace.refused({ records: 100, bytes: 1000 }, 100, 30, 40); // nothing was taken: there is nothing to learn
    const before = pace.share;
    pace.accepted();
    pace.refused({ records: 100, bytes: 1000 }, 100, 50, 60);
    expect(pace.share).toBeCloseTo(before * 0.7);
  });

  it('waits longer each time that nothing is taken, a second at most', () => {
    const pace = new ShardPace(0);
    const waits: number[] = [];
    let now = 100;
    for (let time = 0; time < 8; time++) {
      pace.spend(1, now);
      pace.refused({ records: 1, bytes: 1 }, 1, now, now + 5);
      waits.push(Math.round(pace.readyAtMs - now - 5));
      now = pace.readyAtMs;
    }
    expect(waits).toEqual([50, 100, 200, 400, 800, 1000, 1000, 1000]);
  });

  it('of one of four workers is a quarter', () => expect(new ShardPace(0, 0, 0.25).share).toBeCloseTo(0.2375));
});

describe('records that wait for their shards', () => {
  const shardsOf = (count: number, first = 0): KeyedShard[] =>
    evenHashKeyRanges(count).map(({ start, end }, index) => ({
      shardId: shardIdOf(first + index),
      startHashKey: String(start),
      endHashKey: String(end),
    }));
  const entry = (n: number, key = `k${n}`): HeldEntry => ({
    json: Buffer.from('{}'),
    n,
    partitionKey: key,
    bytes: 10,
    attempts: 0,
    due: 0,
  });
  const paced = (shards: KeyedShard[] | undefined): PacedShards =>
    new PacedShards({ shards, openShards: 1, part: 1, takenBytes: () => 0 });

  it('go out with what was refused first, in order', () => {
    const waiting = paced(shardsOf(1));
    for (const n of [5, 6]) waiting.add(entry(n));
    for (const n of [4, 2, 3]) waiting.addRefused({ ...entry(n), attempts: 1 });
    const batch = new PutBatch('s');
    expect(waiting.fill(batch, 0)).toBe(3);
    expect(batch.numbers).toEqual([2, 3, 4, 5, 6]);
    expect([waiting.size, waiting.bytes]).toEqual([0, 0]);
  });

  it('go to the children of a shard that has split, none lost', () => {
    const waiting = paced(shardsOf(1));
    for (let n = 0; n < 100; n++) waiting.add(entry(n));
    waiting.addRefused({ ...entry(100), attempts: 1 });
    waiting.useShards(shardsOf(2, 1));
    expect(waiting.size).toBe(101);
    expect(new Set(['a', 'b', 'c', 'd', 'e'].map((key) => waiting.shardOf(key, 0)))).toEqual(
      new Set([shardIdOf(1), shardIdOf(2)]),
    );
    const batch = new PutBatch('s');
    waiting.fill(batch, 0);
    expect([...batch.numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 101 }, (_, n) => n));
  });

  it('have one pace where the list of shards has a gap, or nobody may read it', () => {
    for (const shards of [shardsOf(4).slice(1), undefined]) expect(paced(shards).shardOf('k', 0)).toBe('');
  });

  it('are bounded by number and by bytes', () => {
    const waiting = paced(shardsOf(1));
    for (let n = 0; n < 3999; n++) waiting.add(entry(n));
    expect(waiting.isFull).toBe(false);
    waiting.add(entry(3999));
    expect(waiting.isFull).toBe(true);
    const large = paced(shardsOf(1));
    for (let n = 0; n < 7; n++) large.add({ ...entry(n), bytes: 10 * 1024 * 1024 });
    expect(large.isFull).toBe(true);
    expect(large.drain()).toHaveLength(7);
    expect([large.size, large.bytes, large.isFull]).toEqual([0, 0, false]);
  });
});

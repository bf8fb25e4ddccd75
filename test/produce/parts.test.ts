import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../src/lib/decode/decode-record.js';
import { OrderedFiller } from '../../src/lib/produce/batch-filler.js';
import { type LineSourceOptions, lineSource } from '../../src/lib/produce/data/line-source.js';
import { FreshRecords } from '../../src/lib/produce/fresh-records.js';
import { KplAggregateWriter } from '../../src/lib/produce/kpl-aggregate-writer.js';
import { md5Head } from '../../src/lib/produce/md5-head.js';
import { dataOf, type HeldEntry, PutBatch } from '../../src/lib/produce/put-batch.js';
import { emptyDraft, type RecordSource, type RejectedInput } from '../../src/lib/produce/record-source.js';
import { RetryQueue } from '../../src/lib/produce/retry-queue.js';
import { ShardOfKey } from '../../src/lib/produce/shard-of-key.js';
import { LatencyHistogram } from '../../src/lib/shared/latency-histogram.js';
import { evenHashKeyRanges, hashHexOf, hashKeyOf } from '../../src/lib/stream/hash-key.js';

const folder = mkdtempSync(join(tmpdir(), 'pipectl-lines-'));
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the body of PutRecords', () => {
  it('is JSON, with what was added', () => {
    const batch = new PutBatch('orders');
    const keys = ['plain', 'with "quotes"', 'Zürich', '\u0000', 'back\\slash'];
    keys.forEach((key, index) => {
      const data = Buffer.from([index, 255, 0]);
      batch.add(data, 0, 3, key, Buffer.byteLength(key), index, index);
    });
    expect(JSON.parse(batch.finish().toString('utf8'))).toEqual({
      StreamName: 'orders',
      Records: keys.map((PartitionKey, index) => ({
        Data: Buffer.from([index, 255, 0]).toString('base64'),
        PartitionKey,
      })),
    });
  });

  it('grows, holds entries beyond its own life, and takes them back', () => {
    const batch = new PutBatch('arn:aws:kinesis:us-east-1:000000000000:stream/orders');
    const big = Buffer.alloc(900_000, 'x');
    for (let index = 0; index < 5; index++) batch.add(big, 0, big.length, `k${index}`, 2, index, index * 10);
    const held = batch.hold(3);
    batch.clear();
    expect(batch.count).toBe(0);
    batch.addHeld(held);
    const body = JSON.parse(batch.finish().toString()) as { StreamARN: string; Records: { PartitionKey: string }[] };
    expect(body.StreamARN).toContain(':stream/orders');
    expect(body.Records.map(({ PartitionKey }) => PartitionKey)).toEqual(['k3']);
    expect(held).toMatchObject({ n: 3, partitionKey: 'k3', bytes: 900_002, attempts: 1, due: 30 });
    expect(batch.attempts).toEqual([2]);
    expect(dataOf(held).equals(big)).toBe(true);
  });

  it('keeps to 500 records and 10 MiB', () => {
    const batch = new PutBatch('orders');
    for (let index = 0; index < 500; index++) {
      expect(batch.fits(10)).toBe(true);
      batch.add(Buffer.from('x'), 0, 1, 'k', 1, index, 0);
    }
    expect(batch.fits(1)).toBe(false);
    batch.clear();
    const mib = Buffer.alloc(1024 * 1024 - 1);
    for (let index = 0; index < 10; index++) batch.add(mib, 0, mib.length, 'k', 1, index, 0);
    expect(batch.fits(1)).toBe(false);
  });
});

describe('the lines of a file', () => {
  async function read(text: string | Buffer, options: Partial<LineSourceOptions> = {}) {
    const path = join(folder, `${Math.random()}.ndjson`);
    writeFileSync(path, text);
    const rejected: RejectedInput[] = [];
    let blank = 0;
    const source = lineSource({
      path,
      json: true,
      timeField: undefined,
      speed: 1,
      keys: { kind: 'random' },
      seed: 1,
      sizeBytes: undefined,
      worker: 0,
      workers: 1,
      onRejected: (input) => rejected.push(input),
      onBlank: () => {
        blank += 1;
      },
      ...options,
    });
    const draft = emptyDraft();
    const lines: string[] = [];
    const due: (number | undefined)[] = [];
    for (;;) {
      const state = source.next(draft, 0);
      if (state === 'end') break;
      if (state === 'wait') await source.refill();
      else {
        lines.push(draft.bytes.toString('utf8', draft.start, draft.end));
        due.push(draft.dueMs);
      }
    }
    await source.close();
    return { lines, due, rejected, blank };
  }

  it('come one by one, with or without a line feed at the end, CRLF left out and blank lines counted', async () => {
    const { lines, blank, rejected } = await read('{"a":1}\n\n{"a":2}\r\n \t \n\r\n{"a":3}');
    expect({ lines, blank, rejected }).toEqual({ lines: ['{"a":1}', '{"a":2}', '{"a":3}'], blank: 3, rejected: [] });
    expect((await read('')).lines).toEqual([]);
    expect((await read('\n')).lines).toEqual([]);
  });

  it('come whole over the borders of chunks', async () => {
    const all = Array.from({ length: 30_000 }, (_, n) => JSON.stringify({ n, pad: 'ü'.repeat(n % 97) }));
    expect((await read(`${all.join('\n')}\n`)).lines).toEqual(all);
  });

  it('are reported with their number where they are not JSON, and the rest goes on', async () => {
    const { lines, rejected } = await read('{"a":1}\nnot json\n{"a":3}\n{"a":\n{"a":5}\n');
    expect(lines).toEqual(['{"a":1}', '{"a":3}', '{"a":5}']);
    expect(rejected).toEqual([
      { line: 2, reason: 'not JSON', data: base64('not json') },
      { line: 4, reason: 'not JSON', data: base64('{"a":') },
    ]);
  });

  it('are reported where they are not UTF-8', async () => {
    const { rejected } = await read(
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
    );
    expect(rejected).toMatchObject([{ line: 1, reason: 'not UTF-8' }]);
  });

  it('may begin with a byte order mark, which is not part of the JSON', async () => {
    expect(await read('\ufeff{"a":1}\n{"a":2}\n')).toMatchObject({ lines: ['{"a":1}', '{"a":2}'], rejected: [] });
  });

  it('of text are padded without touching a byte of theirs', async () => {
    const path = join(folder, 'bytes');
    const bytes = Buffer.from([0xff, 0x00, 0x80, 0x7d]); // no UTF-8, and a brace that ends no object
    writeFileSync(path, bytes);
    const source = lineSource({
      path,
      json: false,
      timeField: undefined,
      speed: 1,
      keys: { kind: 'random' },
      seed: 1,
      sizeBytes: 40,
      worker: 0,
      workers: 1,
      onRejected: () => {},
      onBlank: () => {},
    });
    const draft = emptyDraft();
    while (source.next(draft, 0) === 'wait') await source.refill();
    await source.close();
    expect(draft.bytes.subarray(draft.start, draft.end)).toEqual(Buffer.concat([bytes, Buffer.alloc(36, ' ')]));
  });

  it('compressed with gzip come as those within, members one after the other', async () => {
    const all = Array.from({ length: 40_000 }, (_, n) => JSON.stringify({ n, pad: 'ü'.repeat(n % 97) }));
    const halves = [all.slice(0, 20_000), all.slice(20_000)].map((lines) => gzipSync(`${lines.join('\n')}\n`));
    expect((await read(Buffer.concat(halves), { gzip: true })).lines).toEqual(all);
    await expect(read(gzipSync('{"a":1}\n').subarray(0, 20), { gzip: true })).rejects.toThrow(
      /cannot read .*unexpected end of file/,
    );
  });

  it('may be plain text', async () => {
    expect((await read('hello\nworld\n', { json: false })).lines).toEqual(['hello', 'world']);
  });

  it('are reported once, and not kept, where they never end', async () => {
    const { lines, rejected } = await read(
      Buffer.concat([Buffer.alloc(40 * 1024 * 1024, 'x'), Buffer.from('\n{"a":2}\n')]),
    );
    expect(lines).toEqual(['{"a":2}']);
    expect(rejected).toMatchObject([{ line: 1, reason: expect.stringContaining('longer than') }]);
  });

  it('that never end are told of once, whichever worker reads them', async () => {
    const text = Buffer.concat([Buffer.from('{"a":1}\n'), Buffer.alloc(40 * 1024 * 1024, 'x'), Buffer.from('\n')]);
    const parts = await Promise.all([0, 1].map((worker) => read(text, { worker, workers: 2 })));
    expect(parts.map(({ rejected }) => rejected.length)).toEqual([0, 1]);
  });

  it('follow the times they tell, scaled, and never go back', async () => {
    const at = (seconds: number): string =>
      JSON.stringify({ at: new Date(1_700_000_000_000 + seconds * 1000).toISOString() });
    const { due, rejected } = await read([at(0), at(10), at(5), at(30), '{"no":"time"}'].join('\n'), {
      timeField: ['at'],
      speed: 10,
    });
    expect(due).toEqual([0, 1000, 1000, 3000]);
    expect(rejected).toMatchObject([{ line: 5, reason: 'no at to take the time from' }]);
  });

  it('are shared out to workers, each line to one', async () => {
    const all = Array.from({ length: 100 }, (_, n) => `{"n":${n}}`);
    const parts = await Promise.all([0, 1, 2].map((worker) => read(all.join('\n'), { worker, workers: 3 })));
    expect(parts.flatMap(({ lines }) => lines).sort()).toEqual([...all].sort());
  });
});

describe('KPL aggregates', () => {
  it('come back as they were put in', () => {
    const writer = new KplAggregateWriter(100_000, true);
    const users = Array.from({ length: 300 }, (_, n) => ({
      key: `schlüssel-${n % 200}`,
      text: JSON.stringify({ n, pad: 'x'.repeat(n) }),
    }));
    for (const [n, { key, text }] of users.entries()) {
      const data = Buffer.from(`..${text}..`);
      expect(writer.fits(data.length - 4, Buffer.byteLength(key))).toBe(true);
      writer.add(data, 2, data.length - 2, key, Buffer.byteLength(key), n, n);
    }
    const { items } = decodeRecord(writer.finish());
    expect(items.map(({ partitionKey, text }) => ({ key: partitionKey, text }))).toEqual(users);
    writer.clear();
    expect(writer.count).toBe(0);
  });

  it('keep to their size', () => {
    const writer = new KplAggregateWriter(1000, true);
    const data = Buffer.alloc(100, 'x');
    while (writer.fits(data.length, 3))
      writer.add(data, 0, data.length, String(writer.count).padStart(3, '0'), 3, 0, 0);
    expect(writer.finish().length).toBeLessThanOrEqual(1000);
    expect(writer.count).toBe(8);
  });
});

describe('the shard of a key', () => {
  it('has the head of the real MD5', () => {
    for (const key of ['', 'a', 'key-17', 'x'.repeat(55), ...Array.from({ length: 2000 }, (_, n) => `k${n * 7919}`)])
      expect(md5Head(key)).toBe(Number.parseInt(hashHexOf(key).slice(0, 4), 16));
    expect(md5Head('x'.repeat(56))).toBeUndefined();
    expect(md5Head('ü')).toBeUndefined();
  });

  it.each([1, 2, 3, 7, 100, 1000])('is the one whose range holds its hash, of %i', (count) => {
    const ranges = evenHashKeyRanges(count);
    const shards = new ShardOfKey(ranges.map((range, index) => [range, index]));
    for (let n = 0; n < 3000; n++) {
      const key = n % 50 === 0 ? `schlüssel-${n}` : `key-${n}`;
      const hash = hashKeyOf(key);
      const range = ranges[shards.find(key) ?? -1];
      expect(range && hash >= range.start && hash <= range.end).toBe(true);
    }
  });
});

describe('records that wait for one before them', () => {
  it('are bounded by bytes too', () => {
    const data = Buffer.alloc(1024 * 1024 - 1, 'x');
    const source: RecordSource = {
      next(draft) {
        Object.assign(draft, { bytes: data, start: 0, end: data.length, partitionKey: 'k' });
        return 'ready';
      },
      refill: async () => {},
      close: async () => {},
    };
    const schedule = { pacer: undefined, unit: 'records', durationMs: undefined, count: undefined } as const;
    const filler = new OrderedFiller({
      fresh: new FreshRecords(source, schedule),
      recordLimitBytes: 1024 * 1024,
      onOversized: () => {},
      stream: 'orders',
    });
    const batch = new PutBatch('orders');
    filler.fill(batch, 0);
    expect(batch.count).toBe(1);
    expect(filler.parked).toBe(64);
    expect(filler.settled('k')?.bytes).toBe(1024 * 1024);
    expect(filler.parkedBytes).toBe(63 * 1024 * 1024);
  });
});

describe('the retry queue', () => {
  const entry = (n: number, attempts = 1): HeldEntry => ({
    json: Buffer.alloc(0),
    n,
    partitionKey: 'k',
    bytes: 10,
    attempts,
    due: 0,
  });

  it('gives the soonest first', () => {
    const queue = new RetryQueue();
    const times = Array.from({ length: 500 }, (_, n) => (n * 7919) % 501);
    for (const time of times) queue.add(entry(time), time);
    expect(queue.bytes).toBe(5000);
    const order: number[] = [];
    for (let next = queue.take(); next; next = queue.take()) order.push(next.n);
    expect(order).toEqual([...times].sort((a, b) => a - b));
    expect(queue.bytes).toBe(0);
  });

  it('waits anywhere up to a bound that doubles, and at most 5 s', () => {
    for (const [attempts, most] of [
      [1, 100],
      [2, 200],
      [4, 800],
      [30, 5000],
    ] as const) {
      const queue = new RetryQueue(() => 1);
      queue.addAfterFailure(entry(1, attempts), 1000);
      expect(queue.nextAtMs).toBe(1000 + most);
      const eager = new RetryQueue(() => 0);
      eager.addAfterFailure(entry(1, attempts), 1000);
      expect(eager.nextAtMs).toBe(1000);
    }
  });
});

describe('latencies', () => {
  it('are within 1 % at every quantile', () => {
    const histogram = new LatencyHistogram();
    const values = Array.from({ length: 10_000 }, (_, n) => 0.001 * 1.002 ** n);
    for (const value of values) histogram.record(value);
    for (const share of [0.01, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = values[Math.ceil(share * values.length) - 1] ?? 0;
      expect(Math.abs(histogram.quantile(share) - exact)).toBeLessThanOrEqual(exact * 0.01 + 0.001);
    }
  });

  it('of two histograms add up', () => {
    const a = new LatencyHistogram();
    const b = new LatencyHistogram();
    a.record(1, 10);
    b.record(100, 10);
    a.add(b.toPlain());
    expect(a.summary()).toMatchObject({ p50: expect.closeTo(1, 1), max: 100, mean: 50.5 });
    expect(a.count).toBe(20);
  });

  it('of nothing are zero', () => expect(new LatencyHistogram().summary()).toMatchObject({ p50: 0, max: 0, mean: 0 }));
});

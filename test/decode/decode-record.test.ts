import { createHash, randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { compress as snappyCompress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../src/lib/decode/decode-record.js';
import { unpackSnappyBlock } from '../../src/lib/decode/snappy-block.js';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const order = { id: 7, city: 'Zürich' };
// `printf '{"id":7,"city":"Zürich"}' | zstd -c`, by the reference implementation.
const zstdOrder = Buffer.from('KLUv/SQZyQAAeyJpZCI6NywiY2l0eSI6IlrDvHJpY2giff5cIcg=', 'base64');

const envelope = (messages: string[], messageType = 'DATA_MESSAGE'): Buffer =>
  json({
    messageType,
    owner: '123456789012',
    logGroup: '/aws/lambda/logger',
    logStream: '2026/11/20/[$LATEST]abc',
    subscriptionFilters: ['to-kinesis'],
    logEvents: messages.map((message, index) => ({ id: String(index), timestamp: 1_700_000_000_000 + index, message })),
  });

/** A KPL aggregate written out field by field, so that the reader is not checked against our own writer. */
function aggregate(users: { key: string; data: Buffer }[]): Buffer {
  const field = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
  const message = Buffer.concat([
    ...users.map((user) => field(1, Buffer.from(user.key))),
    ...users.map((user, index) =>
      field(
        3,
        Buffer.concat([
          Buffer.from([0x08]),
          varint(index),
          field(3, user.data),
          field(4, field(1, Buffer.from('tag'))),
        ]),
      ),
    ),
  ]);
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()]);
}
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value >>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

function framedSnappy(plain: Buffer): Buffer {
  const packed = Buffer.from(snappyCompress(plain));
  const chunk = Buffer.alloc(8);
  chunk.writeUInt32LE((packed.length + 4) << 8, 0);
  chunk.writeUInt32LE(maskedCrc(plain), 4);
  return Buffer.concat([Buffer.from('ff060000734e61507059', 'hex'), chunk, packed]);
}
function maskedCrc(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
const xerial = (plain: Buffer): Buffer => {
  const block = Buffer.from(snappyCompress(plain));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(block.length);
  return Buffer.concat([Buffer.from('82534e4150505900', 'hex'), Buffer.from('0000000100000001', 'hex'), length, block]);
};

describe('layers', () => {
  it.each<[string, Uint8Array, string[], unknown]>([
    ['JSON', json(order), ['json'], order],
    ['a JSON array', json([1, 2]), ['json'], [1, 2]],
    ['a JSON number', Buffer.from('42'), ['json'], 42],
    ['text', Buffer.from('hello Zürich'), ['text'], 'hello Zürich'],
    ['an empty record', Buffer.alloc(0), ['text'], ''],
    ['text that looks like JSON', Buffer.from('{not json}'), ['text'], '{not json}'],
    ['text with the header of zlib', Buffer.from('x^ is how a caret looks'), ['text'], 'x^ is how a caret looks'],
    ['binary', Buffer.from([0, 1, 2, 255]), ['hex'], '000102ff'],
    ['gzip', gzipSync(json(order)), ['gzip', 'json'], order],
    ['zlib', deflateSync(json(order)), ['zlib', 'json'], order],
    ['zstd', zstdOrder, ['zstd', 'json'], order],
    ['a bare block of snappy', Buffer.from(snappyCompress(json(order))), ['snappy', 'json'], order],
    ['framed snappy', framedSnappy(json(order)), ['snappy', 'json'], order],
    ["snappy-java's blocks", xerial(json(order)), ['snappy', 'json'], order],
    ['base64 of gzip', Buffer.from(gzipSync(json(order)).toString('base64')), ['base64', 'gzip', 'json'], order],
    [
      'base64 in base64',
      Buffer.from(Buffer.from(json(order).toString('base64')).toString('base64')),
      ['base64', 'base64', 'json'],
      order,
    ],
    [
      'URL-safe base64',
      Buffer.from(json({ q: '??>>??>>' }).toString('base64url')),
      ['base64', 'json'],
      { q: '??>>??>>' },
    ],
    ['base64 without padding', Buffer.from(json(order).toString('base64url')), ['base64', 'json'], order],
    [
      'base64 of a bare block',
      Buffer.from(Buffer.from(snappyCompress(json(order))).toString('base64')),
      ['base64', 'snappy', 'json'],
      order,
    ],
    ['a bare block of gzip', Buffer.from(snappyCompress(gzipSync(json(order)))), ['snappy', 'gzip', 'json'], order],
    ['an id that begins like zlib, in base64', Buffer.from('SIkAbCdEfGh1jK2m'), ['text'], 'SIkAbCdEfGh1jK2m'],
    ['a JSON string of base64', json(json(order).toString('base64')), ['json', 'base64', 'json'], order],
    ['a word that is base64 by accident', Buffer.from('transactions'), ['text'], 'transactions'],
    ['a hexadecimal id', Buffer.from('deadbeefcafe0123'), ['text'], 'deadbeefcafe0123'],
    ['gzip in gzip', gzipSync(gzipSync(json(order))), ['gzip', 'gzip', 'json'], order],
  ])('%s', (_name, bytes, layers, value) => {
    const { items, notes } = decodeRecord(bytes);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ layers, value });
    expect(items[0]?.problem).toBeUndefined();
    expect(notes).toEqual([]);
  });

  it('splits lines of JSON', () => {
    const { items } = decodeRecord(Buffer.from('{"a":1}\n{"a":2}\n'));
    expect(items.map((item) => [item.layers, item.value])).toEqual([
      [['ndjson', 'json'], { a: 1 }],
      [['ndjson', 'json'], { a: 2 }],
    ]);
  });
});

describe('the envelope of CloudWatch Logs', () => {
  it('gives its events, each decoded in turn', () => {
    const { items } = decodeRecord(gzipSync(envelope(['{"event_class":"x"}', 'plain'])));
    expect(items.map((item) => [item.layers, item.value])).toEqual([
      [['gzip', 'logs', 'json'], { event_class: 'x' }],
      [['gzip', 'logs', 'text'], 'plain'],
    ]);
    expect(items[1]?.log).toEqual({
      owner: '123456789012',
      logGroup: '/aws/lambda/logger',
      logStream: '2026/11/20/[$LATEST]abc',
      subscriptionFilters: ['to-kinesis'],
      id: '1',
      timestampMs: 1_700_000_000_001,
    });
  });

  it('notes a control message and shows none of it', () => {
    const { items, notes } = decodeRecord(
      gzipSync(envelope(['CWL CONTROL MESSAGE: Checking health'], 'CONTROL_MESSAGE')),
    );
    expect(items).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('control message')]);
  });

  it('is found without gzip as well', () => {
    expect(decodeRecord(envelope(['hi'])).items[0]).toMatchObject({ layers: ['logs', 'text'], value: 'hi' });
  });
});

describe('KPL aggregates', () => {
  it('gives the user records with their keys, each decoded in turn', () => {
    const { items } = decodeRecord(
      aggregate([
        { key: 'a', data: json(order) },
        { key: 'b', data: gzipSync(Buffer.from('zipped')) },
      ]),
    );
    expect(items).toMatchObject([
      { layers: ['kpl', 'json'], value: order, partitionKey: 'a' },
      { layers: ['kpl', 'gzip', 'text'], value: 'zipped', partitionKey: 'b' },
    ]);
  });

  it('marks one whose checksum is wrong', () => {
    const broken = aggregate([{ key: 'a', data: json(order) }]);
    broken[8] = (broken[8] ?? 0) ^ 1;
    expect(decodeRecord(broken).items).toMatchObject([
      { layers: ['hex'], problem: 'a KPL aggregate, but its checksum does not match' },
    ]);
  });
});

describe('what is broken', () => {
  it.each<[string, Uint8Array, string]>([
    ['gzip cut short', gzipSync(json(order)).subarray(0, 20), 'gzip data, but it is cut short'],
    [
      'gzip with a bad body',
      Buffer.concat([gzipSync(json(order)).subarray(0, 12), Buffer.alloc(20, 0xff)]),
      'gzip data, but ',
    ],
    ['zstd cut short', zstdOrder.subarray(0, 12), 'zstd data, but '],
    [
      'framed snappy with a bad checksum',
      Buffer.from(framedSnappy(json(order)).fill(0, 14, 18)),
      'snappy data, but its checksum does not match',
    ],
  ])('%s', (_name, bytes, problem) => {
    const { items } = decodeRecord(bytes);
    expect(items).toMatchObject([{ layers: ['hex'], value: Buffer.from(bytes).toString('hex') }]);
    expect(items[0]?.problem).toContain(problem);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(3_000_000))],
    ['gzip twice', gzipSync(gzipSync(Buffer.alloc(30_000_000)))],
    ['zlib', deflateSync(Buffer.alloc(3_000_000))],
    ['framed snappy', framedSnappy(Buffer.alloc(3_000_000))],
  ])('%s that would fill the memory is refused', (_name, bomb) => {
    const [item] = decodeRecord(bomb, { maxBytes: 100_000 }).items;
    expect(item?.problem).toMatch(/it unpacks to more than 97\.7 KiB/);
  });

  it('a gzip of very many small values is shown as text, not made into objects', () => {
    for (const [text, layers] of [
      [`[${'{},'.repeat(6_000_000)}1]`, ['gzip', 'text']],
      ['{}\n'.repeat(6_000_000), ['gzip', 'text']],
    ] as const) {
      const { items } = decodeRecord(gzipSync(text));
      expect(items).toMatchObject([{ layers, problem: 'JSON, but of more values than are unpacked' }]);
      expect(items[0]?.text === text).toBe(true);
    }
  });

  it('more items than a record may hold are not taken apart', () => {
    const problemsOf = (bytes: Uint8Array): (string | undefined)[] =>
      decodeRecord(bytes, { maxItems: 3 }).items.map(({ problem }) => problem);
    const users = (count: number) => Array.from({ length: count }, () => ({ key: 'k', data: json(order) }));
    const lines = (count: number) => gzipSync('{"a":1}\n'.repeat(count).trim());
    const logs = (count: number) => gzipSync(envelope(Array.from({ length: count }, () => 'm')));
    expect(problemsOf(aggregate(users(3)))).toEqual([undefined, undefined, undefined]);
    expect(problemsOf(aggregate(users(4)))).toEqual(['a KPL aggregate, but the record holds more than 3 items']);
    expect(problemsOf(lines(3))).toEqual([undefined, undefined, undefined]);
    expect(problemsOf(lines(4))).toEqual(['lines of JSON, but the record holds more than 3 items']);
    expect(problemsOf(logs(4))).toEqual(['an envelope of CloudWatch Logs, but the record holds more than 3 items']);
    // All layers share one allowance.
    expect(problemsOf(aggregate([{ key: 'k', data: lines(3) }]))).toEqual([
      'lines of JSON, but the record holds more than 3 items',
    ]);
  });

  it('a zstd frame that asks for a window of 2 GB in its header is refused', () => {
    const [item] = decodeRecord(Buffer.from('28b52ffd00a8010000', 'hex')).items;
    expect(item?.problem).toBe('zstd data, but unpacking it takes more memory than 64.0 MiB');
  });

  it('zstd data that are cut short are said to be', () => {
    expect(decodeRecord(zstdOrder.subarray(0, 25)).items[0]?.problem).toBe('zstd data, but it is cut short');
  });

  it('an onion without end stops after eight layers', () => {
    let onion: Buffer = json(order);
    for (let layer = 0; layer < 20; layer++) onion = gzipSync(onion);
    expect(decodeRecord(onion).items).toMatchObject([{ problem: 'more than 8 layers' }]);
  });

  it('random bytes, and damaged records of every kind, never throw', () => {
    const whole = [
      gzipSync(envelope(['a', 'b'])),
      aggregate([{ key: 'k', data: json(order) }]),
      zstdOrder,
      framedSnappy(json(order)),
    ];
    for (let round = 0; round < 1000; round++) {
      const source = whole[round % whole.length] ?? zstdOrder;
      const damaged = Buffer.from(source);
      const at = randomBytes(2).readUInt16BE() % damaged.length;
      damaged[at] = (damaged[at] ?? 0) ^ (1 + (round % 255));
      expect(() => decodeRecord(damaged, { maxBytes: 1_000_000 })).not.toThrow();
      expect(() => decodeRecord(randomBytes(round % 64), { maxBytes: 1_000_000 })).not.toThrow();
    }
  });
});

describe('long lengths', () => {
  /** A block of one literal, whose length takes 1 to 4 bytes of its own. */
  const literal = (plain: Buffer, sizeBytes: number): Buffer => {
    const length = plain.length - 1;
    const size = Buffer.from(Array.from({ length: sizeBytes }, (_, index) => (length >> (8 * index)) & 0xff));
    return Buffer.concat([varint(plain.length), Buffer.from([(59 + sizeBytes) << 2]), size, plain]);
  };

  it.each([
    [61, 1],
    [256, 1],
    [257, 2],
    [65_536, 2],
    [65_537, 3],
    [100_000, 4],
  ])('a Snappy literal of %i bytes, its length in %i', (length, sizeBytes) => {
    const plain = json({ pad: 'x'.repeat(length - 10) });
    expect(plain).toHaveLength(length);
    expect(unpackSnappyBlock(literal(plain, sizeBytes), 1e6)).toEqual(new Uint8Array(plain));
    expect(() => unpackSnappyBlock(literal(plain, sizeBytes).subarray(0, -1), 1e6)).toThrow('cut short');
  });

  it.each([127, 128, 16_383, 16_384, 2_097_152])('a user record of %i bytes in a KPL aggregate', (length) => {
    const data = Buffer.alloc(length, 'x');
    const { items } = decodeRecord(
      aggregate([
        { key: 'a', data },
        { key: 'b', data: Buffer.from('after') },
      ]),
    );
    expect(items.map(({ text, subSequenceNumber }) => [text.length, subSequenceNumber])).toEqual([
      [length, 0],
      [5, 1],
    ]);
  });

  it('user records with many keys in a KPL aggregate', () => {
    const users = Array.from({ length: 16_400 }, (_, index) => ({ key: `k${index}`, data: Buffer.from('x') }));
    const { items } = decodeRecord(aggregate(users));
    expect(items.map(({ partitionKey }) => partitionKey)).toEqual(users.map(({ key }) => key));
  });
});

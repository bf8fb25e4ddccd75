// The CBOR that the AWS SDK for Java 2 (Jackson's generator) sends to Kinesis: maps and arrays of open length, byte strings, and
// timestamps as tag 1 with whole milliseconds, where every other CBOR of AWS has seconds.
import { cbor } from '@smithy/core/cbor';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { signedFor } from '../local/wire/raw-request.js';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());

function head(major: number, n: number): Buffer {
  const type = major << 5;
  if (n < 24) return Buffer.of(type | n);
  const bytes = n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 2 ** 32 ? 4 : 8;
  const out = Buffer.alloc(1 + bytes, type | (24 + Math.log2(bytes)));
  if (bytes === 8) out.writeBigUInt64BE(BigInt(n), 1);
  else out.writeUIntBE(n, 1, bytes);
  return out;
}

/** A value as Java writes it. */
function java(value: unknown): Buffer {
  if (value instanceof Date) return Buffer.concat([Buffer.of(0xc1), head(0, value.getTime())]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4);
  if (Array.isArray(value)) return Buffer.concat([Buffer.of(0x9f), ...value.map(java), Buffer.of(0xff)]);
  const members = Object.entries(value as object).flatMap(([key, member]) => [java(key), java(member)]);
  return Buffer.concat([Buffer.of(0xbf), ...members, Buffer.of(0xff)]);
}

type Answer = { status: number; type: string | null; body: Record<string, unknown> };

const call = (operation: string, input: object): Promise<Answer> => send(operation, java(input));

async function send(operation: string, item: Buffer): Promise<Answer> {
  const response = await fetch(endpoint.url, {
    method: 'POST',
    body: new Uint8Array(item),
    headers: {
      ...signedFor('kinesis'),
      'content-type': 'application/x-amz-cbor-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
    },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const body = bytes.length > 0 ? cbor.deserialize(bytes) : {};
  return { status: response.status, type: response.headers.get('content-type'), body };
}

test('a stream made, written, read and described in Java’s CBOR', async () => {
  const before = Date.now();
  const created = await call('CreateStream', { StreamName: 'java', ShardCount: 1 });
  expect(created).toMatchObject({ status: 200, type: 'application/x-amz-cbor-1.1' });
  let summary: { StreamStatus?: string; StreamCreationTimestamp?: unknown } = {};
  while (summary.StreamStatus !== 'ACTIVE') {
    const { body } = await call('DescribeStreamSummary', { StreamName: 'java' });
    summary = body.StreamDescriptionSummary as typeof summary;
  }
  const Data = Buffer.of(0, 255, 128);
  const put = await call('PutRecords', {
    StreamName: 'java',
    Records: [
      { Data, PartitionKey: 'é' },
      { Data: Buffer.alloc(70_000, 1), PartitionKey: 'k', ExplicitHashKey: '0' },
    ],
  });
  expect(put.body).toMatchObject({ FailedRecordCount: 0, Records: [{ ShardId: 'shardId-000000000000' }, {}] });

  const iterator = await call('GetShardIterator', {
    StreamName: 'java',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: new Date(before - 1_000),
  });
  const got = await call('GetRecords', { ShardIterator: iterator.body.ShardIterator, Limit: 10 });
  const records = got.body.Records as {
    Data: Uint8Array;
    PartitionKey: string;
    ApproximateArrivalTimestamp: { tag: number; value: number };
  }[];
  expect(records.map((record) => record.Data.length)).toEqual([3, 70_000]);
  expect(records[0]?.PartitionKey).toBe('é');
  expect([...(records[0]?.Data ?? [])]).toEqual([...Data]);
  const arrival = records[0]?.ApproximateArrivalTimestamp;
  expect(arrival?.tag).toBe(1);
  expect(Number.isInteger(arrival?.value)).toBe(true);
  expect(Math.abs(Number(arrival?.value) - before)).toBeLessThan(60_000);
});

test('an iterator at a time yet to come, and one that Java would have written in seconds, are told apart', async () => {
  const position = { StreamName: 'java', ShardId: 'shardId-000000000000', ShardIteratorType: 'AT_TIMESTAMP' };
  const future = await call('GetShardIterator', { ...position, Timestamp: new Date(Date.now() + 3_600_000) });
  expect(future.status).toBe(400);
  expect(future.body).toMatchObject({ __type: 'InvalidArgumentException' });
});

test('errors come in CBOR too, by name', async () => {
  const missing = await call('DescribeStream', { StreamName: 'nowhere' });
  expect(missing).toMatchObject({
    status: 400,
    type: 'application/x-amz-cbor-1.1',
    body: { __type: 'ResourceNotFoundException', message: 'Stream nowhere under account 000000000000 not found.' },
  });
});

test('text and bytes in chunks, whole numbers as floats of every size, and times with a fraction mean what they say', async () => {
  const chunked = (major: 2 | 3, parts: Buffer[]): Buffer =>
    Buffer.concat([
      Buffer.of((major << 5) | 31),
      ...parts.flatMap((part) => [head(major, part.length), part]),
      Buffer.of(0xff),
    ]);
  const text = (...parts: string[]): Buffer =>
    chunked(
      3,
      parts.map((part) => Buffer.from(part)),
    );
  const half = (bits: number): Buffer => Buffer.of(0xf9, bits >> 8, bits & 0xff);
  const single = (value: number): Buffer => {
    const out = Buffer.alloc(5, 0xfa);
    out.writeFloatBE(value, 1);
    return out;
  };
  const double = (value: number): Buffer => {
    const out = Buffer.alloc(9, 0xfb);
    out.writeDoubleBE(value, 1);
    return out;
  };
  const map = (members: Record<string, Buffer>): Buffer =>
    Buffer.concat([
      head(5, Object.keys(members).length),
      ...Object.entries(members).flatMap(([key, value]) => [text(key.slice(0, 3), '', key.slice(3)), value]),
    ]);
  const stream = text('chu', '', 'nks');
  expect(await send('CreateStream', map({ StreamName: stream, ShardCount: half(0x4000) }))).toMatchObject({
    status: 200,
  }); // 2.0
  let status: unknown;
  while (status !== 'ACTIVE') {
    const { body } = await call('DescribeStreamSummary', { StreamName: 'chunks' });
    const summary = body.StreamDescriptionSummary as { StreamStatus: string; OpenShardCount: number };
    status = summary.StreamStatus;
    if (status === 'ACTIVE') expect(summary.OpenShardCount).toBe(2);
  }
  const putAt = Date.now();
  for (const part of ['a', 'b']) {
    const Data = chunked(2, [Buffer.of(0), Buffer.alloc(0), Buffer.from(part)]);
    const ExplicitHashKey = text('0');
    const put = await send(
      'PutRecord',
      map({ StreamName: stream, Data, PartitionKey: text('k', 'é'), ExplicitHashKey }),
    );
    expect(put.body).toMatchObject({ ShardId: 'shardId-000000000000' });
  }
  const position = {
    StreamName: stream,
    ShardId: text('shardId-', '000000000000'),
    ShardIteratorType: text('AT_TIMESTAMP'),
  };
  const Timestamp = Buffer.concat([Buffer.of(0xc1), double(putAt - 0.25)]);
  const iterator = await send('GetShardIterator', map({ ...position, Timestamp }));
  const ShardIterator = java(iterator.body.ShardIterator);
  for (const [limit, count] of [
    [single(1), 1],
    [double(2.9), 2],
  ] as const) {
    const { body } = await send('GetRecords', map({ ShardIterator, Limit: limit }));
    const records = body.Records as { Data: Uint8Array; PartitionKey: string }[];
    expect(records.map(({ Data, PartitionKey }) => [...Data, PartitionKey])).toEqual(
      [
        [0, 97, 'ké'],
        [0, 98, 'ké'],
      ].slice(0, count),
    );
  }
});

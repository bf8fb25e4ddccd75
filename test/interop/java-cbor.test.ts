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

async function call(operation: string, input: object): Promise<Answer> {
  const response = await fetch(endpoint.url, {
    method: 'POST',
    body: new Uint8Array(java(input)),
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

import { randomBytes, randomUUID } from 'node:crypto';
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { RawClient } from './raw-client.js';

export const SHARDS = 4;
const RECORDS_PER_CALL = 500;
const RECORD_BYTES = 250;
const IN_FLIGHT = 4;

export async function createStream(client: RawClient, name: string): Promise<void> {
  await client.call('CreateStream', JSON.stringify({ StreamName: name, ShardCount: SHARDS }));
  for (;;) {
    const answer = await client.call('DescribeStreamSummary', JSON.stringify({ StreamName: name }));
    if (answer.includes('"ACTIVE"')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Bodies of 500 records of 250 B with keys of their own, made before the clock runs. */
export const makeBodies = (stream: string, count = 16): Buffer[] =>
  Array.from({ length: count }, () =>
    Buffer.from(
      JSON.stringify({
        StreamName: stream,
        Records: Array.from({ length: RECORDS_PER_CALL }, () => ({
          Data: randomBytes(RECORD_BYTES).toString('base64'),
          PartitionKey: randomUUID(),
        })),
      }),
    ),
  );

export interface Rate {
  records: number;
  perSecond: number;
}

/** PutRecords for `ms`, four calls in flight; stops early at `maxRecords`. A call that fails any entry ends the measurement. */
export async function measurePut(client: RawClient, bodies: Buffer[], ms: number, maxRecords: number): Promise<Rate> {
  const startedAt = performance.now();
  let records = 0;
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (performance.now() - startedAt < ms && records < maxRecords) {
        const answer = await client.call('PutRecords', bodies[next++ % bodies.length] as Buffer);
        if (!answer.includes('"FailedRecordCount":0')) throw new Error(`PutRecords failed: ${answer.subarray(0, 300)}`);
        records += RECORDS_PER_CALL;
      }
    }),
  );
  return { records, perSecond: records / ((performance.now() - startedAt) / 1000) };
}

/** GetRecords from TRIM_HORIZON, a loop a shard, until `ms` are over or `maxRecords` are read; starts again at the end of a shard. */
export async function measureGet(client: RawClient, stream: string, ms: number, maxRecords: number): Promise<Rate> {
  const startedAt = performance.now();
  let records = 0;
  await Promise.all(
    Array.from({ length: SHARDS }, async (_, shard) => {
      const first = JSON.stringify({
        StreamName: stream,
        ShardId: `shardId-${String(shard).padStart(12, '0')}`,
        ShardIteratorType: 'TRIM_HORIZON',
      });
      let iterator: string | undefined;
      while (performance.now() - startedAt < ms && records < maxRecords) {
        iterator ??= member(await client.call('GetShardIterator', first), 'ShardIterator');
        const answer = await client.call('GetRecords', JSON.stringify({ ShardIterator: iterator, Limit: 10_000 }));
        const found = count(answer, '"SequenceNumber"');
        records += found;
        iterator = found === 0 ? undefined : member(answer, 'NextShardIterator');
      }
    }),
  );
  return { records, perSecond: records / ((performance.now() - startedAt) / 1000) };
}

function member(answer: Buffer, name: string): string {
  const start = answer.indexOf(`"${name}":"`) + name.length + 4;
  return answer.toString('latin1', start, answer.indexOf('"', start));
}

function count(answer: Buffer, needle: string): number {
  const bytes = Buffer.from(needle);
  let found = 0;
  for (let at = answer.indexOf(bytes); at >= 0; at = answer.indexOf(bytes, at + bytes.length)) found += 1;
  return found;
}

/** From sending a record to having it, over SubscribeToShard; one record every 20 ms. @returns milliseconds, sorted */
export async function measurePush(port: number, stream: string, samples: number): Promise<number[]> {
  const client = new KinesisClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  try {
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
    const { Consumer } = await client.send(
      new RegisterStreamConsumerCommand({
        StreamARN: summary.StreamDescriptionSummary?.StreamARN,
        ConsumerName: 'bench',
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { EventStream } = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: Consumer?.ConsumerARN,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'LATEST' },
      }),
    );
    const latencies: number[] = [];
    const arrivals = new Map<string, () => void>();
    const reading = (async () => {
      for await (const event of EventStream ?? []) {
        for (const record of event.SubscribeToShardEvent?.Records ?? []) {
          arrivals.get(Buffer.from(record.Data ?? []).toString())?.();
        }
        if (latencies.length >= samples) break;
      }
    })();
    for (let sample = 0; sample < samples; sample++) {
      const id = randomUUID();
      const sentAt = performance.now();
      const arrived = new Promise<void>((resolve) => arrivals.set(id, resolve)).then(() => {
        latencies.push(performance.now() - sentAt);
      });
      await client.send(
        new PutRecordCommand({ StreamName: stream, Data: Buffer.from(id), PartitionKey: id, ExplicitHashKey: '0' }),
      );
      await arrived;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 50))]);
    return latencies.sort((a, b) => a - b);
  } finally {
    client.destroy();
  }
}

import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import type { LoadPlan } from '../../src/lib/produce/load-plan.js';
import { localTarget } from '../local-target.js';

export interface StoredRecord {
  shardId: string;
  partitionKey: string;
  data: Buffer;
}

export async function makeStream(client: KinesisClient, StreamName: string, ShardCount = 1): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { StreamName });
}

/** Everything in a stream, shard after shard, by the SDK's own client. */
export async function readAll(client: KinesisClient, StreamName: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId = '' } of Shards) {
    const start = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    for (let iterator = start.ShardIterator; iterator; ) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      for (const { PartitionKey = '', Data = new Uint8Array() } of answer.Records ?? [])
        records.push({ shardId: ShardId, partitionKey: PartitionKey, data: Buffer.from(Data) });
      if ((answer.Records ?? []).length === 0 && (answer.MillisBehindLatest ?? 0) === 0) break;
      iterator = answer.NextShardIterator;
    }
  }
  return records;
}

export function planOf(endpointUrl: string, stream: string, more: Partial<LoadPlan> = {}): LoadPlan {
  return {
    target: localTarget(endpointUrl),
    stream,
    data: { kind: 'schema', name: 'xy' },
    rate: { unit: 'max' },
    ramp: undefined,
    burst: undefined,
    durationMs: undefined,
    count: 1000,
    keys: { kind: 'random' },
    seed: 1,
    seeded: true,
    sizeBytes: undefined,
    ordered: false,
    aggregate: false,
    maxInFlight: 8,
    maxAttempts: 10,
    recordLimitBytes: 1024 * 1024,
    shards: undefined,
    worker: 0,
    workers: 1,
    ...more,
  };
}

import { callKinesis, isPassing, isThrottle, KinesisError } from '../target/kinesis-call.js';
import type { KinesisWire } from '../target/kinesis-wire.js';
import type { StreamRecord } from './delivery.js';
import type { ShardOrigin } from './lineage.js';
import { iteratorAt } from './shard-position.js';
import { type FailureKind, type ListedShard, ReadFailure, type ShardSource } from './shard-source.js';

/** A stream by its name or, where it is another account's, by its ARN. */
const streamAddress = (nameOrArn: string): { StreamName: string } | { StreamARN: string } =>
  nameOrArn.startsWith('arn:') ? { StreamARN: nameOrArn } : { StreamName: nameOrArn };

interface RecordsAnswer {
  NextShardIterator?: string | null;
  MillisBehindLatest?: number | null;
  Records: WireRecord[];
  ChildShards?: ShardOrigin[] | null;
}

interface WireRecord {
  SequenceNumber: string;
  PartitionKey: string;
  Data: string;
  ApproximateArrivalTimestamp?: number;
}

/** A stream over the wire. */
export function wireSource(wire: KinesisWire, nameOrArn: string): ShardSource {
  const address = streamAddress(nameOrArn);
  const call = async <Output>(operation: string, input: object, signal: AbortSignal): Promise<Output> => {
    try {
      return await callKinesis<Output>(wire, operation, input, signal);
    } catch (error) {
      const kind = kindOf(error, operation);
      throw kind === undefined ? error : new ReadFailure(kind, error);
    }
  };
  return {
    async list(signal) {
      const shards: ListedShard[] = [];
      let next: string | null | undefined;
      do {
        const page: { Shards?: WireShard[] | null; NextToken?: string | null } = await call(
          'ListShards',
          next ? { NextToken: next } : address,
          signal,
        );
        shards.push(...(page.Shards ?? []).map(listedShard));
        next = page.NextToken;
      } while (next);
      return shards;
    },
    async iterator(ShardId, position, signal) {
      const input = { ...address, ShardId, ...iteratorAt(position) };
      return (await call<{ ShardIterator: string }>('GetShardIterator', input, signal)).ShardIterator;
    },
    async records(shardId, ShardIterator, signal) {
      const input = { ...('StreamARN' in address && address), ShardIterator, Limit: 10_000 };
      const answer = await call<RecordsAnswer>('GetRecords', input, signal);
      return {
        records: readRecords(answer.Records, shardId),
        next: answer.NextShardIterator ?? undefined,
        behindMs: answer.MillisBehindLatest ?? 0,
        children: answer.ChildShards ?? undefined,
      };
    },
  };
}

/** Some endpoints write null for what a shard does not have. */
interface WireShard {
  ShardId: string;
  ParentShardId?: string | null;
  AdjacentParentShardId?: string | null;
  SequenceNumberRange?: { EndingSequenceNumber?: string | null } | null;
  HashKeyRange?: { StartingHashKey: string; EndingHashKey: string } | null;
}

const listedShard = (shard: WireShard): ListedShard => ({
  ShardId: shard.ShardId,
  ParentShardId: shard.ParentShardId ?? undefined,
  AdjacentParentShardId: shard.AdjacentParentShardId ?? undefined,
  SequenceNumberRange: { EndingSequenceNumber: shard.SequenceNumberRange?.EndingSequenceNumber ?? undefined },
  HashKeyRange: shard.HashKeyRange ?? undefined,
});

/** What an error of a call means for a reader; undefined for a bug. */
function kindOf(error: unknown, operation: string): FailureKind | undefined {
  if (isThrottle(error)) return 'throttled';
  if (isPassing(error)) return 'passing';
  if (!(error instanceof KinesisError)) return undefined;
  if (error.code === 'ResourceInUseException') return 'passing'; // the stream is being made
  if (error.code === 'ResourceNotFoundException') return 'gone';
  if (operation === 'GetRecords') {
    // An endpoint that restarted does not know the iterators of before: "Invalid ShardIterator."
    const renewable = error.code === 'ExpiredIteratorException' || error.code === 'InvalidArgumentException';
    return renewable ? 'expired' : 'refused';
  }
  return operation === 'GetShardIterator' && error.code === 'InvalidArgumentException' ? 'unknown-position' : 'refused';
}

function readRecords(records: WireRecord[], shardId: string): StreamRecord[] {
  return records.map(({ SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp }) => ({
    shardId,
    sequenceNumber: SequenceNumber,
    partitionKey: PartitionKey,
    arrivedMs: Math.round((ApproximateArrivalTimestamp ?? 0) * 1000),
    data: Buffer.from(Data, 'base64'),
  }));
}

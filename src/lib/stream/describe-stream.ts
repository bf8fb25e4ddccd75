import { isNotImplemented } from '../target/explain-sdk-error.js';
import { isKinesisError } from '../target/kinesis-call.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { missingStream } from './choose-stream.js';
import { HASH_KEY_COUNT } from './hash-key.js';
import { listShards, type ShardDescription } from './list-shards.js';
import { readSummary, type StreamSummary } from './read-summary.js';
import { readTags } from './stream-state.js';

/** A stream with its shards and consumers. */
export interface DescribedStream extends StreamSummary {
  name: string;
  openShards: number;
  shards: DescribedShard[];
  consumers: DescribedConsumer[];
  tags: Record<string, string>;
  /** What this endpoint would not tell, or not to these credentials. */
  unknown: string[];
}

export interface DescribedShard {
  id: string;
  open: boolean;
  /** 128-bit numbers, in decimal, both ends included. */
  startHashKey: string;
  endHashKey: string;
  /** Of the key space, 0 to 1. */
  share: number;
  /** One after a split, two after a merge. */
  parents: string[];
}

export interface DescribedConsumer {
  name: string;
  arn: string | undefined;
  status: string;
}

/**
 * Describes a stream; what the endpoint does not implement is left out and named in `unknown`; so is what the caller may not see.
 * @throws OperationError when there is no such stream
 */
export async function describeStream(
  kinesis: KinesisControl,
  name: string,
  signal?: AbortSignal,
): Promise<DescribedStream> {
  const summary = await readSummary(kinesis, name, signal);
  if (!summary) throw await missingStream(kinesis, name, 'named', signal);
  const { arn, status, openShards } = summary;
  const unknown: string[] = [];
  // AWS lists neither of them for a stream that is being made or deleted: ResourceInUseException.
  const passing = status === 'CREATING' || status === 'DELETING';
  const optional = <T>(what: string, instead: T) => {
    return (error: unknown): T => {
      if (!isNotImplemented(error) && !isKinesisError(error, 'AccessDeniedException')) throw error;
      unknown.push(what);
      return instead;
    };
  };
  const [shards, consumers, tags] = passing
    ? [[], [], {}]
    : await Promise.all([
        describeShards(kinesis, name, signal),
        listConsumers(kinesis, arn, signal).catch(optional('consumers', [])),
        readTags(kinesis, name, signal).catch(optional('tags', {})),
      ]);
  return {
    name,
    ...summary,
    openShards: openShards ?? shards.filter(({ open }) => open).length,
    shards,
    consumers,
    tags,
    unknown,
  };
}

/** Every shard the stream still knows, the closed ones among them, by id. */
export async function describeShards(
  kinesis: KinesisControl,
  name: string,
  signal?: AbortSignal,
): Promise<DescribedShard[]> {
  const shards = await listShards(kinesis, name, signal);
  return shards.map(describeShard).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function describeShard(shard: ShardDescription): DescribedShard {
  const start = shard.HashKeyRange?.StartingHashKey ?? '0';
  const end = shard.HashKeyRange?.EndingHashKey ?? '0';
  return {
    id: shard.ShardId,
    open: shard.SequenceNumberRange?.EndingSequenceNumber === undefined,
    startHashKey: start,
    endHashKey: end,
    share: Number(BigInt(end) - BigInt(start) + 1n) / Number(HASH_KEY_COUNT),
    parents: [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined),
  };
}

async function listConsumers(
  kinesis: KinesisControl,
  arn: string | undefined,
  signal?: AbortSignal,
): Promise<DescribedConsumer[]> {
  const consumers: DescribedConsumer[] = [];
  let next: string | undefined;
  do {
    const page = await kinesis.call('ListStreamConsumers', { StreamARN: arn, NextToken: next }, signal);
    for (const { ConsumerName = '', ConsumerARN: consumerArn, ConsumerStatus = 'UNKNOWN' } of page.Consumers ?? []) {
      consumers.push({ name: ConsumerName, arn: consumerArn, status: ConsumerStatus });
    }
    next = page.NextToken;
  } while (next !== undefined);
  return consumers;
}

import type { ShardFilterType } from '@aws-sdk/client-kinesis';
import type { Handler } from '../../../wire/handlers.js';
import { type Constraints, validate } from '../../../wire/validate.js';
import { invalidArgument, streamNotFound } from '../aws-errors.js';
import { NEXT_TOKEN, ONE_STREAM, SHARD_ID } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { openPage, type Page, sealPage } from '../paging.js';
import type { Shard } from '../shard.js';
import { describeShard } from '../shard-description.js';
import { type Stream, wasCreatedAt } from '../stream.js';
import { requireShards } from '../stream-state.js';

const FILTER_TYPES: readonly ShardFilterType[] = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
];
const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  NextToken: NEXT_TOKEN,
  ExclusiveStartShardId: SHARD_ID,
  MaxResults: { range: [1, 10_000] },
  ShardFilter: { members: { Type: { enum: FILTER_TYPES }, ShardId: SHARD_ID } },
};
const MOST_SHARDS = 1000;

/** ListShards: a page of up to 1,000 shards, all of them or those that a filter picks. */
export const listShards =
  (state: KinesisState): Handler<'kinesis', 'ListShards'> =>
  (input, context) => {
    validate(input, CONSTRAINTS);
    const named = input.StreamName !== undefined || input.StreamARN !== undefined;
    const { NextToken: token, ShardFilter: filter } = input;
    if (token === undefined && !named) {
      throw invalidArgument('Either NextToken or StreamName should be provided.');
    }
    if (token !== undefined && named) {
      throw invalidArgument(
        `NextToken and ${input.StreamARN === undefined ? 'StreamName' : 'StreamARN'} cannot be provided together.`,
      );
    }
    if (token !== undefined && (input.ExclusiveStartShardId ?? input.StreamCreationTimestamp) !== undefined) {
      throw invalidArgument(
        'NextToken cannot be provided together with ExclusiveStartShardId or StreamCreationTimestamp.',
      );
    }
    const page: Page =
      token === undefined
        ? {
            after: input.ExclusiveStartShardId ?? '',
            ...(filter && {
              filter: { type: filter.Type, shardId: filter.ShardId, timestampMs: filter.Timestamp?.getTime() },
            }),
          }
        : openPage(state, 'list-shards', token);
    const stream =
      token === undefined ? state.stream(input, context) : state.stream({ StreamARN: page.streamArn }, context);
    if ((page.streamId ?? stream.id) !== stream.id || !wasCreatedAt(stream, input.StreamCreationTimestamp)) {
      throw streamNotFound(stream.name, context.accountId);
    }
    requireShards(stream, context);
    const matching = stream.shards
      .filter((shard) => shard.id > page.after)
      .filter(pickedBy(page.filter, stream, state));
    const shards = matching.slice(0, Math.min(input.MaxResults ?? MOST_SHARDS, MOST_SHARDS));
    const last = shards.at(-1);
    return {
      Shards: shards.map(describeShard),
      ...(last &&
        shards.length < matching.length && {
          NextToken: sealPage(state, 'list-shards', {
            ...page,
            after: last.id,
            streamArn: stream.arn,
            streamId: stream.id,
          }),
        }),
    };
  };

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
function pickedBy(filter: Page['filter'], stream: Stream, state: KinesisState): (shard: Shard) => boolean {
  if (!filter) return () => true;
  checkFilter(filter);
  const horizonMs = Math.max(stream.horizonMs, stream.createdMs);
  const wasOpenAt = (ms: number) => (shard: Shard) =>
    shard.createdMs <= ms && (shard.closed === undefined || shard.closed.atMs >= ms);
  switch (filter.type as ShardFilterType) {
    case 'AFTER_SHARD_ID': {
      const { shardId = '' } = filter;
      return (shard) => shard.id > shardId;
    }
    case 'AT_LATEST':
      return (shard) => shard.open;
    case 'AT_TRIM_HORIZON':
      return wasOpenAt(horizonMs);
    case 'FROM_TRIM_HORIZON':
      return () => true;
    case 'AT_TIMESTAMP':
      return wasOpenAt(Math.max(timestampOf(filter, state), horizonMs));
    case 'FROM_TIMESTAMP': {
      const fromMs = Math.max(timestampOf(filter, state), horizonMs);
      return (shard) => shard.closed === undefined || shard.closed.atMs >= fromMs;
    }
  }
}

/** ShardId belongs to one type of filter, Timestamp to two: these must have them, and the others must not. */
function checkFilter({ type, shardId, timestampMs }: NonNullable<Page['filter']>): void {
  const parts = [
    { name: 'ShardId', given: shardId !== undefined, wanted: type === 'AFTER_SHARD_ID' },
    { name: 'Timestamp', given: timestampMs !== undefined, wanted: type.endsWith('_TIMESTAMP') },
  ];
  for (const { name, given, wanted } of parts) {
    if (given !== wanted)
      throw invalidArgument(`${name} must ${wanted ? '' : 'not '}be provided with the ${type} filter type.`);
  }
}

function timestampOf({ timestampMs = 0, type }: NonNullable<Page['filter']>, state: KinesisState): number {
  if (timestampMs > state.nowMs) {
    throw invalidArgument(
      `The Timestamp of the ${type} filter cannot be in the future. Timestamp: ${timestampMs}, now: ${state.nowMs}`,
    );
  }
  return timestampMs;
}

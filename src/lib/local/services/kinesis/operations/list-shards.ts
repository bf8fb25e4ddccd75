import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidArgument, streamNotFound } from '../aws-errors.js';
import { NEXT_TOKEN, ONE_STREAM, SHARD_ID } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { openPage, type Page, sealPage } from '../paging.js';
import { describeShard } from '../shard-description.js';
import { pickedBy, SHARD_FILTER } from '../shard-filter.js';
import { wasCreatedAt } from '../stream.js';
import { requireShards } from '../stream-state.js';

const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  NextToken: NEXT_TOKEN,
  ExclusiveStartShardId: SHARD_ID,
  MaxResults: { range: [1, 10_000] },
  ShardFilter: SHARD_FILTER,
};
const MOST_SHARDS = 1000;

/** ListShards: a page of up to 1,000 shards, all of them or those that a filter picks. */
export const listShards = defineOperation('kinesis', 'ListShards').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
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
  },
});

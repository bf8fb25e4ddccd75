import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { inUse, shardNotFound } from '../aws-errors.js';
import { ITERATOR_TYPE, ONE_CONSUMER, SEQUENCE_NUMBER, SHARD_ID } from '../constraints.js';
import { refuseDryRun } from '../dry-run.js';
import { consumerByArn } from '../find-consumer.js';
import type { KinesisState } from '../kinesis-state.js';
import { resolvePosition } from '../starting-position.js';
import { Subscription } from '../subscription.js';

const CONSTRAINTS: Constraints = {
  ...ONE_CONSUMER,
  ShardId: SHARD_ID,
  StartingPosition: { members: { Type: ITERATOR_TYPE, SequenceNumber: SEQUENCE_NUMBER } },
};
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html */
const TAKE_OVER_AFTER_MS = 5_000;

/** SubscribeToShard: pushes records for five minutes. One subscription a consumer and shard: a later one takes over. */
export const subscribeToShard = defineOperation('kinesis', 'SubscribeToShard').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const { stream, consumer } = consumerByArn(state, input.ConsumerARN, context);
    if (consumer.status !== 'ACTIVE') {
      throw inUse(
        `Consumer ${consumer.name} with creation timestamp ${Math.floor(consumer.createdMs / 1000)} under stream: ${stream.name} , ` +
          `account ${context.accountId} is not in ACTIVE status.`,
      );
    }
    const shard = stream.shard(input.ShardId);
    if (!shard) throw shardNotFound(input.ShardId, stream.name, context.accountId);
    const ordinal = resolvePosition(shard, {
      type: input.StartingPosition.Type,
      sequenceNumber: input.StartingPosition.SequenceNumber,
      timestampMs: input.StartingPosition.Timestamp?.getTime(),
      nowMs: state.nowMs,
      operation: 'SubscribeToShard',
      streamName: stream.name,
      accountId: context.accountId,
    });
    const previous = consumer.subscriptions.get(shard.id);
    const taken = inUse(
      `Another active subscription exists for this consumer: ${context.accountId}:${stream.name}:${shard.id}:${consumer.name}`,
    );
    if (previous && state.nowMs - previous.startedMs < TAKE_OVER_AFTER_MS) throw taken;
    refuseDryRun(input.DryRun);

    previous?.end(taken);
    const subscription = new Subscription(shard, ordinal, state.environment.clock);
    consumer.subscriptions.set(shard.id, subscription);
    return { EventStream: subscription.events(context.signal) };
  },
});

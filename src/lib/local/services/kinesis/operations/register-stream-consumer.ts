import { defineOperation } from '../../../define-operation.js';
import { addTags } from '../../../kit/tags.js';
import type { Constraints } from '../../../wire/validate.js';
import { inUse, limitExceeded } from '../aws-errors.js';
import { CONSUMER_NAME, STREAM_BY_ARN, TAG_MAP } from '../constraints.js';
import type { Consumer } from '../consumer.js';
import { describeConsumer } from '../consumer-description.js';
import { type KinesisState, TRANSITION_MS } from '../kinesis-state.js';
import { requireShards } from '../stream-state.js';
import { tagRules } from '../tags.js';

const CONSTRAINTS: Constraints = { ...STREAM_BY_ARN, ConsumerName: CONSUMER_NAME, Tags: TAG_MAP };
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html */
const MOST_CREATING = 5;
const MOST_CONSUMERS = 20;
const MOST_CONSUMERS_ADVANTAGE = 50;

/** RegisterStreamConsumer: CREATING at once, ACTIVE a moment later. */
export const registerStreamConsumer = defineOperation('kinesis', 'RegisterStreamConsumer').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireShards(stream, context);
    if (stream.consumers.has(input.ConsumerName)) {
      throw inUse(
        `Consumer ${input.ConsumerName} under stream ${stream.name} already exists for account ${context.accountId}.`,
      );
    }
    const advantage = stream.mode === 'ON_DEMAND' && state.hasCommitment(context.region);
    const most = advantage ? MOST_CONSUMERS_ADVANTAGE : MOST_CONSUMERS;
    if (stream.consumers.size >= most) {
      throw limitExceeded(
        `Stream ${stream.name} under account ${context.accountId} cannot have more than ${most} registered consumers.`,
      );
    }
    const creating = [...stream.consumers.values()].filter((consumer) => consumer.status === 'CREATING');
    if (creating.length >= MOST_CREATING) {
      throw limitExceeded(
        `Stream ${stream.name} under account ${context.accountId} cannot have more than ${MOST_CREATING} consumers in the CREATING state at a time.`,
      );
    }
    const tags = new Map<string, string>();
    if (input.Tags) addTags(tags, input.Tags, tagRules('add tags to', stream.name, context.accountId));
    const createdMs = state.nowMs;
    const consumer: Consumer = {
      name: input.ConsumerName,
      arn: `${stream.arn}/consumer/${input.ConsumerName}:${Math.floor(createdMs / 1000)}`,
      streamArn: stream.arn,
      createdMs,
      status: 'CREATING',
      tags,
      policy: undefined,
      subscriptions: new Map(),
    };
    stream.consumers.set(consumer.name, consumer);
    const answer = describeConsumer(consumer);
    state.environment.clock.after(TRANSITION_MS, () => {
      if (consumer.status === 'CREATING') consumer.status = 'ACTIVE';
    });
    return { Consumer: answer };
  },
});

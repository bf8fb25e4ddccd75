import { defineOperation } from '../../../define-operation.js';
import { addTags } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Queue } from '../queue.js';
import type { SqsState } from '../sqs-state.js';
import { TAG_RULES } from '../tag-rules.js';

export const getQueueAttributes = defineOperation('sqs', 'GetQueueAttributes').as({
  run(state: SqsState, { QueueUrl, AttributeNames: names = [] }, context) {
    const all = attributesOf(state.byUrl(QueueUrl, context));
    const unknown = names.find((name) => name !== 'All' && !(name in all) && !OPTIONAL.has(name));
    if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const asked = names.includes('All') ? Object.keys(all) : names.filter((name) => name in all);
    if (asked.length === 0) return {};
    return { Attributes: Object.fromEntries(asked.map((name) => [name, all[name] ?? ''])) };
  },
});

/** Not there unless they are set. */
const OPTIONAL = new Set<string>([
  ...['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'],
  ...['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'],
]);

function attributesOf(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.countHidden();
  return {
    ...queue.attributes.list(),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedMs / 1000)),
  };
}

export const setQueueAttributes = defineOperation('sqs', 'SetQueueAttributes').as({
  run(state: SqsState, { QueueUrl, Attributes: attributes }, context) {
    const queue = state.byUrl(QueueUrl, context);
    state.checkRedrive(attributes, queue.attributes.isFifo);
    queue.attributes.change(attributes);
    queue.modifiedMs = state.environment.clock.now();
    return {};
  },
});

export const tagQueue = defineOperation('sqs', 'TagQueue').as({
  run(state: SqsState, { QueueUrl, Tags: tags }, context) {
    addTags(state.byUrl(QueueUrl, context).tags, tags, TAG_RULES);
    return {};
  },
});

export const untagQueue = defineOperation('sqs', 'UntagQueue').as({
  run(state: SqsState, { QueueUrl, TagKeys: keys }, context) {
    const { tags } = state.byUrl(QueueUrl, context);
    for (const key of keys) tags.delete(key);
    return {};
  },
});

export const listQueueTags = defineOperation('sqs', 'ListQueueTags').as({
  run(state: SqsState, { QueueUrl }, context) {
    const { tags } = state.byUrl(QueueUrl, context);
    return tags.size > 0 ? { Tags: Object.fromEntries(tags) } : {};
  },
});

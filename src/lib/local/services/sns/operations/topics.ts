import { defineOperation } from '../../../define-operation.js';
import { pager } from '../../../kit/page.js';
import { addTags, newTags, tagList } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import { invalidParameter } from '../sns-errors.js';
import type { SnsState } from '../sns-state.js';
import { TAG_RULES } from '../tag-rules.js';
import type { Topic } from '../topic.js';

const PAGE_SIZE = 100;
const page = pager(() => invalidParameter('NextToken'));
const SETTABLE = new Set([
  ...[
    'DisplayName',
    'Policy',
    'DeliveryPolicy',
    'KmsMasterKeyId',
    'TracingConfig',
    'SignatureVersion',
    'DataProtectionPolicy',
  ],
  ...['ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'],
]);

export const createTopic = defineOperation('sns', 'CreateTopic').as({
  run(state: SnsState, { Name: name, Attributes: attributes = {}, Tags }, context) {
    const isFifo = attributes.FifoTopic === 'true';
    if (!/^[\w-]{1,256}$/.test(isFifo ? name.replace(/\.fifo$/, '') : name) || (isFifo && !name.endsWith('.fifo'))) {
      throw invalidParameter('Topic Name');
    }
    const { FifoTopic: _, ...given } = attributes;
    checkAttributes(given);
    const tags = newTags(
      Tags?.map(({ Key = '', Value = '' }) => ({ Key, Value })),
      TAG_RULES,
    );
    const topics = state.in(context.region);
    const existing = topics.get(name);
    if (existing) {
      const differs = Object.entries(given).some(([key, value]) => existing.attributes.get(key) !== value);
      if (differs) throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
      return { TopicArn: existing.arn };
    }
    const topic: Topic = {
      name,
      arn: state.arnOf(name, context),
      isFifo,
      attributes: new Map(entriesOf(given)),
      tags,
      subscriptions: new Map(),
      sentOnce: new Map(),
      sequence: 10_000_000_000_000_000_000n,
    };
    topics.set(name, topic);
    return { TopicArn: topic.arn };
  },
});

const entriesOf = (attributes: Readonly<Record<string, string | undefined>>): [string, string][] =>
  Object.entries(attributes).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]]));

function checkAttributes(attributes: Readonly<Record<string, string | undefined>>): void {
  const unknown = Object.keys(attributes).find(
    (name) => !SETTABLE.has(name) && !/FeedbackRoleArn$|FeedbackSampleRate$/.test(name),
  );
  if (unknown !== undefined) throw invalidParameter(`AttributeName: ${unknown}`);
}

export const deleteTopic = defineOperation('sns', 'DeleteTopic').as({
  run(state: SnsState, { TopicArn }) {
    const topic = state.find(TopicArn); // one that is gone is no error
    if (topic) state.in(topic.arn.split(':')[3] ?? '').delete(topic.name);
    return {};
  },
});

export const listTopics = defineOperation('sns', 'ListTopics').as({
  run(state: SnsState, { NextToken: token }, { region }) {
    const { items, next } = page([...state.in(region).values()], {
      of: 'sns.ListTopics',
      keyOf: ({ name }) => name,
      token,
      size: PAGE_SIZE,
    });
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...(next !== undefined && { NextToken: next }) };
  },
});

export const getTopicAttributes = defineOperation('sns', 'GetTopicAttributes').as({
  run(state: SnsState, { TopicArn }, { accountId }) {
    const { arn, isFifo, attributes, subscriptions } = state.topic(TopicArn);
    const all = [...subscriptions.values()];
    const pending = all.filter(({ token }) => token !== undefined).length;
    return {
      Attributes: {
        TopicArn: arn,
        Owner: accountId,
        DisplayName: '',
        Policy: defaultPolicy(arn, accountId),
        EffectiveDeliveryPolicy: EFFECTIVE_DELIVERY_POLICY,
        SubscriptionsConfirmed: String(all.length - pending),
        SubscriptionsPending: String(pending),
        SubscriptionsDeleted: '0',
        ...(isFifo && { FifoTopic: 'true', ContentBasedDeduplication: 'false' }),
        ...Object.fromEntries(attributes),
      },
    };
  },
});

const EFFECTIVE_DELIVERY_POLICY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: { minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3 },
    disableSubscriptionOverrides: false,
  },
});

const defaultPolicy = (arn: string, accountId: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:GetTopicAttributes', 'SNS:Subscribe', 'SNS:Publish'],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  });

export const setTopicAttributes = defineOperation('sns', 'SetTopicAttributes').as({
  run(state: SnsState, { TopicArn, AttributeName: name, AttributeValue: value = '' }) {
    const topic = state.topic(TopicArn);
    checkAttributes({ [name]: value });
    if (value === '') topic.attributes.delete(name);
    else topic.attributes.set(name, value);
    return {};
  },
});

export const tagResource = defineOperation('sns', 'TagResource').as({
  run(state: SnsState, { ResourceArn, Tags }) {
    addTags(
      tagged(state, ResourceArn).tags,
      Tags.map(({ Key = '', Value = '' }) => ({ Key, Value })),
      TAG_RULES,
    );
    return {};
  },
});

export const untagResource = defineOperation('sns', 'UntagResource').as({
  run(state: SnsState, { ResourceArn, TagKeys }) {
    const { tags } = tagged(state, ResourceArn);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsForResource = defineOperation('sns', 'ListTagsForResource').as({
  run: (state: SnsState, { ResourceArn }) => ({ Tags: tagList(tagged(state, ResourceArn).tags) }),
});

function tagged(state: SnsState, arn: string): Topic {
  const topic = state.find(arn);
  if (!topic) throw new AwsError('ResourceNotFoundException', 'Resource does not exist', { status: 404 });
  return topic;
}

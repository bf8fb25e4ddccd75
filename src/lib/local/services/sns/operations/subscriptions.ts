import { randomBytes, randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { parseArn } from '../../../kit/arn.js';
import { pager } from '../../../kit/page.js';
import { askToConfirm, isReachable } from '../deliver.js';
import { compileFilterPolicy, type FilterScope } from '../filter-policy.js';
import { invalidParameter } from '../sns-errors.js';
import type { SnsState } from '../sns-state.js';
import type { Subscription, Topic } from '../topic.js';

const PAGE_SIZE = 100;
const page = pager(() => invalidParameter('NextToken'));
const PENDING = 'pending confirmation';
/** Protocols by what their endpoints look like. */
const ENDPOINTS: Readonly<Record<string, RegExp>> = {
  sqs: /^arn:[\w-]+:sqs:/,
  lambda: /^arn:[\w-]+:lambda:/,
  firehose: /^arn:[\w-]+:firehose:/,
  application: /^arn:[\w-]+:sns:/,
  http: /^http:\/\/./,
  https: /^https:\/\/./,
  email: /^[^@\s]+@[^@\s]+$/,
  'email-json': /^[^@\s]+@[^@\s]+$/,
  sms: /^\+?[\d\s().-]{5,30}$/,
};
const NEED_CONFIRMATION = new Set(['http', 'https']);

export const subscribe = defineOperation('sns', 'Subscribe').as({
  gaps: [
    '**HTTP endpoints** must be on this machine; others are refused. Subscriptions by email and SMS need no confirmation: their messages are kept and shown by `GET /_pipectl/sns/messages`.',
    '**Mobile push** (`application`) is refused.',
  ],
  async run(state: SnsState, input, context) {
    const { Protocol: protocol, Endpoint: endpoint = '', Attributes: attributes = {} } = input;
    const topic = state.topic(input.TopicArn);
    await checkEndpoint(state, topic, protocol, endpoint);
    const existing = [...topic.subscriptions.values()].find(
      (each) => each.protocol === protocol && each.endpoint === endpoint,
    );
    const subscription = existing ?? newSubscription(topic, protocol, endpoint, context.accountId);
    for (const [name, value] of Object.entries(attributes)) {
      if (existing && value !== attributesOf(existing)[name]) {
        throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
      }
      setAttribute(subscription, name, value ?? '');
    }
    topic.subscriptions.set(subscription.arn, subscription);
    if (subscription.token !== undefined) void askToConfirm(state, subscription);
    const isPending = subscription.token !== undefined && input.ReturnSubscriptionArn !== true;
    return { SubscriptionArn: isPending ? PENDING : subscription.arn };
  },
});

async function checkEndpoint(state: SnsState, topic: Topic, protocol: string, endpoint: string): Promise<void> {
  const form = ENDPOINTS[protocol];
  if (!form) throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (protocol === 'application') throw invalidParameter('Protocol: mobile push is not implemented at this endpoint');
  if (!form.test(endpoint))
    throw invalidParameter(`${protocol.toUpperCase()} endpoint ARN`.replace(/^(HTTP|EMAIL|SMS).*/, 'Endpoint'));
  if (topic.isFifo && protocol !== 'sqs') {
    throw invalidParameter('Endpoint Reason: FIFO SNS Topics can only have SQS subscriptions at this endpoint');
  }
  if (!topic.isFifo && protocol === 'sqs' && endpoint.endsWith('.fifo')) {
    throw invalidParameter('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
  }
  if (NEED_CONFIRMATION.has(protocol) && !isReachable(endpoint)) {
    throw invalidParameter(`Endpoint: the local endpoint delivers to this machine alone, not to ${endpoint}`);
  }
  if (parseArn(endpoint) && !(await state.environment.ports.destination(endpoint))) {
    throw invalidParameter(`Endpoint: nothing at this endpoint takes ${endpoint}`);
  }
}

function newSubscription({ arn }: Topic, protocol: string, endpoint: string, owner: string): Subscription {
  return {
    arn: `${arn}:${randomUUID()}`,
    topicArn: arn,
    protocol,
    endpoint,
    owner,
    token: NEED_CONFIRMATION.has(protocol) ? randomBytes(64).toString('hex') : undefined,
    raw: false,
    filterPolicy: undefined,
    filterScope: 'MessageAttributes',
    filter: undefined,
    deadLetterArn: undefined,
    others: new Map(),
  };
}

function setAttribute(subscription: Subscription, name: string, value: string): void {
  switch (name) {
    case 'RawMessageDelivery':
      if (!/^(true|false)$/i.test(value)) {
        throw invalidParameter(
          `Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`,
        );
      }
      subscription.raw = /^true$/i.test(value);
      return;
    case 'FilterPolicyScope':
      if (value !== 'MessageAttributes' && value !== 'MessageBody') {
        throw invalidParameter(
          `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
        );
      }
      setFilter(subscription, subscription.filterPolicy, value);
      return;
    case 'FilterPolicy':
      setFilter(subscription, value === '' || value === '{}' ? undefined : value, subscription.filterScope);
      return;
    case 'RedrivePolicy':
      subscription.deadLetterArn = value === '' ? undefined : deadLetterArnIn(value);
      return;
    case 'DeliveryPolicy':
    case 'SubscriptionRoleArn':
    case 'ReplayPolicy':
      subscription.others.set(name, value);
      return;
    default:
      throw invalidParameter(`AttributeName`);
  }
}

/** A policy may come before its scope: it must be a policy in one of them. */
function setFilter(subscription: Subscription, policy: string | undefined, scope: FilterScope): void {
  subscription.filterScope = scope;
  subscription.filterPolicy = policy;
  subscription.filter = policy === undefined ? undefined : compileFilterPolicy(policy, scope);
}

function deadLetterArnIn(text: string): string {
  try {
    const { deadLetterTargetArn } = JSON.parse(text) as { deadLetterTargetArn?: unknown };
    if (typeof deadLetterTargetArn === 'string' && parseArn(deadLetterTargetArn)?.service === 'sqs')
      return deadLetterTargetArn;
  } catch {
    // said below
  }
  throw invalidParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
}

function attributesOf(subscription: Subscription): Record<string, string> {
  const { arn, topicArn, protocol, endpoint, owner, token, raw, filterPolicy, filterScope, deadLetterArn } =
    subscription;
  return {
    SubscriptionArn: arn,
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: owner,
    PendingConfirmation: String(token !== undefined),
    ConfirmationWasAuthenticated: String(token === undefined),
    RawMessageDelivery: String(raw),
    SubscriptionPrincipal: `arn:aws:iam::${owner}:root`,
    ...(filterPolicy !== undefined && { FilterPolicy: filterPolicy, FilterPolicyScope: filterScope }),
    ...(deadLetterArn !== undefined && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn }) }),
    ...Object.fromEntries(subscription.others),
  };
}

export const confirmSubscription = defineOperation('sns', 'ConfirmSubscription').as({
  run(state: SnsState, { TopicArn, Token }) {
    const subscription = [...state.topic(TopicArn).subscriptions.values()].find(({ token }) => token === Token);
    if (!subscription) throw invalidParameter('Token');
    subscription.token = undefined;
    return { SubscriptionArn: subscription.arn };
  },
});

export const unsubscribe = defineOperation('sns', 'Unsubscribe').as({
  run(state: SnsState, { SubscriptionArn }) {
    state.find(SubscriptionArn.slice(0, SubscriptionArn.lastIndexOf(':')))?.subscriptions.delete(SubscriptionArn);
    return {};
  },
});

export const getSubscriptionAttributes = defineOperation('sns', 'GetSubscriptionAttributes').as({
  run: (state: SnsState, { SubscriptionArn }) => ({
    Attributes: attributesOf(state.subscription(SubscriptionArn).subscription),
  }),
});

export const setSubscriptionAttributes = defineOperation('sns', 'SetSubscriptionAttributes').as({
  run(state: SnsState, { SubscriptionArn, AttributeName, AttributeValue = '' }) {
    setAttribute(state.subscription(SubscriptionArn).subscription, AttributeName, AttributeValue);
    return {};
  },
});

export const listSubscriptions = defineOperation('sns', 'ListSubscriptions').as({
  run(state: SnsState, { NextToken }, { region }) {
    const all = [...state.in(region).values()].flatMap(({ subscriptions }) => [...subscriptions.values()]);
    return listPage(all, 'sns.ListSubscriptions', NextToken);
  },
});

export const listSubscriptionsByTopic = defineOperation('sns', 'ListSubscriptionsByTopic').as({
  run(state: SnsState, { TopicArn, NextToken }) {
    return listPage([...state.topic(TopicArn).subscriptions.values()], `sns.ListSubscriptions ${TopicArn}`, NextToken);
  },
});

function listPage(subscriptions: readonly Subscription[], of: string, token: string | undefined) {
  const { items, next } = page(subscriptions, { of, keyOf: ({ arn }) => arn, token, size: PAGE_SIZE });
  return {
    Subscriptions: items.map(({ arn, token: pending, topicArn, protocol, endpoint, owner }) => ({
      SubscriptionArn: pending === undefined ? arn : 'PendingConfirmation',
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner: owner,
    })),
    ...(next !== undefined && { NextToken: next }),
  };
}

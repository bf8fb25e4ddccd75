import { createHash } from 'node:crypto';
import { deliverToAll } from './deliver.js';
import { type NotificationAttribute, newNotification } from './notification.js';
import { invalidParameter } from './sns-errors.js';
import type { SnsState } from './sns-state.js';
import type { Topic } from './topic.js';

/** What Publish, and an entry of PublishBatch, says. */
export interface Publication {
  Message: string;
  Subject?: string | undefined;
  MessageStructure?: string | undefined;
  MessageAttributes?: Readonly<Record<string, NotificationAttribute | undefined>> | undefined;
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MOST_BYTES = 262_144;
const MOST_SUBJECT = 100;
const DEDUPLICATION_MS = 300_000;

/** Takes a message and hands it to the topic's subscriptions behind the answer. @throws AwsError for what SNS refuses */
export function publishTo(
  state: SnsState,
  topic: Topic,
  publication: Publication,
): { MessageId: string; SequenceNumber?: string } {
  const { Message: text, Subject: subject, MessageStructure: structure } = publication;
  if (text === '') throw invalidParameter('Empty message');
  if (Buffer.byteLength(text) > MOST_BYTES) throw invalidParameter('Message too long');
  if (subject !== undefined && (subject === '' || subject.length > MOST_SUBJECT || /[\p{Cc}]/u.test(subject))) {
    throw invalidParameter('Subject');
  }
  const messages = structure === 'json' ? messagesIn(text) : { default: text };
  const attributes = attributesIn(publication.MessageAttributes ?? {});
  const nowMs = state.environment.clock.now();
  const once = topic.isFifo ? deduplicationKey(topic, publication) : undefined;
  for (const [key, { untilMs }] of topic.sentOnce) if (untilMs <= nowMs) topic.sentOnce.delete(key);
  const earlier = once === undefined ? undefined : topic.sentOnce.get(once);
  if (earlier) return { MessageId: earlier.messageId, SequenceNumber: earlier.sequenceNumber };
  if (topic.isFifo) topic.sequence += 1n;
  const sequenceNumber = topic.isFifo ? String(topic.sequence) : undefined;
  const notification = newNotification({
    topicArn: topic.arn,
    subject,
    messages,
    attributes,
    publishedMs: nowMs,
    group: publication.MessageGroupId,
    deduplicationId: once,
    sequenceNumber,
  });
  if (once !== undefined && sequenceNumber !== undefined) {
    topic.sentOnce.set(once, { messageId: notification.id, sequenceNumber, untilMs: nowMs + DEDUPLICATION_MS });
  }
  deliverToAll(state, topic, notification);
  return { MessageId: notification.id, ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }) };
}

/** A message for each protocol. */
function messagesIn(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const entries = Object.entries((value ?? {}) as object).filter(([, each]) => typeof each === 'string');
  if (!entries.some(([protocol]) => protocol === 'default')) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return Object.fromEntries(entries);
}

function attributesIn(given: Readonly<Record<string, NotificationAttribute | undefined>>) {
  const entries = Object.entries(given).filter(
    (entry): entry is [string, NotificationAttribute] => entry[1] !== undefined,
  );
  for (const [name, { DataType, StringValue, BinaryValue }] of entries) {
    if (!/^(?:String|Number|Binary)(?:\.|$)/.test(DataType)) {
      throw invalidParameter(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    if (StringValue === undefined && BinaryValue === undefined) {
      throw invalidParameter(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    }
  }
  return Object.fromEntries(entries);
}

function deduplicationKey({ attributes }: Topic, publication: Publication): string {
  const { MessageGroupId, MessageDeduplicationId, Message } = publication;
  if (MessageGroupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  if (MessageDeduplicationId !== undefined) return MessageDeduplicationId;
  if (attributes.get('ContentBasedDeduplication') !== 'true') {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return createHash('sha256').update(Message).digest('hex');
}

import { randomBytes, randomUUID } from 'node:crypto';

export interface NotificationAttribute {
  DataType: string;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}

/** One published message. */
export interface Notification {
  id: string;
  topicArn: string;
  subject: string | undefined;
  /** By protocol; `default` for those that have none of their own. */
  messages: Readonly<Record<string, string>>;
  attributes: Readonly<Record<string, NotificationAttribute>>;
  publishedMs: number;
  group: string | undefined;
  deduplicationId: string | undefined;
  sequenceNumber: string | undefined;
}

export const newNotification = (given: Omit<Notification, 'id'>): Notification => ({ ...given, id: randomUUID() });

export const messageFor = ({ messages }: Notification, protocol: string): string =>
  messages[protocol] ?? messages.default ?? '';

/** Texts for attributes: binary values in base64. */
function attributesOf({ attributes }: Notification): Record<string, { Type: string; Value: string }> | undefined {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      Type: DataType,
      Value: BinaryValue === undefined ? (StringValue ?? '') : Buffer.from(BinaryValue).toString('base64'),
    },
  ]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Where a subscription is ended, and what a signature would be checked with. */
export interface NotificationLinks {
  unsubscribeUrl: string;
  certificateUrl: string;
}

/**
 * The JSON that a queue, and an HTTP endpoint, gets.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notificationJson(notification: Notification, protocol: string, links: NotificationLinks): string {
  const attributes = attributesOf(notification);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: notification.id,
    ...(notification.sequenceNumber !== undefined && { SequenceNumber: notification.sequenceNumber }),
    TopicArn: notification.topicArn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: messageFor(notification, protocol),
    Timestamp: new Date(notification.publishedMs).toISOString(),
    ...(notification.sequenceNumber === undefined && {
      SignatureVersion: '1',
      Signature: SIGNATURE,
      SigningCertURL: links.certificateUrl,
    }),
    UnsubscribeURL: links.unsubscribeUrl,
    ...(attributes && { MessageAttributes: attributes }),
  });
}

/** Nobody here can sign as AWS: it has the form of a signature, and verifies with nothing. */
const SIGNATURE = randomBytes(256).toString('base64');

/** The event of a function. https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const lambdaEvent = (notification: Notification, subscriptionArn: string, links: NotificationLinks): string =>
  JSON.stringify({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId: notification.id,
          TopicArn: notification.topicArn,
          Subject: notification.subject ?? null,
          Message: messageFor(notification, 'lambda'),
          Timestamp: new Date(notification.publishedMs).toISOString(),
          SignatureVersion: '1',
          Signature: SIGNATURE,
          SigningCertUrl: links.certificateUrl,
          UnsubscribeUrl: links.unsubscribeUrl,
          MessageAttributes: attributesOf(notification) ?? {},
        },
      },
    ],
  });

/** What an HTTP endpoint must answer before it gets notifications. */
export const confirmationJson = (topicArn: string, token: string, subscribeUrl: string, nowMs: number): string =>
  JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: randomUUID(),
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: subscribeUrl,
    Timestamp: new Date(nowMs).toISOString(),
    SignatureVersion: '1',
    Signature: SIGNATURE,
    SigningCertURL: subscribeUrl,
  });

import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/aws-error.js';
import { invalidValue } from './sqs-errors.js';

/** A message's own attribute: its type names how its value is meant (`String`, `Number.int`, `Binary`). */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string | undefined;
  BinaryValue?: Uint8Array | undefined;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** AWSTraceHeader, which travels beside the sender's attributes. */
  readonly traceHeader: string | undefined;
  readonly bytes: number;
  readonly sentMs: number;
  /** FIFO queues alone. */
  readonly group: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: string | undefined;
  /** Hidden until then: delayed, or with a consumer. */
  visibleAtMs: number;
  /** With a consumer, which may still delete it. */
  isInFlight: boolean;
  receiveCount: number;
  firstReceivedMs: number | undefined;
  /** The queue whose redrive policy moved it. */
  deadLetterSource: string | undefined;
}

export type NewMessage = Pick<Message, 'body' | 'attributes' | 'group' | 'deduplicationId'> &
  Partial<Pick<Message, 'traceHeader'>>;

export const newMessage = (
  sent: NewMessage,
  { nowMs, delayMs, sequenceNumber }: { nowMs: number; delayMs: number; sequenceNumber: string | undefined },
): Message => ({
  id: randomUUID(),
  body: sent.body,
  attributes: sent.attributes,
  traceHeader: sent.traceHeader,
  bytes: messageBytes(sent),
  sentMs: nowMs,
  group: sent.group,
  deduplicationId: sent.deduplicationId,
  sequenceNumber,
  visibleAtMs: nowMs + delayMs,
  isInFlight: false,
  receiveCount: 0,
  firstReceivedMs: undefined,
  deadLetterSource: undefined,
});

/** The body, and the names, types and values of the attributes, all count. */
export function messageBytes({ body, attributes }: Pick<NewMessage, 'body' | 'attributes'>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += BinaryValue?.byteLength ?? Buffer.byteLength(StringValue ?? '');
  }
  return bytes;
}

/** XML's characters: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const NOT_ALLOWED = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const MOST_ATTRIBUTES = 10;
const ATTRIBUTE_NAME = /^(?!\.|aws\.|amazon\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const ATTRIBUTE_TYPE = /^(?:String|Number|Binary)(?:\..+)?$/s;

/** @throws AwsError for a body or attributes that SQS does not take */
export function checkMessage({ body, attributes }: Pick<NewMessage, 'body' | 'attributes'>): void {
  if (body === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  if (NOT_ALLOWED.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    );
  }
  const names = Object.keys(attributes);
  if (names.length > MOST_ATTRIBUTES) {
    throw invalidValue(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  }
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute) checkAttribute(name, attribute);
  }
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  if (!ATTRIBUTE_NAME.test(name)) {
    throw invalidValue(
      `Message (user) attribute name '${name}' is invalid. It can contain only A-Z, a-z, 0-9, hyphen, underscore and period, and must not start or end with a period or start with AWS. or Amazon.`,
    );
  }
  if (!ATTRIBUTE_TYPE.test(DataType)) {
    throw invalidValue(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
  if (value === undefined || value.length === 0) {
    throw invalidValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  if (DataType.startsWith('Number') && !Number.isFinite(Number(value))) {
    throw invalidValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

export const md5Of = (text: string): string => createHash('md5').update(text).digest('hex');

/**
 * The digest of attributes that SDKs compare; undefined where there are none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: string | Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(bytes));
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(name);
    add(DataType);
    hash.update(Uint8Array.of(DataType.startsWith('Binary') ? 2 : 1));
    add(DataType.startsWith('Binary') ? (BinaryValue ?? '') : (StringValue ?? ''));
  }
  return hash.digest('hex');
}

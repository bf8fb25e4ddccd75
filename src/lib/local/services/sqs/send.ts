import { AwsError } from '../../wire/aws-error.js';
import {
  checkMessage,
  type MessageAttribute,
  type MessageAttributes,
  md5Of,
  md5OfAttributes,
  messageBytes,
} from './message.js';
import type { Queue } from './queue.js';
import { invalidValue, missing } from './sqs-errors.js';

/** One message as SendMessage, or an entry of SendMessageBatch, names it. */
export interface SentMessage {
  MessageBody: string;
  MessageAttributes?: Readonly<Record<string, MessageAttribute | undefined>> | undefined;
  MessageSystemAttributes?: Readonly<Record<string, { StringValue?: string | undefined } | undefined>> | undefined;
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
  DelaySeconds?: number | undefined;
}

const FIFO_ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/** @throws AwsError for what the queue does not take */
export function sendTo(queue: Queue, sent: SentMessage) {
  const { MessageBody: body, DelaySeconds } = sent;
  const attributes = attributesOf(sent);
  checkMessage({ body, attributes });
  const most = queue.attributes.number('MaximumMessageSize');
  if (messageBytes({ body, attributes }) > most) {
    throw invalidValue(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
  }
  checkFifo(queue, sent);
  if (DelaySeconds !== undefined && (DelaySeconds < 0 || DelaySeconds > 900)) {
    throw invalidValue(
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  const message = queue.send(
    {
      body,
      attributes,
      group: sent.MessageGroupId,
      deduplicationId: sent.MessageDeduplicationId,
      traceHeader: sent.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    },
    DelaySeconds,
  );
  const md5 = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5Of(body),
    ...(md5 !== undefined && { MD5OfMessageAttributes: md5 }),
    ...(message.sequenceNumber !== undefined && { SequenceNumber: message.sequenceNumber }),
  };
}

const attributesOf = ({ MessageAttributes: given = {} }: SentMessage): MessageAttributes =>
  Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, MessageAttribute] => entry[1] !== undefined),
  );

function checkFifo(queue: Queue, { MessageGroupId, MessageDeduplicationId, DelaySeconds }: SentMessage): void {
  const ids = { MessageGroupId, MessageDeduplicationId };
  for (const [name, id] of Object.entries(ids)) {
    if (id !== undefined && !FIFO_ID.test(id)) {
      throw invalidValue(
        `Value ${id} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      );
    }
  }
  if (queue.attributes.isFifo) {
    if (MessageGroupId === undefined) throw missing('MessageGroupId');
    if (DelaySeconds) {
      throw invalidValue(
        `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
      );
    }
  } else if (MessageDeduplicationId !== undefined) {
    throw invalidValue(
      `Value ${MessageDeduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  }
}

/** @throws AwsError BatchRequestTooLong for entries that are too much together */
export function checkBatchSize(entries: readonly SentMessage[]): void {
  const most = 1_048_576;
  const bytes = entries.reduce(
    (sum, entry) => sum + messageBytes({ body: entry.MessageBody, attributes: attributesOf(entry) }),
    0,
  );
  if (bytes > most) {
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${most} bytes. You have sent ${bytes} bytes.`,
    );
  }
}

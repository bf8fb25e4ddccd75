import type { EventAddress } from '../../../batching/batch.js';
import type { EventSource, QueuedMessage, QueueSource } from '../../ports.js';
import { AwsError } from '../../wire/aws-error.js';
import { md5Of, md5OfAttributes } from './message.js';
import type { Queue, ReceivedMessage } from './queue.js';
import { receiveFrom, systemAttributes } from './receive.js';
import type { SqsState } from './sqs-state.js';

/** A message as an event source mapping holds it. */
interface TakenMessage extends QueuedMessage {
  taken: ReceivedMessage;
}

/** Queues as event sources: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const queueSource = (state: SqsState): EventSource => ({
  title: 'Amazon SQS',
  accepts: ({ resource }) => /^[\w.-]+$/.test(resource),
  async open(arn) {
    const queue = state.byArn(arn);
    if (!queue) {
      throw new AwsError(
        'InvalidParameterValueException',
        `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.`,
      );
    }
    return openQueue(state, queue);
  },
});

/** Long enough to be no poll. */
const LONG_SECONDS = 3600;

function openQueue(state: SqsState, queue: Queue): QueueSource {
  const { clock, accountId } = state.environment;
  return {
    kind: 'queue',
    visibilitySeconds: () => queue.attributes.number('VisibilityTimeout'),
    isFifo: queue.attributes.isFifo,
    count: () => queue.peek().length,
    async receive({ most, mostBytes, waitMs }, signal) {
      const wish = {
        most,
        mostBytes,
        hiddenSeconds: undefined,
        waitSeconds: waitMs === undefined ? LONG_SECONDS : waitMs / 1000,
        deadLetters: state.deadLettersOf(queue),
      };
      const received = await receiveFrom(queue, wish, clock, signal);
      return received.map(
        (taken): TakenMessage => ({
          id: taken.message.id,
          group: taken.message.group,
          body: taken.message.body,
          taken,
        }),
      );
    },
    async delete(messages) {
      for (const { taken } of messages as readonly TakenMessage[]) queue.delete(taken.receiptHandle);
    },
    async release(messages) {
      for (const { taken } of messages as readonly TakenMessage[]) queue.changeVisibility(taken.receiptHandle, 0);
    },
    onChange: (notify) => queue.onChange(notify),
    toEvent: (messages, address) =>
      Buffer.from(
        JSON.stringify({
          Records: (messages as readonly TakenMessage[]).map(({ taken }) => eventRecord(taken, address, accountId)),
        }),
      ),
    filterable: ({ body }) => ({ body: parsed(body) }),
  };
}

/** A filter looks into a body that is JSON, and sees any other as text. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function eventRecord({ message, receiptHandle }: ReceivedMessage, address: EventAddress, accountId: string): object {
  const attributes = Object.entries(message.attributes).map(([name, attribute]) => [
    name,
    {
      ...(attribute.StringValue !== undefined && { stringValue: attribute.StringValue }),
      ...(attribute.BinaryValue !== undefined && {
        binaryValue: Buffer.from(attribute.BinaryValue).toString('base64'),
      }),
      stringListValues: [],
      binaryListValues: [],
      dataType: attribute.DataType,
    },
  ]);
  const md5 = md5OfAttributes(message.attributes);
  return {
    messageId: message.id,
    receiptHandle,
    body: message.body,
    attributes: systemAttributes(message, accountId),
    messageAttributes: Object.fromEntries(attributes),
    ...(md5 !== undefined && { md5OfMessageAttributes: md5 }),
    md5OfBody: md5Of(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: address.eventSourceArn,
    awsRegion: address.region,
  };
}

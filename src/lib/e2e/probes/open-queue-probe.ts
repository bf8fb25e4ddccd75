import type { SQSClient } from '@aws-sdk/client-sqs';
import { reference } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import { functionNameIn } from '../arn-parts.js';
import { poll } from './poll.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';

/** A receive waits this long for messages; the probe holds one call open for most of the time. */
const WAIT_SECONDS = 1;

/**
 * Watches a queue as its consumer: SQS shows messages only to those who receive them, so the probe receives and deletes them. A queue that a
 * function reads is refused.
 */
async function openQueueProbe(queue: string, context: ProbeContext): Promise<Probe> {
  const named = await context.resolve(queue);
  const sqs = await context.clients.sqs();
  const url = await queueUrl(sqs, named, context.signal);
  await refuseReadQueue(url, sqs, context);
  const drained = await drainQueue(sqs, url, context, (text, id, sentAtMs) =>
    context.see({ text, id, ...(sentAtMs !== undefined && { stampedAtMs: sentAtMs }) }),
  );
  return { watched: `queue ${url.split('/').at(-1)}`, close: drained.close };
}

/** Receives and deletes every message of a queue until it is closed. */
export async function drainQueue(
  sqs: SQSClient,
  url: string,
  context: ProbeContext,
  take: (text: string, id: string, sentAtMs: number | undefined) => void,
): Promise<{ close(): Promise<void> }> {
  const { DeleteMessageBatchCommand, ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
  const receive = async (seconds: number): Promise<number> => {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: seconds,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
      { abortSignal: context.signal },
    );
    for (const { Body: text = '', MessageId: id = '', Attributes: attributes } of messages)
      take(text, id, attributes?.SentTimestamp === undefined ? undefined : Number(attributes.SentTimestamp));
    if (messages.length > 0)
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: url,
          Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        }),
        { abortSignal: context.signal },
      );
    return messages.length;
  };
  const round = async (last: boolean): Promise<void> => {
    try {
      while ((await receive(last ? 0 : WAIT_SECONDS)) > 0);
      context.unreadable(undefined);
    } catch (error) {
      if (!context.signal.aborted) context.unreadable((error as Error).message);
    }
  };
  return poll(round, 0, context.clock, context.signal);
}

/** The URL of a queue that is named by its URL, its ARN or its name. */
async function queueUrl(sqs: SQSClient, named: string, abortSignal: AbortSignal): Promise<string> {
  if (/^https?:\/\//.test(named)) return named;
  const { GetQueueUrlCommand } = await import('@aws-sdk/client-sqs');
  const name = named.split(':').at(-1);
  try {
    const { QueueUrl: url = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }), { abortSignal });
    return url;
  } catch (cause) {
    if (!/QueueDoesNotExist|NonExistentQueue/.test((cause as Error).name)) throw cause;
    throw new OperationError(`There is no queue ${name} to watch.`, {
      hint: 'Deploy the stack that makes it, or correct its name.',
      cause,
    });
  }
}

async function refuseReadQueue(url: string, sqs: SQSClient, { clients, signal }: ProbeContext): Promise<void> {
  const { GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda');
  const { Attributes: attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    { abortSignal: signal },
  );
  const lambda = await clients.lambda();
  const { EventSourceMappings: [mapping] = [] } = await lambda
    .send(new ListEventSourceMappingsCommand({ EventSourceArn: attributes?.QueueArn }), { abortSignal: signal })
    .catch(() => ({ EventSourceMappings: [] }));
  if (!mapping) return;
  const reader = functionNameIn(mapping.FunctionArn) ?? mapping.FunctionArn;
  throw new OperationError(`The queue ${url.split('/').at(-1)} cannot be watched: the function ${reader} reads it.`, {
    hint: `A message goes to one reader only. Watch the function: { function: ${reader} }`,
  });
}

interface QueueSpec {
  kind: 'queue';
  queue: string;
}

export const queueProbe: ProbeKind<QueueSpec> = {
  key: 'queue',
  help: 'An SQS queue that nothing else reads, by name, ARN or URL; its messages are received and deleted.',
  sees: 'a message holds it; the probe receives and deletes the messages, so nothing else may read the queue',
  value: reference,
  toSpec: (queue) => ({ kind: 'queue', queue }),
  open: ({ queue }, context) => openQueueProbe(queue, context),
  describe: ({ queue }) => `queue ${queue}`,
};

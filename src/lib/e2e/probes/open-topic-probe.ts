import { reference } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import { drainQueue } from './open-queue-probe.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';

/** Watches a topic by a queue of its own, which is subscribed for the run and deleted with its subscription afterwards. */
async function openTopicProbe(topic: string, context: ProbeContext): Promise<Probe> {
  const { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const { SubscribeCommand, UnsubscribeCommand } = await import('@aws-sdk/client-sns');
  const arn = await context.resolve(topic);
  const name = arn.split(':').at(-1) ?? arn;
  const [sqs, sns] = [await context.clients.sqs(), await context.clients.sns()];
  const during = { abortSignal: context.signal };
  // A standard queue also takes what a FIFO topic sends. https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-delivery.html
  const made = await sqs.send(
    new CreateQueueCommand({ QueueName: `pipectl-e2e-${context.runId}-${name}`.slice(0, 80) }),
    during,
  );
  const url = made.QueueUrl ?? '';
  let subscription: string | undefined;
  const undo = async (): Promise<void> => {
    // Not by the run's signal: Ctrl-C must not leave them.
    if (subscription !== undefined)
      await sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription })).catch(() => {});
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url })).catch(() => {});
  };
  try {
    const { Attributes: attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
      during,
    );
    const queue = attributes?.QueueArn ?? '';
    await allow(url, queue, arn, context);
    const answer = await sns.send(
      new SubscribeCommand({ TopicArn: arn, Protocol: 'sqs', Endpoint: queue, ReturnSubscriptionArn: true }),
      during,
    );
    subscription = answer.SubscriptionArn;
    const drained = await drainQueue(sqs, url, context, (text, id, sentAtMs) =>
      context.see({ text, id, ...(sentAtMs !== undefined && { stampedAtMs: sentAtMs }) }),
    );
    return {
      watched: `topic ${name}`,
      async close() {
        await drained.close();
        await undo();
      },
    };
  } catch (cause) {
    await undo();
    if (!/NotFound/.test((cause as Error).name)) throw cause;
    throw new OperationError(`There is no topic ${name} to watch.`, {
      hint: 'Name a topic by its ARN, as "output:STACK.TopicArn" does.',
      cause,
    });
  }
}

async function allow(url: string, queue: string, topic: string, { clients, signal }: ProbeContext): Promise<void> {
  const { SetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const sqs = await clients.sqs();
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }), { abortSignal: signal });
}

interface TopicSpec {
  kind: 'topic';
  topic: string;
}

export const topicProbe: ProbeKind<TopicSpec> = {
  key: 'topic',
  help: 'An SNS topic, by ARN; a queue of its own is subscribed for the run.',
  sees: 'a message published to it holds it; a queue of the probe’s own is subscribed for the run',
  value: reference,
  toSpec: (topic) => ({ kind: 'topic', topic }),
  open: ({ topic }, context) => openTopicProbe(topic, context),
  describe: ({ topic }) => `topic ${topic}`,
};

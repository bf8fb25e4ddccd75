import type { Look } from './case.js';

/** At a queue: what its redrive policy has moved away to its dead-letter queue. */
export const lookAtQueue: Look = async ({ hop, to }, { session }) => {
  if (to.kind !== 'queue') return [];
  const { GetQueueAttributesCommand, GetQueueUrlCommand } = await import('@aws-sdk/client-sqs');
  const sqs = await session.options.clients.sqs();
  const urlOf = async (named: string): Promise<string | undefined> => {
    if (/^https?:/.test(named)) return named;
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: named.split(':').at(-1) }))).QueueUrl;
  };
  const named = await session.resolver.resolve(to.queue);
  const url = await urlOf(named).catch(() => undefined);
  if (url === undefined) return [{ hop, weight: 'cause', text: `Queue "${named}" does not exist any more.` }];
  const attributesOf = async (QueueUrl: string | undefined) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
  const { RedrivePolicy: policy } = await attributesOf(url);
  if (policy === undefined) return [];
  const { deadLetterTargetArn: arn, maxReceiveCount: most } = JSON.parse(policy) as Record<string, string>;
  const { ApproximateNumberOfMessages: count = '0' } = await attributesOf(await urlOf(arn ?? ''));
  if (count === '0') return [];
  const text = `${count} messages are in the dead-letter queue ${arn?.split(':').at(-1)}: received ${most} times and not deleted.`;
  return [{ hop, weight: 'cause', text }];
};

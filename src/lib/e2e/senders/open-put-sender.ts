import type { Sender, SenderContext } from './sender.js';

/** Each event is one record: a text goes as it is, anything else as JSON. */
export async function openPutSender(stream: string, { clients, resolve }: SenderContext): Promise<Sender> {
  const { PutRecordCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await clients.kinesis();
  const named = await resolve(stream);
  const address = named.startsWith('arn:') ? { StreamARN: named } : { StreamName: named };
  return {
    via: `put ${named.split(':stream/').at(-1)}`,
    async send({ payload, partitionKey }, signal) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      await kinesis.send(new PutRecordCommand({ ...address, PartitionKey: partitionKey, Data: Buffer.from(text) }), {
        abortSignal: signal,
      });
      return undefined;
    },
  };
}

import { z } from 'zod';
import { reference } from '../../project/schema-parts.js';
import type { Sender, SenderContext, SenderKind } from './sender.js';

/** Each event is one record: a text goes as it is, anything else as JSON. */
async function openPutSender({ stream, partitionKey }: PutSpec, { clients, resolve }: SenderContext): Promise<Sender> {
  const { PutRecordCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await clients.kinesis();
  const named = await resolve(stream);
  const address = named.startsWith('arn:') ? { StreamARN: named } : { StreamName: named };
  return {
    via: `put ${named.split(':stream/').at(-1)}`,
    async send({ payload, fill }, signal) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      await kinesis.send(
        new PutRecordCommand({ ...address, PartitionKey: fill(partitionKey), Data: Buffer.from(text) }),
        {
          abortSignal: signal,
        },
      );
      return undefined;
    },
  };
}

export interface PutSpec {
  kind: 'put';
  stream: string;
  /** With `{key}`, `{marker}`, `{n}` or `{now}` in it, perhaps. */
  partitionKey: string;
}

const partitionKey = z.string().min(1).max(256);

export const putSender: SenderKind<PutSpec> = {
  key: 'put',
  help: 'Sends by putting records into this stream.',
  value: reference,
  beside: { partitionKey: partitionKey.describe('With "put"; "{key}" when left out.') },
  toSpec: (stream, { partitionKey: given }) => ({
    kind: 'put',
    stream,
    partitionKey: partitionKey.optional().parse(given) ?? '{key}',
  }),
  open: openPutSender,
  describe: ({ stream }) => `put ${stream}`,
};

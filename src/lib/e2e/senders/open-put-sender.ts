import { z } from 'zod';
import { reference } from '../../project/schema-parts.js';
import { gatherRecords } from './gather-records.js';
import type { Sender, SenderContext, SenderKind } from './sender.js';

/** Each event is one record: a text goes as it is, anything else as JSON. Events that wait for a call to end go together in the next. */
async function openPutSender({ stream, partitionKey }: PutSpec, context: SenderContext): Promise<Sender> {
  const { PutRecordCommand, PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await context.clients.kinesis();
  const named = await context.resolve(stream);
  const address = named.startsWith('arn:') ? { StreamARN: named } : { StreamName: named };
  const { signal: abortSignal } = context;
  const put = gatherRecords(
    async (records) => {
      const { Records } = await kinesis.send(new PutRecordsCommand({ ...address, Records: [...records] }), {
        abortSignal,
      });
      return records.filter((_, index) => Records?.[index]?.SequenceNumber === undefined);
    },
    async (record) => {
      await kinesis.send(new PutRecordCommand({ ...address, ...record }), { abortSignal });
    },
  );
  return {
    via: `put ${named.split(':stream/').at(-1)}`,
    async send({ payload, fill }) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      await put({ PartitionKey: fill(partitionKey), Data: Buffer.from(text) });
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

import { z } from 'zod';
import type { KinesisRecord } from '../../batching/kinesis-event.js';
import { ConsumeMeter } from '../../consume/consume-meter.js';
import { mergeSettings } from '../../consume/consume-settings.js';
import { consumeStream } from '../../consume/consume-stream.js';
import { openHandler } from '../../consume/open-handler.js';
import { decodeRecord } from '../../decode/decode-record.js';
import { reference, strict } from '../../project/schema-parts.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';

/** What the target's clock is thought to be may be wrong by so much before a record of this run is thought older than it. */
const CLOCK_SLACK_MS = 5000;
/** A batch that fails is retried without end: a probe that closes waits for it no longer than this. */
const CLOSING_MS = 3000;
const NO_ACCOUNT = '000000000000';

/** Runs a handler against a stream, as `pipectl consume` does: an event has passed when the handler has processed its record. */
async function openHandlerProbe({ stream, handler }: HandlerSpec, context: ProbeContext): Promise<Probe> {
  const { clients, clock } = context;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const { target } = clients;
  const named = await context.resolve(stream);
  const name = named.split(':stream/').at(-1) ?? named;
  const streamArn = named.startsWith('arn:') ? named : `arn:aws:kinesis:${target.region}:${NO_ACCOUNT}:stream/${name}`;
  const settings = mergeSettings();
  const opened = await openHandler({ handler, watch: false, inspect: false }, settings, {
    target,
    accountId: streamArn.split(':')[4] ?? NO_ACCOUNT,
    cwd: context.folder,
    env: process.env,
    clients: async () => clients,
    onLog: () => {},
    onRestart: () => {},
  });
  const finish = new AbortController();
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const consuming = consumeStream({
    clients,
    stream: name,
    eventSourceArn: streamArn,
    region: target.region,
    from: { kind: 'time', epochMs: context.openedAtMs - CLOCK_SLACK_MS },
    settings,
    accepts: () => true,
    invoker: opened.invoker,
    meter: new ConsumeMeter(),
    giveUp: async () => {},
    onProcessed: (records) => see(records, context),
    onReady: () => isReady(),
    onWarning: (text) => context.unreadable(text),
    clock,
    signal,
    finish: finish.signal,
  }).finally(() => opened.close());
  await Promise.race([ready, consuming]);
  const ended = consuming.catch((error: Error) => {
    if (!signal.aborted) context.unreadable(`${error.name}: ${error.message}`);
  });
  return {
    watched: `${handler} on stream ${name}`,
    async close() {
      finish.abort();
      const waiting = clock.sleep(CLOSING_MS, signal).catch(() => {});
      await Promise.race([ended, waiting]);
      stop.abort();
      await ended;
    },
  };
}

function see(records: readonly KinesisRecord[], context: ProbeContext): void {
  for (const { shardId, sequenceNumber, data } of records)
    for (const [index, { text }] of decodeRecord(Buffer.from(data)).items.entries())
      context.see({ id: `${shardId} ${sequenceNumber} ${index}`, text, lane: shardId });
}

export interface HandlerSpec {
  kind: 'handler';
  stream: string;
  handler: string;
}

const value = strict(
  {
    stream: reference.describe('The stream that the handler consumes.'),
    file: z.string().min(1).describe('The handler, FILE or FILE:EXPORT, relative to the check file.'),
  },
  '"handler"',
);

export const handlerProbe: ProbeKind<HandlerSpec, z.output<typeof value>> = {
  key: 'handler',
  help: 'A handler of your own, which pipectl runs against a stream.',
  sees: 'the handler has [consumed](consume.md) a record that holds it: `{ stream: STREAM, file: FILE }`',
  value,
  toSpec: ({ stream, file }) => ({ kind: 'handler', stream, handler: file }),
  open: openHandlerProbe,
  describe: ({ stream, handler }) => `${handler} on stream ${stream}`,
};

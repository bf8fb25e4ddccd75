import { decodeRecord } from '../../decode/decode-record.js';
import { reference } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import type { Delivery } from '../../stream/delivery.js';
import { pollPace } from '../../stream/read-pace.js';
import { type ReadPatience, shardReader } from '../../stream/read-shard.js';
import { listPatiently, walkShards } from '../../stream/walk-shards.js';
import { wireSource } from '../../stream/wire-source.js';
import { explainSdkError } from '../../target/explain-sdk-error.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';

/** What the target's clock is thought to be may be wrong by so much before a record of this run is thought older than it. */
const CLOCK_SLACK_MS = 5000;
/** A throttled read is tried again at once, so that not even the last round before closing leaves something unread. */
const THROTTLED_PAUSE_MS = 300;
/** Between reads of a backlog, once a shard has refused one. */
const POLITE_MS = 210;
/** How often a probe that opens tries what does not answer. */
const OPENING_TRIES = 3;

/** Watches a stream: every shard, children that a reshard makes while it runs, each record decoded. */
async function openStreamProbe(stream: string, context: ProbeContext): Promise<Probe> {
  const { clients, clock, pace, signal } = context;
  const named = await context.resolve(stream);
  const source = wireSource(await clients.kinesisWire(), named);
  const finish = new AbortController();
  const patience = new ProbePatience(context);
  const read = shardReader({
    source,
    clock,
    patience,
    pace: () => pollPace({ clock, idleMs: pace.shardPollMs, moreMs: POLITE_MS, eager: true }),
  });
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const walking = walkShards({
    // Not `LATEST`: what that means is settled only when the first read arrives. Markers tell old records from ours.
    from: { kind: 'time', epochMs: context.openedAtMs - CLOCK_SLACK_MS },
    skipClosed: true,
    clock,
    list: () => listPatiently({ source, clock, patience }, signal),
    read,
    deliver: async (delivery) => see(delivery, context),
    onReady: () => isReady(),
    signal,
    finish: finish.signal,
  });
  await Promise.race([ready, walking]).catch((cause: Error) => {
    if (cause.name !== 'ResourceNotFoundException') throw cause;
    throw new OperationError(`There is no stream ${named} to watch.`, {
      hint: 'Deploy it first, or mend its name.',
      cause,
    });
  });
  patience.opened = true;
  const ended = walking.catch((error: Error) => {
    if (!signal.aborted) context.unreadable(`${error.name}: ${error.message}`);
  });
  return {
    watched: `stream ${named.split(':stream/').at(-1)}`,
    async close() {
      finish.abort();
      await ended;
    },
  };
}

function see({ shardId, records }: Delivery, context: ProbeContext): number {
  for (const { data, arrivedMs, sequenceNumber } of records)
    for (const [index, { text, layers }] of decodeRecord(data).items.entries())
      context.see({
        id: `${shardId} ${sequenceNumber} ${index}`,
        // Avro and its like hold their texts as they are.
        text: layers.at(-1) === 'hex' ? Buffer.from(text, 'hex').toString('latin1') : text,
        lane: shardId,
        ...(arrivedMs > 0 && { stampedAtMs: arrivedMs }),
      });
  return records.length;
}

/** A probe that is open never gives up: it says that it cannot read, and the verdict decides. */
class ProbePatience implements ReadPatience {
  opened = false;
  readonly #context: ProbeContext;
  /** Why shards cannot be read; one that can does not make up for one that cannot. */
  readonly #trouble = new Map<string, string>();

  constructor(context: ProbeContext) {
    this.#context = context;
  }

  answered(shardId: string): void {
    if (this.#trouble.delete(shardId)) this.#tell();
  }

  failed(shardId: string, { kind, cause }: Parameters<ReadPatience['failed']>[1], tries: number): number {
    const { clients, pace, throttled } = this.#context;
    if (kind === 'throttled') {
      throttled();
      return THROTTLED_PAUSE_MS;
    }
    if (!this.opened && (kind !== 'passing' || tries >= OPENING_TRIES)) throw cause;
    const { name, message } = cause as Error;
    this.#trouble.set(shardId, explainSdkError(cause, clients.target)?.message ?? `${name}: ${message}`);
    this.#tell();
    return pace.shardPollMs;
  }

  #tell(): void {
    const [first] = this.#trouble;
    this.#context.unreadable(first && `shard ${first[0]}: ${first[1]}`);
  }
}

export interface StreamSpec {
  kind: 'stream';
  stream: string;
}

export const streamProbe: ProbeKind<StreamSpec> = {
  key: 'stream',
  help: 'A Kinesis stream, by name or ARN; records are decoded.',
  sees: 'a record holds it, after [every layer](tail.md) is taken off: KPL, gzip, the Logs envelope, base64',
  value: reference,
  toSpec: (stream) => ({ kind: 'stream', stream }),
  open: ({ stream }, context) => openStreamProbe(stream, context),
  describe: ({ stream }) => `stream ${stream}`,
};

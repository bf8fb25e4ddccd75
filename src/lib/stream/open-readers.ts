import type { Clock } from '../shared/clock.js';
import type { Clients } from '../target/clients.js';
import { pushReader, subscriptionsOf } from './push-shard.js';
import { pollPace } from './read-pace.js';
import { type ReadShard, shardReader } from './read-shard.js';
import { registerConsumer } from './registered-consumer.js';
import type { ListedShard } from './shard-source.js';
import { patienceWith } from './target-patience.js';
import { listPatiently } from './walk-shards.js';
import { wireSource } from './wire-source.js';

/** A shard allows five reads a second, to all its readers together. */
const POLITE_MS = 210;
/** With nothing new, four reads a second leave one for others. */
const IDLE_MS = 250;
/** Many subscriptions ask for the list of shards: they share one this old. */
const LIST_AGE_MS = 5000;

export interface ReadersOptions {
  clients: Clients;
  stream: string;
  fanOut: boolean;
  clock: Clock;
  onWarning(text: string): void;
  signal: AbortSignal;
}

export interface Readers {
  list(): Promise<ListedShard[]>;
  read: ReadShard;
  close(): Promise<void>;
}

/** What reads the shards of a stream: GetRecords, or with `fanOut` a consumer of its own, registered for this run. */
export async function openReaders(options: ReadersOptions): Promise<Readers> {
  const { clients, stream, fanOut, clock, onWarning, signal } = options;
  const { target } = clients;
  const source = wireSource(await clients.kinesisWire(), stream);
  const resumes = 'reading continues after the last record read';
  const patience = patienceWith(target, { clock, resumes, onWarning });
  const list = (): Promise<ListedShard[]> => listPatiently({ source, clock, patience }, signal);
  const pace = () => pollPace({ clock, idleMs: IDLE_MS, moreMs: POLITE_MS, eager: target.kind !== 'aws' });
  const poll = shardReader({ source, clock, pace, patience });
  if (!fanOut) return { list, read: poll, close: async () => {} };

  const kinesis = await clients.kinesis();
  const consumer = await registerConsumer(kinesis, stream, clock, signal);
  const subscribe = subscriptionsOf(kinesis, consumer.consumerArn);
  const read = pushReader({ subscribe, clock, patience, list: remembered(list, clock), poll });
  return { list, read, close: () => consumer.close() };
}

/** Answers with the same list for a while. */
function remembered(list: () => Promise<ListedShard[]>, clock: Clock): () => Promise<ListedShard[]> {
  let last: { atMs: number; shards: Promise<ListedShard[]> } | undefined;
  return () => {
    if (last === undefined || clock.now() - last.atMs >= LIST_AGE_MS) last = { atMs: clock.now(), shards: list() };
    return last.shards;
  };
}

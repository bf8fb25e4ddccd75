import { setMaxListeners } from 'node:events';
import type { MessageReader } from '../decode/decode-record.js';
import { utf8Text } from '../decode/utf8-text.js';
import { type Clock, systemClock } from '../shared/clock.js';
import { number } from '../shared/count-words.js';
import { OperationError, UsageError } from '../shared/errors.js';
import type { FilterPattern } from '../shared/filter-pattern/filter-pattern.js';
import { printableText } from '../shared/printable-text.js';
import { Checkpoint } from '../stream/checkpoint.js';
import type { Deliver, Delivery, StreamRecord } from '../stream/delivery.js';
import { openReaders } from '../stream/open-readers.js';
import type { Position, ShardPosition } from '../stream/shard-position.js';
import { ShardRanges } from '../stream/shard-ranges.js';
import { NoSuchShard, walkShards } from '../stream/walk-shards.js';
import type { Clients } from '../target/clients.js';
import type { RenderItem } from './render-item.js';
import { decodedItems, keyOf, plainItem, type TailItem } from './tail-item.js';
import type { TailStats } from './tail-stats.js';

const SAVE_EVERY_MS = 500;
/** Text is handed on in pieces, so that a long answer does not become one string of a hundred megabytes. */
const PIECE_CHARS = 256 * 1024;

export interface TailOptions {
  clients: Clients;
  stream: string;
  from: Position;
  untilMs?: number | undefined;
  /** Items shown, then it ends. */
  limit?: number | undefined;
  /** Ends when nothing came for this long. */
  idleExitMs?: number | undefined;
  shards?: ReadonlySet<string> | undefined;
  key?: string | undefined;
  decode: boolean;
  /** Readers of Avro messages, by the id of their schema. */
  schemas?: ReadonlyMap<string, MessageReader> | undefined;
  filter?: FilterPattern | undefined;
  checkpointFile?: string | undefined;
  /** In place of a file: where reading resumes, and who is told of the positions, twice a second and at the end. */
  checkpoint?: Pick<Checkpoint, 'positions' | 'save'> | undefined;
  fanOut: boolean;
  /** How items are shown: as lines, as the records' own bytes, or counted only; or who takes those of a delivery, in turn with other shards. */
  show:
    | { kind: 'items'; take(items: readonly TailItem[], delivery: Delivery): Promise<void> }
    | { kind: 'lines'; render: RenderItem; marksBroken: boolean }
    | { kind: 'raw'; toTerminal: boolean }
    | { kind: 'stats'; stats: TailStats };
  write(text: string | Uint8Array): Promise<void>;
  /** Resolves when the system has taken all that was written. */
  flush(): Promise<void>;
  onReady?(shardCount: number): void;
  onNote?(note: string): void;
  onWarning?(text: string): void;
  clock?: Clock;
  signal: AbortSignal;
}

export interface TailResult {
  records: number;
  /** What was shown of them: fewer with a filter, more where several are packed in one. */
  items: number;
}

/** `1,200 records read, 35 shown`: what a tail says at its end, also after Ctrl-C. */
export function renderTailResult({ records, items }: TailResult): string {
  const read = `${number(records)} record${records === 1 ? '' : 's'} read`;
  return items === records ? read : `${read}, ${number(items)} shown`;
}

/** Follows a stream: every shard in order, until the signal aborts or what was asked for is read. */
export async function tailStream(options: TailOptions): Promise<TailResult> {
  return new Tail(options).run();
}

class Tail {
  readonly #options: TailOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #positions = new Map<string, ShardPosition>();
  #changed = false;
  /** Until the places where reading starts are on disk: a run that is killed before must not start at a later LATEST. */
  #unsaved: Pick<Checkpoint, 'save'> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #idleTimer: NodeJS.Timeout | undefined;
  #ranges: ShardRanges | undefined;
  #records = 0;
  #items = 0;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    setMaxListeners(0, this.#signal); // every shard's reader listens
  }

  async run(): Promise<TailResult> {
    const { clients, stream, checkpointFile, from, untilMs, shards, fanOut, clock = systemClock } = this.#options;
    const checkpoint =
      checkpointFile === undefined ? this.#options.checkpoint : await Checkpoint.open(checkpointFile, stream);
    for (const [id, position] of checkpoint?.positions ?? []) this.#positions.set(id, position);
    const onWarning = (text: string): void => this.#options.onWarning?.(text);
    const readers = await openReaders({ clients, stream, fanOut, clock, onWarning, signal: this.#signal });
    const ranges = new ShardRanges(readers.list);
    this.#ranges = ranges;
    this.#unsaved = checkpoint;
    const saving = checkpoint && this.#saveNowAndThen(checkpoint);
    try {
      await walkShards({
        from,
        untilMs,
        only: shards,
        resume: checkpoint?.positions ?? new Map(),
        clock,
        list: () => ranges.list(),
        read: readers.read,
        deliver: this.#deliver,
        onPosition: (shardId, position) => {
          this.#positions.set(shardId, position);
          this.#changed = true;
        },
        onReady: (count) => {
          this.#armIdleTimer();
          this.#options.onReady?.(count);
        },
        onChildren: (parents, children) =>
          this.#options.onNote?.(
            `${parents.join(' and ')} ${parents.length === 1 ? 'is' : 'are'} closed and read; going on with ${children.join(' and ')}`,
          ),
        onWarning,
        signal: this.#signal,
      });
    } catch (error) {
      if (!this.#signal.aborted) throw explain(error, stream, from);
      if (this.#options.signal.aborted && !isAbort(error, this.#signal)) throw error;
    } finally {
      clearTimeout(this.#idleTimer);
      this.#stop.abort(new Error('tail has ended'));
      await saving;
      if (checkpoint) await this.#save(checkpoint).catch((error: Error) => this.#options.onWarning?.(error.message));
      await readers.close();
    }
    return { records: this.#records, items: this.#items };
  }

  /** Shards take turns: one delivery is shown at a time, and readers wait for theirs. */
  readonly #deliver: Deliver = (delivery) => {
    const turn = this.#turn.then(async () => {
      if (delivery.records.length > 0) await this.#saveBeforeFirst();
      return this.#show(delivery);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  };

  async #show(delivery: Delivery): Promise<number> {
    this.#signal.throwIfAborted();
    const { show } = this.#options;
    // Whoever reads the output may take long: that is no time in which nothing came.
    if (delivery.records.length > 0) clearTimeout(this.#idleTimer);
    if (show.kind === 'items') return this.#handOn(delivery, show.take);
    if (show.kind === 'stats') show.stats.addDelivery(delivery);
    const nowMs = Date.now();
    let piece = '';
    let taken = 0;
    for (const record of delivery.records) {
      const all = this.#itemsOf(record);
      if (all.some(({ subSequenceNumber }) => subSequenceNumber !== undefined)) await this.#markOutside(record, all);
      const room = (this.#options.limit ?? Number.POSITIVE_INFINITY) - this.#items;
      const items = all.length > room ? all.slice(0, room) : all;
      for (const item of items) {
        if (show.kind === 'lines') piece += renderSafely(show.render, item);
        else if (show.kind === 'stats') show.stats.addItem(item);
        else {
          if (show.toTerminal) refuseControl(record);
          await this.#options.write(record.data);
        }
        if (item.problem !== undefined && !(show.kind === 'lines' && show.marksBroken))
          this.#options.onNote?.(`broken: ${record.shardId} ${record.sequenceNumber}: ${item.problem}`);
      }
      this.#items += items.length;
      // A record whose last items are behind the limit is not read: a checkpoint must bring it back.
      if (items.length < all.length) break;
      taken += 1;
      this.#records += 1;
      if (show.kind === 'stats') show.stats.addRecord(record, nowMs);
      if (piece.length > PIECE_CHARS) {
        await this.#options.write(piece);
        piece = '';
      }
      if (items.length === room) break;
    }
    await this.#options.write(piece);
    if (delivery.records.length > 0) this.#armIdleTimer();
    if (this.#items === this.#options.limit) queueMicrotask(() => this.#stop.abort(new Error('the limit is reached')));
    return taken;
  }

  async #handOn(delivery: Delivery, take: Extract<TailOptions['show'], { kind: 'items' }>['take']): Promise<number> {
    const items = delivery.records.flatMap((record) => this.#itemsOf(record));
    this.#records += delivery.records.length;
    this.#items += items.length;
    for (const { record, problem } of items)
      if (problem !== undefined)
        this.#options.onNote?.(`broken: ${record.shardId} ${record.sequenceNumber}: ${problem}`);
    await take(items, delivery);
    if (delivery.records.length > 0) this.#armIdleTimer();
    return delivery.records.length;
  }

  /** The items of the record that are to be shown. */
  #itemsOf(record: StreamRecord): TailItem[] {
    const { decode, show, filter, key, schemas } = this.#options;
    const whole = show.kind === 'raw' && filter === undefined && key === undefined;
    if (whole) return [{ record, layers: [], value: undefined, text: '' }];
    const all = decode
      ? decodedItems(record, (note) => this.#options.onNote?.(note), schemas && { schemas })
      : [plainItem(record)];
    const items =
      filter === undefined && key === undefined
        ? all
        : all.filter((item) => (key === undefined || keyOf(item) === key) && (filter?.matches(item.text) ?? true));
    return show.kind === 'raw' ? items.slice(0, 1) : items;
  }

  /** Marks user records that a KCL consumer drops. */
  async #markOutside({ shardId, sequenceNumber, partitionKey }: StreamRecord, items: TailItem[]): Promise<void> {
    const { show, onNote } = this.#options;
    await this.#ranges?.learn(shardId);
    for (const item of items) {
      const outside = this.#ranges?.isOutside(shardId, item.partitionKey ?? partitionKey, item.explicitHashKey);
      if (!outside) continue;
      item.outsideShard = true;
      if (show.kind === 'lines' && show.marksBroken) continue;
      const which = `user record ${item.subSequenceNumber} of ${shardId} ${sequenceNumber}`;
      onNote?.(`${which}: its hash key belongs to another shard, and KCL consumers drop it`);
    }
  }

  #armIdleTimer(): void {
    const { idleExitMs } = this.#options;
    if (idleExitMs === undefined) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#stop.abort(new Error('nothing came')), idleExitMs);
  }

  async #saveNowAndThen(checkpoint: Pick<Checkpoint, 'save'>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, SAVE_EVERY_MS);
        const { signal } = this.#stop;
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        }
        signal.addEventListener('abort', done);
      });
      await this.#save(checkpoint).catch((error: Error) =>
        this.#options.onWarning?.(`the checkpoint cannot be written: ${error.message}`),
      );
    }
  }

  async #saveBeforeFirst(): Promise<void> {
    const checkpoint = this.#unsaved;
    this.#unsaved = undefined;
    if (checkpoint) await this.#save(checkpoint).catch(() => {}); // the next round tries again, and warns
  }

  /** Only what has left this process counts as read. */
  async #save(checkpoint: Pick<Checkpoint, 'save'>): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    try {
      const positions = new Map(this.#positions);
      await this.#options.flush();
      await checkpoint.save(positions);
    } catch (error) {
      this.#changed = true; // the next round tries again
      throw error;
    }
  }
}

/** JSON may be nested deeper than it can be taken apart and put together again: then its row is empty, and it is marked. */
function renderSafely(render: RenderItem, item: TailItem): string {
  try {
    return render(item);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    item.problem ??= 'JSON that is nested too deep, or too large, to be taken apart';
    return render({ ...item, value: {}, text: '{}' });
  }
}

/** As curl does: bytes as they are, but not those that would act on the terminal they go to. */
function refuseControl({ shardId, sequenceNumber, data }: StreamRecord): void {
  const text = utf8Text(data)?.replaceAll('\r\n', '\n');
  if (text !== undefined && printableText(text) === text) return;
  throw new OperationError(
    `The record ${shardId}:${sequenceNumber} is no plain text: its bytes as they are could act on this terminal.`,
    { hint: 'Look at it without --raw, or send it elsewhere: > FILE, | xxd, or | cat if you trust it.' },
  );
}

const isAbort = (error: unknown, signal: AbortSignal): boolean =>
  error === signal.reason || (error instanceof Error && (error.name === 'AbortError' || error.cause === signal.reason));

/** What was asked for and is not there; the rest is explained as every error of the service is. */
function explain(error: unknown, stream: string, from: Position): unknown {
  if (error instanceof NoSuchShard)
    return new UsageError(`${sentence(error.message)}: ${stream}.`, {
      hint: `\`pipectl streams ${stream}\` lists its shards.`,
    });
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidArgumentException' && from.kind === 'sequence')
    return new UsageError(`--from: ${from.shardId} of ${stream} knows no sequence number ${from.sequenceNumber}.`, {
      hint: 'Take one of a record in that shard, as `pipectl tail --json` shows it; what is older than the retention is at trim-horizon.',
      cause: error,
    });
  if (name === 'ResourceNotFoundException')
    return new OperationError(`${name}: ${(error as Error).message}`, {
      hint: 'It may have been deleted meanwhile.',
      cause: error,
    });
  return error;
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

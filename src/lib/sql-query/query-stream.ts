import { setMaxListeners } from 'node:events';
import { UsageError } from '../shared/errors.js';
import { compileSql } from '../sql/compile-sql.js';
import { inferSchema } from '../sql/input/infer-schema.js';
import type { InputRecord, InputSchema } from '../sql/input/input-schema.js';
import { nameAsWritten } from '../sql/input/name-as-written.js';
import type { OutputBatch } from '../sql/run/outbox.js';
import type { SqlApplication } from '../sql/run/sql-application.js';
import { Checkpoint } from '../stream/checkpoint.js';
import type { Delivery } from '../stream/delivery.js';
import type { ShardPosition } from '../stream/shard-position.js';
import { keyOf, type TailItem } from '../tail/tail-item.js';
import { type TailOptions, tailStream } from '../tail/tail-stream.js';
import type { RowSink } from './row-sink.js';

const ERROR_STREAM = 'error_stream';
/** A schema is inferred from this many records, or from those that came within a second after the first one. */
const SAMPLES = 100;
const SAMPLE_MS = 1000;
/** Windows end between records too. */
const TICK_MS = 1000;

export interface QueryOptions {
  /** What is read, and how; as `tail` reads. */
  reading: Omit<TailOptions, 'show' | 'write' | 'flush' | 'limit' | 'checkpoint' | 'checkpointFile'>;
  sql: string;
  /** The name under which the text reads the stream. */
  inputName: string;
  /** Inferred from the first records if it is undefined. */
  schema: InputSchema | undefined;
  sink: RowSink;
  /** Rows written, then it ends. */
  limit?: number | undefined;
  checkpointFile?: string | undefined;
  /** Told when the query is compiled; false ends the run before anything is written. */
  onStart?(application: SqlApplication, schema: InputSchema): boolean;
  /** Told of each row that cannot be computed: ERROR_NAME, MESSAGE, and the row. */
  onErrorRow(name: string, message: string, row: string): void;
}

export interface QueryResult {
  records: number;
  rows: number;
  errorRows: number;
}

/** What a checkpoint of `sql` keeps besides the positions. */
interface SavedQuery {
  sql: string;
  schema: InputSchema;
  snapshot: string;
}

/**
 * Runs SQL over a stream. With a checkpoint, windows, positions and rows that have not left the process survive kill -9: no row is lost, and
 * those that may have been written before are marked.
 * @throws SqlError, UsageError
 */
export async function queryStream(options: QueryOptions): Promise<QueryResult> {
  return new Query(options).run();
}

class Query {
  readonly #options: QueryOptions;
  readonly #stop = new AbortController();
  /** The last record of each shard that is in the application's state. */
  readonly #pushed = new Map<string, string>();
  #application: SqlApplication | undefined;
  #schema: InputSchema | undefined;
  #results = new Set<string>();
  #waiting: InputRecord[] = [];
  #waitingFor = new Map<string, string>();
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #failure: { error: unknown } | undefined;
  #ended: 'limit' | 'planned' | undefined;
  /** Number of the last row that was handed to the sink. */
  #written = 0;
  #positions: ReadonlyMap<string, ShardPosition> | undefined;
  #rows = 0;
  #errorRows = 0;

  constructor(options: QueryOptions) {
    this.#options = options;
  }

  async run(): Promise<QueryResult> {
    const { reading, checkpointFile, sink } = this.#options;
    const file =
      checkpointFile === undefined
        ? undefined
        : await Checkpoint.open(checkpointFile, reading.stream, 'sql-checkpoint');
    const saved = file?.state as SavedQuery | undefined;
    if (saved && saved.sql !== this.#options.sql) throw this.#otherQuery();
    const schema = this.#options.schema ?? saved?.schema;
    let records = 0;
    try {
      if (schema) await this.#inTurn(() => this.#start(schema, saved?.snapshot).then(() => {}));
      if (this.#ended === undefined) {
        const signal = AbortSignal.any([reading.signal, this.#stop.signal]);
        setMaxListeners(0, signal);
        const checkpoint = file && {
          positions: file.positions,
          save: (positions: ReadonlyMap<string, ShardPosition>) => this.#save(file, positions),
        };
        const show = {
          kind: 'items',
          take: (items, delivery) => this.#take(items, delivery),
        } satisfies TailOptions['show'];
        const write = async (): Promise<void> => {};
        const result = await tailStream({ ...reading, signal, show, write, flush: () => this.#flush(), checkpoint });
        records = result.records;
      }
      await this.#finish(file !== undefined);
      if (file && !this.#failure) await this.#saveLast(file);
    } finally {
      clearTimeout(this.#timer);
      await this.#turn.catch(() => {});
      await sink.close?.();
    }
    if (this.#failure) throw this.#failure.error;
    return { records, rows: this.#rows, errorRows: this.#errorRows };
  }

  /** What was read to its end has no later rows: its windows end now. With a checkpoint, or after Ctrl-C, they stay open. */
  async #finish(keepsWindows: boolean): Promise<void> {
    clearTimeout(this.#timer);
    const interrupted = this.#options.reading.signal.aborted;
    if (this.#failure || this.#ended !== undefined || interrupted) return;
    await this.#inTurn(async () => {
      if (!this.#application && this.#waiting.length > 0) await this.#startWithSamples();
      for (let due = this.#application?.nextDue; !keepsWindows && due !== undefined; due = this.#application?.nextDue) {
        await this.#emit(this.#application?.advance(due) ?? []);
        if (this.#ended !== undefined) break;
      }
      await this.#options.sink.flush();
    });
  }

  /** Deliveries and ticks take turns. */
  #inTurn(work: () => void | Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #take(items: readonly TailItem[], { records, shardId }: Delivery): Promise<void> {
    return this.#inTurn(async () => {
      this.#stop.signal.throwIfAborted();
      const last = records.at(-1)?.sequenceNumber;
      const rows = items.map(toInput);
      if (this.#application) {
        if (last !== undefined) this.#pushed.set(shardId, last);
        await this.#emit(this.#application.push(this.#options.inputName, rows, Date.now()));
        this.#arm();
        return;
      }
      if (last !== undefined) this.#waitingFor.set(shardId, last);
      const isFirst = this.#waiting.length === 0 && rows.length > 0;
      this.#waiting.push(...rows);
      if (this.#waiting.length >= SAMPLES) await this.#startWithSamples();
      else if (isFirst) this.#timer = setTimeout(() => this.#behind(() => this.#startWithSamples()), SAMPLE_MS);
    });
  }

  /** Work that no reader waits for: its error ends the run. */
  #behind(work: () => void | Promise<void>): void {
    this.#inTurn(work).catch((error: unknown) => {
      if (this.#stop.signal.aborted) return;
      this.#failure = { error };
      this.#stop.abort(error);
    });
  }

  async #startWithSamples(): Promise<void> {
    if (this.#application) return;
    clearTimeout(this.#timer);
    const { sql, inputName } = this.#options;
    const waiting = this.#waiting;
    const texts = waiting.slice(0, SAMPLES).map(({ data }) => (typeof data === 'string' ? data : JSON.stringify(data)));
    const inferred = inferSchema(inputName, texts);
    const application = await this.#start({ ...inferred, columns: nameAsWritten(sql, inferred.columns) });
    if (!application) return;
    this.#waiting = [];
    for (const [shardId, last] of this.#waitingFor) this.#pushed.set(shardId, last);
    await this.#emit(application.push(inputName, waiting, Date.now()));
    this.#arm();
  }

  /** @returns undefined if nothing is to be run */
  async #start(schema: InputSchema, snapshot?: string): Promise<SqlApplication | undefined> {
    const { sql, checkpointFile, onStart } = this.#options;
    const application = compileSql(sql, {
      inputs: [schema],
      now: Date.now(),
      keepsOutput: checkpointFile !== undefined,
    });
    this.#results = new Set(application.results);
    if (onStart?.(application, schema) === false) {
      this.#end('planned');
      return undefined;
    }
    const kept = snapshot === undefined ? [] : this.#restore(application, snapshot);
    this.#application = application;
    this.#schema = schema;
    await this.#emit(kept);
    this.#arm();
    return application;
  }

  #restore(application: SqlApplication, snapshot: string): OutputBatch[] {
    try {
      return application.restore(snapshot, Date.now());
    } catch (error) {
      throw this.#otherQuery(error);
    }
  }

  #otherQuery(cause?: unknown): UsageError {
    return new UsageError(`--checkpoint: ${this.#options.checkpointFile} was written for another query or schema.`, {
      hint: 'Name another file, or delete this one to start again.',
      cause,
    });
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const application = this.#application;
    if (!application || this.#ended !== undefined) return;
    const untilDue = (application.nextDue ?? Number.POSITIVE_INFINITY) - Date.now();
    this.#timer = setTimeout(
      () =>
        this.#behind(async () => {
          await this.#emit(application.advance(Date.now()));
          this.#arm();
        }),
      Math.min(TICK_MS, Math.max(1, untilDue)),
    );
  }

  async #emit(batches: readonly OutputBatch[]): Promise<void> {
    const { sink, limit = Number.POSITIVE_INFINITY } = this.#options;
    let highest = this.#written;
    const left: number[] = [];
    for (const { stream, rows, mayRepeat } of batches) {
      if (stream === ERROR_STREAM) for (const { values } of rows) this.#reportError(values.map(String));
      highest = Math.max(highest, rows.at(-1)?.number ?? 0);
      if (!this.#results.has(stream)) continue;
      const columns = this.#application?.streams.get(stream) ?? [];
      const taken = rows.slice(0, limit - this.#rows);
      left.push(...rows.slice(taken.length).map(({ number }) => number));
      if (taken.length > 0) await sink.write({ stream, columns, rows: taken, mayRepeat });
      this.#rows += taken.length;
    }
    if (this.#rows >= limit) this.#end('limit');
    // Rows behind the limit stay in the snapshot, and the next run has them.
    this.#written = left.length > 0 ? Math.min(...left) - 1 : highest;
  }

  #reportError([, , name = '', message = '', , hex = '']: readonly string[]): void {
    this.#errorRows += 1;
    this.#options.onErrorRow(name, message, Buffer.from(hex, 'hex').toString());
  }

  #end(why: 'limit' | 'planned'): void {
    this.#ended = why;
    clearTimeout(this.#timer);
    queueMicrotask(() => this.#stop.abort(new Error('the query has ended')));
  }

  async #flush(): Promise<void> {
    const written = this.#written;
    await this.#options.sink.flush();
    this.#application?.acknowledge(written);
  }

  /** Rows may have come after the reading ended: those of a schema that was inferred from the last records. */
  async #saveLast(file: Checkpoint): Promise<void> {
    if (this.#positions === undefined) return;
    await this.#flush();
    await this.#save(file, this.#positions);
  }

  /** Called after `#flush`. State and positions are taken in one moment, so that they belong together. */
  async #save(file: Checkpoint, positions: ReadonlyMap<string, ShardPosition>): Promise<void> {
    this.#positions = positions;
    const schema = this.#schema;
    const snapshot = this.#application?.snapshot();
    if (snapshot === undefined || schema === undefined) {
      // Records that wait for a schema are in no state: only the places before them are kept.
      if (this.#waitingFor.size === 0) await file.save(positions);
      return;
    }
    const merged = new Map(positions);
    for (const [shardId, after] of this.#pushed) {
      const known = merged.get(shardId);
      if (!known || !('ended' in known)) merged.set(shardId, { after });
    }
    await file.save(merged, { sql: this.#options.sql, schema, snapshot } satisfies SavedQuery);
  }
}

function toInput(item: TailItem): InputRecord {
  const { record, value, text } = item;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    data: item.layers.at(-1) === 'json' || !isObject ? text : (value as Readonly<Record<string, unknown>>),
    arrivalTime: record.arrivedMs,
    partitionKey: keyOf(item),
    sequenceNumber: record.sequenceNumber,
    shardId: record.shardId,
  };
}

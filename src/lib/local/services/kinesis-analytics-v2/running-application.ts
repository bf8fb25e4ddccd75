import { setMaxListeners } from 'node:events';
import type { KinesisRecord } from '../../../batching/kinesis-event.js';
import { compileSql } from '../../../sql/compile-sql.js';
import type { OutputBatch } from '../../../sql/run/outbox.js';
import type { SqlApplication } from '../../../sql/run/sql-application.js';
import { type ReadPatience, shardReader } from '../../../stream/read-shard.js';
import { iteratorAt, type Position, type ShardPosition } from '../../../stream/shard-position.js';
import { ReadFailure } from '../../../stream/shard-source.js';
import { walkShards } from '../../../stream/walk-shards.js';
import type { Pending } from '../../activity.js';
import type { ReadFrom, ShardSource } from '../../ports.js';
import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import { type Application, type ApplicationInput, schemasOf, streamNamesOf } from './application.js';
import { OutputWorker } from './output-worker.js';

const TICK_MS = 1000;
const POLL_MS = 1000;
const RETRY_MS = 200;
const ERROR_STREAM = 'error_stream';

export interface StartOptions {
  from: 'NOW' | 'TRIM_HORIZON' | 'LAST_STOPPED_POINT';
  onNote(note: string): void;
}

/** An application at work: reads its stream, lets time pass, and hands rows to its outputs. */
export class RunningApplication {
  readonly #application: Application;
  readonly #environment: ServiceEnvironment;
  readonly #options: StartOptions;
  readonly #reading = new AbortController();
  readonly #delivering = new AbortController();
  readonly #sql: SqlApplication;
  readonly #workers: OutputWorker[];
  readonly #unwatch: () => void;
  #cancelTick: (() => void) | undefined;
  #walking: Promise<unknown> = Promise.resolve();
  readonly #said = new Set<string>();

  /** @throws SqlError */
  constructor(application: Application, environment: ServiceEnvironment, options: StartOptions) {
    this.#application = application;
    this.#environment = environment;
    this.#options = options;
    setMaxListeners(0, this.#reading.signal);
    this.#sql = compileSql(application.code, { inputs: schemasOf(application.inputs), now: environment.clock.now() });
    const signal = this.#delivering.signal;
    const onNote = (note: string): void => this.#sayOnce(note);
    this.#workers = application.outputs.map(
      (output) => new OutputWorker({ application, output, environment, signal, onNote }),
    );
    this.#unwatch = environment.activity.watch(() => this.#pending());
  }

  /** Resolves when the readers stand in their places. @throws AwsError if the stream is not there */
  async start(): Promise<void> {
    const [input] = this.#application.inputs;
    const arn = input?.KinesisStreamsInput?.ResourceARN;
    if (!input || arn === undefined) throw new AwsError('InvalidApplicationConfigurationException', 'No input.');
    const port = await this.#environment.ports.eventSource(arn);
    const source = await port?.open(arn, this.#application.region);
    if (source?.kind !== 'shards') throw new AwsError('ResourceNotFoundException', `No stream ${arn}.`);
    await new Promise<void>((resolve, reject) => {
      this.#walking = this.#walk(source, input, resolve).catch((error: unknown) => {
        if (!this.#reading.signal.aborted) this.#options.onNote(`reading ended: ${(error as Error).message}`);
        reject(error);
      });
    });
    this.#tick();
  }

  /** Ends the reading, and with `force` also deliveries; else they come to their end. @returns positions of what was read */
  async stop(force: boolean): Promise<ReadonlyMap<string, string>> {
    this.#reading.abort(new Error('the application is stopped'));
    this.#cancelTick?.();
    if (force) this.#delivering.abort(new Error('the application is stopped'));
    await this.#walking;
    await Promise.all(this.#workers.map((worker) => worker.drain()));
    this.#delivering.abort(new Error('the application is stopped'));
    this.#unwatch();
    return new Map([...this.#application.positions, ...Object.entries(this.#sql.positions)]);
  }

  async #walk(source: ShardSource, input: ApplicationInput, onReady: () => void): Promise<void> {
    const { clock } = this.#environment;
    const { signal } = this.#reading;
    const names = streamNamesOf(input);
    const resume =
      this.#options.from === 'LAST_STOPPED_POINT' ? this.#application.positions : new Map<string, string>();
    const places = new Map<string, ShardPosition>([...resume].map(([id, after]) => [id, { after }]));
    // With no last point AWS starts at the oldest record.
    const from: Position = { kind: this.#options.from === 'NOW' ? 'latest' : 'trim-horizon' };
    const list = async () =>
      (await source.list()).map(({ isClosed, ...shard }) => ({
        ...shard,
        SequenceNumberRange: { EndingSequenceNumber: isClosed ? '0' : undefined },
      }));
    const read = shardReader<KinesisRecord>({
      clock,
      patience: PATIENCE,
      pace: () => ({
        readsAhead: false,
        wait: async (more) => {
          if (!more && !signal.aborted) await this.#untilNews(source);
          signal.throwIfAborted();
        },
        pause: (ms) => clock.sleep(ms, signal),
        throttled: () => {},
      }),
      source: {
        list,
        iterator: (shardId, position) =>
          failing(async () => (await source.iterator(shardId, readFrom(position))) ?? ''),
        records: (shardId, iterator) =>
          failing(async () => {
            const { records, next } = await source.records(shardId, iterator);
            return { records: records as KinesisRecord[], next, behindMs: records.length, children: undefined };
          }),
      },
    });
    await walkShards({
      from,
      resume: places,
      clock,
      list,
      read: read as unknown as Parameters<typeof walkShards>[0]['read'],
      deliver: async ({ shardId, records }) => {
        // Shards are spread over the in-application streams of the input.
        const name = names[Number(shardId.slice(-12)) % names.length] ?? '';
        const rows = records.map((record) => ({
          data: record.data,
          arrivalTime: record.arrivedMs,
          partitionKey: record.partitionKey,
          sequenceNumber: record.sequenceNumber,
          shardId,
        }));
        if (rows.length > 0) await this.#emit(this.#sql.push(name, rows, clock.now()));
        return records.length;
      },
      onReady,
      signal,
    });
  }

  #untilNews(source: ShardSource): Promise<void> {
    const { signal } = this.#reading;
    return new Promise((resolve) => {
      const done = (): void => {
        stopListening();
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const stopListening = source.onChange(done);
      const cancel = this.#environment.clock.after(POLL_MS, done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #tick(): void {
    const { clock } = this.#environment;
    const untilDue = (this.#sql.nextDue ?? Number.POSITIVE_INFINITY) - clock.now();
    this.#cancelTick = clock.after(Math.min(TICK_MS, Math.max(1, untilDue)), () => {
      if (this.#reading.signal.aborted) return;
      void this.#emit(this.#sql.advance(clock.now()));
      this.#tick();
    });
  }

  async #emit(batches: readonly OutputBatch[]): Promise<void> {
    for (const { stream, rows } of batches) {
      const columns = this.#sql.streams.get(stream) ?? [];
      if (stream === ERROR_STREAM)
        for (const { values } of rows) this.#sayOnce(`${String(values[2])}: ${String(values[3])}`);
      for (const worker of this.#workers) if (worker.stream === stream) await worker.add(columns, rows);
    }
  }

  #sayOnce(note: string): void {
    if (this.#said.has(note) || this.#said.size > 100) return;
    this.#said.add(note);
    this.#options.onNote(note);
  }

  #pending(): Pending[] {
    const due = this.#sql.nextDue;
    const { name, arn } = this.#application;
    const windows =
      due === undefined ? [] : [{ id: `${arn} ${due}`, what: `an open window of SQL application ${name}` }];
    return [...windows, ...this.#workers.flatMap((worker) => worker.pending())];
  }
}

function readFrom(position: Exclude<ShardPosition, { ended: true }>): ReadFrom {
  if ('after' in position) return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: position.after };
  const { ShardIteratorType: type, Timestamp = 0 } = iteratorAt(position);
  if (type === 'AT_TIMESTAMP') return { type, timestampMs: Timestamp * 1000 };
  return { type: type === 'LATEST' ? type : 'TRIM_HORIZON' };
}

const PATIENCE: ReadPatience = {
  answered: () => {},
  failed(_, { kind, cause }) {
    if (kind === 'gone') throw cause;
    return RETRY_MS;
  },
};

async function failing<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const kinds: Record<string, 'gone' | 'expired'> = {
      ResourceNotFoundException: 'gone',
      ExpiredIteratorException: 'expired',
    };
    throw new ReadFailure(kinds[error.code] ?? 'passing', error);
  }
}

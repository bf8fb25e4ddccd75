import { OperationError } from '../../shared/errors.js';
import type { InputRecord, InputSchema } from '../input/input-schema.js';
import { recordMapper } from '../input/map-records.js';
import type { MapRecord } from '../input/record-rows.js';
import type { RunContext } from '../plan/bound.js';
import { explainPlan } from '../plan/explain-plan.js';
import { type ApplicationPlan, columnsOf, ERROR_STREAM, streamsRead } from '../plan/plan-application.js';
import { RowError } from '../sql-error.js';
import type { Column, Row } from '../types/sql-type.js';
import { buildPlan } from './build-plan.js';
import { errorRow, rejectedRow } from './error-rows.js';
import type { Guard, Operator, RowSink, SavedState } from './operator.js';
import { Outbox, type OutputBatch } from './outbox.js';
import { ReferenceTable } from './reference-table.js';
import { readSnapshot, writeSnapshot } from './snapshot-text.js';
import { StateBudget } from './state-budget.js';

export interface ApplicationParts {
  readonly plan: ApplicationPlan;
  readonly inputs: readonly InputSchema[];
  readonly references: readonly InputSchema[];
  readonly run: RunContext;
  readonly stateBytes?: number;
  readonly outputs?: readonly string[];
  readonly keepsOutput?: boolean;
  /** Says whether a snapshot belongs to this text and these schemas. */
  readonly fingerprint: string;
}

interface Saved {
  readonly version: 1;
  readonly fingerprint: string;
  readonly now: number;
  readonly positions: Readonly<Record<string, string>>;
  readonly operators: readonly SavedState[];
  readonly outbox: SavedState;
}

/** An application that runs: records go in, rows of its streams come out. Time is what the caller says it is. */
export class SqlApplication {
  /** The streams whose rows come out, with their columns; rows of an input do not. */
  readonly streams: ReadonlyMap<string, readonly Column[]>;
  readonly #parts: ApplicationParts;
  readonly #mappers = new Map<string, MapRecord>();
  readonly #listeners = new Map<string, RowSink[]>();
  readonly #references = new Map<string, ReferenceTable>();
  readonly #operators: Operator[] = [];
  readonly #budget: StateBudget;
  readonly #outbox: Outbox;
  #positions: Record<string, string> = {};
  #failed = false;
  #reporting = false;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    this.streams = parts.plan.streams;
    this.#budget = new StateBudget(parts.stateBytes);
    const outputs = parts.outputs ?? [...parts.plan.streams.keys()];
    this.#outbox = new Outbox(outputs, parts.keepsOutput ?? false);
    for (const input of parts.inputs) this.#mappers.set(input.name, recordMapper(input));
    for (const table of parts.references) this.#references.set(table.name, new ReferenceTable());
    for (const stream of outputs) this.#listen(stream, (row) => this.#outbox.add(stream, row));
    for (const pump of parts.plan.pumps) this.#start(pump);
  }

  #start({ name, into, node }: ApplicationPlan['pumps'][number]): void {
    const guard: Guard = (step, row) => {
      try {
        step();
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        this.#report(errorRow(error, row, name, this.#parts.run.now));
      }
    };
    const operators: Operator[] = [];
    buildPlan(node, (row) => this.#emit(into, row), {
      budget: this.#budget,
      guard,
      operators,
      references: this.#references,
      subscribe: (stream, sink) => this.#listen(stream, (row) => guard(() => sink(row), row)),
    });
    // What is nearer to the source moves first, so that its rows reach the next operation at their own time.
    this.#operators.push(...operators.reverse());
  }

  #listen(stream: string, sink: RowSink): void {
    const sinks = this.#listeners.get(stream);
    if (sinks) sinks.push(sink);
    else this.#listeners.set(stream, [sink]);
  }

  #emit(stream: string, row: Row): void {
    const sinks = this.#listeners.get(stream);
    if (sinks) for (const sink of sinks) sink(row);
  }

  /** A row that fails while the error stream's own rows are worked on is not reported: it would report itself without end. */
  #report(row: Row): void {
    if (this.#reporting) return;
    this.#reporting = true;
    try {
      this.#emit(ERROR_STREAM, row);
    } finally {
      this.#reporting = false;
    }
  }

  /**
   * Takes records of one input. Their ROWTIME is `at`; time never goes back.
   * @param at milliseconds since the epoch
   * @returns the rows that came of it, and of every window that has ended by then
   * @throws StateFullError when windows and joins hold too much; the application has then ended
   */
  push(input: string, records: readonly InputRecord[], at: number): OutputBatch[] {
    const map = this.#mappers.get(input);
    if (!map)
      throw new OperationError(`Input "${input}" not found.`, {
        hint: `Available: ${[...this.#mappers.keys()].join(', ')}.`,
      });
    return this.#run(() => {
      const now = this.#advanceTo(at);
      const sinks = {
        row: (row: Row) => this.#emit(input, row),
        rejected: (rejected: Parameters<typeof rejectedRow>[0]) => this.#report(rejectedRow(rejected, input, now)),
      };
      for (const record of records) {
        map(record, now, sinks);
        this.#outbox.sawRecord(record.arrivalTime);
        if (record.shardId !== undefined && record.sequenceNumber !== undefined)
          this.#positions[record.shardId] = record.sequenceNumber;
      }
    });
  }

  /** Lets time pass: windows that have ended give their rows. @param now milliseconds since the epoch */
  advance(now: number): OutputBatch[] {
    return this.#run(() => this.#advanceTo(now));
  }

  #run(work: () => void): OutputBatch[] {
    if (this.#failed)
      throw new OperationError('The SQL application has ended with an error.', {
        hint: 'Start it again from its last snapshot.',
      });
    try {
      work();
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    return this.#outbox.take();
  }

  #advanceTo(time: number): number {
    const { run } = this.#parts;
    const now = Math.max(run.now, time);
    for (;;) {
      const due = this.#operators.reduce(
        (least, operator) => Math.min(least, operator.due()),
        Number.POSITIVE_INFINITY,
      );
      if (due > now) break;
      run.now = Math.max(run.now, due);
      for (const operator of this.#operators) if (operator.due() <= due) operator.advance(due);
    }
    run.now = now;
    return now;
  }

  /** What the application does, as lines for people. */
  explain(): string[] {
    return explainPlan(this.#parts.plan);
  }

  /** The streams that the text fills and does not read: its results. */
  get results(): string[] {
    const { pumps } = this.#parts.plan;
    const read = new Set(pumps.flatMap(({ node }) => [...streamsRead(node)]));
    return [...new Set(pumps.map(({ into }) => into))].filter((stream) => !read.has(stream));
  }

  /** When the next window ends, in milliseconds since the epoch; undefined while none is open. */
  get nextDue(): number | undefined {
    const due = Math.min(...this.#operators.map((operator) => operator.due()));
    return Number.isFinite(due) ? due : undefined;
  }

  /** Replaces the rows of a reference table. @returns rows of it that do not fit its schema, as messages */
  loadReference(name: string, records: readonly InputRecord[]): string[] {
    const table = this.#references.get(name);
    const schema = this.#parts.references.find((one) => one.name === name);
    if (!table || !schema) throw new OperationError(`Reference table "${name}" not found.`);
    const rows: Row[] = [];
    const problems: string[] = [];
    const map = recordMapper(schema);
    const width = columnsOf(schema).length + 1;
    for (const record of records) {
      map(record, 0, {
        row: (row) => rows.push(row.slice(0, width)),
        rejected: ({ message }) => problems.push(message),
      });
    }
    table.replace(rows);
    return problems;
  }

  /** The last sequence number of each shard whose records are in the state. */
  get positions(): Readonly<Record<string, string>> {
    return this.#positions;
  }

  /** What windows and joins hold, by an estimate of its bytes. */
  get state(): { usedBytes: number; limitBytes: number } {
    return { usedBytes: this.#budget.usedBytes, limitBytes: this.#budget.limitBytes };
  }

  /** With `keepsOutput`: the rows up to this number have been delivered, so that no snapshot holds them any longer. */
  acknowledge(lastNumber: number): void {
    this.#outbox.acknowledge(lastNumber);
  }

  /** Positions, windows and rows that are not acknowledged, as one text. Write it somewhere that survives, then acknowledge nothing older. */
  snapshot(): string {
    const saved: Saved = {
      version: 1,
      fingerprint: this.#parts.fingerprint,
      now: this.#parts.run.now,
      positions: this.#positions,
      operators: this.#operators.map((operator) => operator.save()),
      outbox: this.#outbox.save(),
    };
    return writeSnapshot(saved);
  }

  /**
   * Continues from a snapshot; call it before anything else. Read each shard from its position on: nothing is lost, and rows that may have been
   * delivered before are marked `mayRepeat`.
   * @param at when this run begins, in milliseconds since the epoch
   * @returns the rows that were not acknowledged
   */
  restore(snapshot: string, at: number): OutputBatch[] {
    const saved = readSnapshot(snapshot) as Saved;
    if (saved.version !== 1 || saved.fingerprint !== this.#parts.fingerprint) {
      throw new OperationError('The snapshot belongs to other SQL or another schema.', {
        hint: 'Delete it: the application then starts without state.',
      });
    }
    this.#parts.run.now = saved.now;
    this.#positions = { ...saved.positions };
    for (const [index, state] of saved.operators.entries()) this.#operators[index]?.restore(state);
    this.#outbox.restore(saved.outbox, at);
    return this.#outbox.take();
  }
}

// What Kinesis Data Analytics for SQL does between an in-application stream and a function:
// https://docs.aws.amazon.com/kinesisanalytics/latest/dev/how-it-works-output-lambda.html
import type { Clock } from '../shared/clock.js';

/** Most of one invocation: a payload of Lambda is 6 MB, and base64 makes a third more of the rows. */
const MOST_ROWS = 500;
const MOST_BYTES = 4_000_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

export interface FunctionOutputOptions {
  /** What the event names as its application. */
  applicationArn: string;
  newId(): string;
  /** Invokes the function and waits for its answer; a rejection is a delivery failure. */
  invoke(event: FunctionOutputEvent, signal: AbortSignal): Promise<FunctionOutputAnswer>;
  clock: Clock;
  /** Takes an answer without `records` as a failure, as AWS's page says. */
  strict?: boolean;
  /** Told, once each, of what a person should know: failures, and that the function does not acknowledge. */
  onNote(note: string): void;
}

export interface FunctionOutputEvent {
  invocationId: string;
  applicationArn: string;
  records: { recordId: string; lambdaDeliveryRecordMetadata: { retryHint: number }; data: string }[];
}

export interface FunctionOutputAnswer {
  /** What the function returned. */
  payload: unknown;
  /** Set if it failed. */
  error?: string | undefined;
}

interface WaitingRow {
  recordId: string;
  data: Buffer;
  retryHint: number;
}

/** Delivers rows to a function until it has acknowledged each; a function that never acknowledges records gets one at a time. */
export class FunctionOutput {
  readonly #options: FunctionOutputOptions;
  /** Whether answers have `records`; known from the first success. */
  #acknowledges: boolean | undefined;
  readonly #said = new Set<string>();

  constructor(options: FunctionOutputOptions) {
    this.#options = options;
    if (options.strict) this.#acknowledges = true;
  }

  /** False once the function has answered without `records`: each row then takes an invocation. */
  get acknowledges(): boolean {
    return this.#acknowledges !== false;
  }

  /** Resolves when every row is acknowledged. Rejects only when the signal aborts. */
  async deliver(rows: readonly Buffer[], signal: AbortSignal): Promise<void> {
    let waiting = rows.map((data): WaitingRow => ({ recordId: this.#options.newId(), data, retryHint: 0 }));
    for (let failures = 0; waiting.length > 0; ) {
      signal.throwIfAborted();
      const batch = this.#nextBatch(waiting);
      const failed = await this.#send(batch, signal);
      waiting = [...failed.map((row) => ({ ...row, retryHint: row.retryHint + 1 })), ...waiting.slice(batch.length)];
      failures = failed.length > 0 ? failures + 1 : 0;
      if (failures > 0)
        await this.#options.clock.sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)), signal);
    }
  }

  #nextBatch(waiting: readonly WaitingRow[]): WaitingRow[] {
    // The first answer decides; until it is there, only one row can be lost sight of.
    const most = this.#acknowledges === true ? MOST_ROWS : 1;
    const batch: WaitingRow[] = [];
    let bytes = 0;
    for (const row of waiting.slice(0, most)) {
      bytes += row.data.length;
      if (batch.length > 0 && bytes > MOST_BYTES) break;
      batch.push(row);
    }
    return batch;
  }

  /** @returns the rows that were not acknowledged */
  async #send(batch: readonly WaitingRow[], signal: AbortSignal): Promise<readonly WaitingRow[]> {
    const { applicationArn, newId, invoke, onNote, strict } = this.#options;
    const records = batch.map(({ recordId, data, retryHint }) => ({
      recordId,
      lambdaDeliveryRecordMetadata: { retryHint },
      data: data.toString('base64'),
    }));
    const answer = await invoke({ invocationId: newId(), applicationArn, records }, signal).catch(
      (error: unknown): FunctionOutputAnswer => {
        signal.throwIfAborted();
        return { payload: undefined, error: error instanceof Error ? error.message : String(error) };
      },
    );
    if (answer.error !== undefined) {
      this.#sayOnce('error', `the function failed, and its records are delivered again: ${answer.error}`);
      return batch;
    }
    const acknowledged = acknowledgedIn(answer.payload);
    if (acknowledged) {
      this.#acknowledges ??= true;
      const failed = batch.filter(({ recordId }) => !acknowledged.has(recordId));
      if (failed.length > 0)
        this.#sayOnce('failed', 'the function did not acknowledge some records, and they are delivered again');
      return failed;
    }
    if (strict) {
      this.#sayOnce('strict', 'the function answers without "records", and its records are delivered again');
      return batch;
    }
    if (this.#acknowledges !== false) onNote('function does not acknowledge records; delivering one at a time');
    const wasBatch = batch.length > 1;
    this.#acknowledges = false;
    return wasBatch ? batch : [];
  }

  #sayOnce(kind: string, note: string): void {
    if (!this.#said.has(kind)) this.#options.onNote(note);
    this.#said.add(kind);
  }
}

/** The records that an answer calls Ok; undefined for an answer that has no `records`. */
function acknowledgedIn(payload: unknown): Set<string> | undefined {
  const { records } = (typeof payload === 'object' && payload !== null ? payload : {}) as { records?: unknown };
  if (!Array.isArray(records)) return undefined;
  return new Set(
    (records as { recordId?: unknown; result?: unknown }[]).flatMap((record) =>
      record?.result === 'Ok' && typeof record.recordId === 'string' ? [record.recordId] : [],
    ),
  );
}

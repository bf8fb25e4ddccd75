import { randomUUID } from 'node:crypto';
import { FunctionOutput } from '../../../batching/function-output.js';
import type { OutputRow } from '../../../sql/run/outbox.js';
import type { Column } from '../../../sql/types/sql-type.js';
import { writeCsvRow, writeJsonRow } from '../../../sql/types/write-row.js';
import type { Pending } from '../../activity.js';
import type { ServiceEnvironment } from '../../service.js';
import type { Application, ApplicationOutput } from './application.js';

const RETRY_MS = 500;
/** Reading waits while an output has this many rows left to deliver. */
const MOST_WAITING = 10_000;

interface WorkerOptions {
  application: Application;
  output: ApplicationOutput;
  environment: ServiceEnvironment;
  signal: AbortSignal;
  onNote(note: string): void;
}

/** Delivers the rows of one in-application stream, in order, until each has arrived. */
export class OutputWorker {
  readonly stream: string;
  readonly #options: WorkerOptions;
  readonly #deliver: (rows: readonly Buffer[]) => Promise<void>;
  #waiting: Buffer[] = [];
  #delivered = 0;
  #working: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { output } = options;
    this.stream = output.Name;
    this.#deliver = output.LambdaOutput
      ? this.#toFunction(output.LambdaOutput.ResourceARN)
      : this.#toDestination(output.KinesisStreamsOutput?.ResourceARN ?? '');
  }

  /** Resolves when there is room for more. */
  async add(columns: readonly Column[], rows: readonly OutputRow[]): Promise<void> {
    const isCsv = this.#options.output.DestinationSchema.RecordFormatType === 'CSV';
    const write = isCsv ? writeCsvRow : writeJsonRow;
    for (const { values } of rows) this.#waiting.push(Buffer.from(write(columns, values)));
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    if (this.#waiting.length > MOST_WAITING) await this.#working;
  }

  /** Resolves when nothing waits. */
  async drain(): Promise<void> {
    await this.#working;
  }

  pending(): Pending[] {
    if (!this.#working) return [];
    const what = `rows of SQL application ${this.#options.application.name} for ${this.stream}`;
    return [{ id: `${this.#options.application.arn} ${this.stream} ${this.#delivered}`, what }];
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#options.signal.aborted) {
      const rows = this.#waiting;
      this.#waiting = [];
      await this.#deliver(rows).catch(() => {}); // only an abort ends a delivery
      this.#delivered += rows.length;
    }
  }

  #toFunction(functionArn: string): (rows: readonly Buffer[]) => Promise<void> {
    const { application, environment, signal, onNote } = this.#options;
    const { lambda } = environment.calls(application.region);
    const output = new FunctionOutput({
      applicationArn: application.arn,
      newId: randomUUID,
      clock: environment.clock,
      onNote: (note) => onNote(`${functionArn}: ${note}`),
      async invoke(event) {
        const answer = await lambda.Invoke({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(event)) });
        const text = Buffer.from((answer.Payload as Uint8Array | undefined) ?? []).toString();
        return {
          payload: text === '' ? undefined : JSON.parse(text),
          ...(answer.FunctionError !== undefined && { error: text }),
        };
      },
    });
    return (rows) => output.deliver(rows, signal);
  }

  #toDestination(arn: string): (rows: readonly Buffer[]) => Promise<void> {
    const { application, environment, signal, onNote } = this.#options;
    return async (rows) => {
      for (const body of rows) {
        for (;;) {
          signal.throwIfAborted();
          try {
            const port = await environment.ports.destination(arn);
            if (!port) throw new Error('this endpoint does not deliver there');
            await port.deliver(arn, { body }, application);
            break;
          } catch (error) {
            onNote(`${arn}: ${(error as Error).message}; delivering again`);
            await environment.clock.sleep(RETRY_MS, signal);
          }
        }
      }
    };
  }
}

import { randomBytes } from 'node:crypto';
import type { ServiceEnvironment } from '../service.js';
import { AwsError } from '../wire/aws-error.js';
import type { FunctionSpec } from './function-spec.js';

/** Beyond this an invocation's further output is counted, not kept: a function that writes without end harms only its own log. */
const INVOCATION_LOG_BYTES = 16 * 1024 * 1024;
const TAIL_CHARACTERS = 4096;
/** PutLogEvents takes 10,000 events and 1 MiB, 26 bytes counted on top of each event. */
const BATCH_EVENTS = 10_000;
const BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;

interface LogEvent {
  timestamp: number;
  message: string;
}

/** The log stream of one process: lines gathered while it works, put into CloudWatch Logs when an invocation ends or lasts. */
export class FunctionLog {
  readonly streamName: string;
  readonly #environment: ServiceEnvironment;
  readonly #spec: FunctionSpec;
  #events: LogEvent[] = [];
  #tail = '';
  #budgetBytes = INVOCATION_LOG_BYTES;
  #droppedBytes = 0;
  #latestMs = 0;
  #begun = false;
  #streamMade = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(environment: ServiceEnvironment, spec: FunctionSpec) {
    this.#environment = environment;
    this.#spec = spec;
    const day = new Date(environment.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.streamName = `${day}/[${spec.version}]${randomBytes(16).toString('hex')}`;
  }

  /** A new invocation: its own tail, its own budget. What init wrote belongs to the first one's tail. */
  begin(): void {
    if (this.#begun) this.#tail = '';
    this.#begun = true;
    this.#budgetBytes = INVOCATION_LOG_BYTES;
  }

  /** Adds a line the function wrote, within the invocation's budget. */
  write(message: string, timeMs: number): void {
    const bytes = message.length; // a bound, not a measure: characters are close enough
    if (bytes > this.#budgetBytes) {
      this.#budgetBytes = 0;
      this.#droppedBytes += bytes;
      return;
    }
    this.#budgetBytes -= bytes;
    this.#add(message, timeMs);
  }

  /** Adds a line of the platform's own; one it hides (undefined) is skipped. */
  writePlatform(message: string | undefined, timeMs: number): void {
    if (this.#droppedBytes > 0) {
      const dropped = this.#droppedBytes;
      this.#droppedBytes = 0;
      this.#add(
        `pipectl: ${dropped} bytes of output were not logged; the local endpoint keeps ${INVOCATION_LOG_BYTES / 1024 / 1024} MiB of log an invocation\n`,
        timeMs,
      );
    }
    if (message !== undefined) this.#add(message, timeMs);
  }

  /** Adds a line that tells of the process, not of an invocation: it is in no tail. */
  writeOfProcess(message: string | undefined, timeMs: number): void {
    const tail = this.#tail;
    this.writePlatform(message, timeMs);
    this.#tail = tail;
  }

  /** The last 4 KB of the current invocation's log. */
  get tail(): string {
    return this.#tail;
  }

  #add(message: string, timeMs: number): void {
    // PutLogEvents wants its batch in order of time, and a function's clock reading may be a little before the host's last line.
    this.#latestMs = Math.max(this.#latestMs, Math.floor(timeMs));
    this.#events.push({ timestamp: this.#latestMs, message });
    // Events of JSON end without a newline; in the tail each has a line of its own.
    this.#tail = (this.#tail + message + (message.endsWith('\n') ? '' : '\n')).slice(-TAIL_CHARACTERS);
  }

  /** Hands what was gathered to CloudWatch Logs, in order; resolves when it is stored. Never rejects: a log must not fail a function. */
  flush(): Promise<void> {
    if (this.#events.length === 0) return this.#sending;
    const events = this.#events;
    this.#events = [];
    const done = this.#environment.activity.begin(`log of ${this.#spec.name}`);
    this.#sending = this.#sending.then(() => this.#send(events)).finally(done);
    return this.#sending;
  }

  async #send(events: LogEvent[]): Promise<void> {
    try {
      for (const batch of batches(events)) await this.#put(batch);
    } catch (error) {
      this.#environment.log(
        `${this.#spec.name}: ${events.length} log events were not stored in ${this.#spec.logGroup}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  async #put(logEvents: LogEvent[]): Promise<void> {
    if (!this.#streamMade) await this.#makeStream();
    const target = { logGroupName: this.#spec.logGroup, logStreamName: this.streamName, logEvents };
    const logs = this.#environment.calls(this.#spec.region)['cloudwatch-logs'];
    try {
      await logs.PutLogEvents(target);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
      // Somebody deleted the group or the stream while this process lived; AWS makes them again.
      await this.#makeStream();
      await logs.PutLogEvents(target);
    }
  }

  async #makeStream(): Promise<void> {
    const logs = this.#environment.calls(this.#spec.region)['cloudwatch-logs'];
    const { logGroup } = this.#spec;
    await ignoreExisting(logs.CreateLogGroup({ logGroupName: logGroup }));
    await ignoreExisting(logs.CreateLogStream({ logGroupName: logGroup, logStreamName: this.streamName }));
    this.#streamMade = true;
  }
}

async function ignoreExisting(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
  }
}

function* batches(events: LogEvent[]): Generator<LogEvent[]> {
  let batch: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    if (batch.length > 0 && (batch.length === BATCH_EVENTS || bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

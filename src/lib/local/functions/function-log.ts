import { randomBytes } from 'node:crypto';
import type { FunctionSpec } from './function-spec.js';
import type { HostEnvironment, LogEvent, LogSink } from './host-environment.js';

/** Beyond this an invocation's further output is counted, not kept: a function that writes without end harms only its own log. */
const INVOCATION_LOG_BYTES = 16 * 1024 * 1024;
const TAIL_CHARACTERS = 4096;

/** The log stream of one process: lines gathered while it works, stored when an invocation ends or lasts. */
export class FunctionLog {
  readonly streamName: string;
  readonly #sink: LogSink;
  #events: LogEvent[] = [];
  #tail = '';
  #budgetBytes = INVOCATION_LOG_BYTES;
  #droppedBytes = 0;
  #latestMs = 0;
  #begun = false;
  #stored: Promise<void> = Promise.resolve();

  constructor(environment: HostEnvironment, spec: FunctionSpec) {
    const day = new Date(environment.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.streamName = `${day}/[${spec.version}]${randomBytes(16).toString('hex')}`;
    this.#sink = environment.openLog(spec, this.streamName);
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

  /** Hands on what was gathered, in order; resolves when it is stored. Never rejects. */
  flush(): Promise<void> {
    if (this.#events.length === 0) return this.#stored;
    const events = this.#events;
    this.#events = [];
    this.#stored = this.#sink.put(events);
    return this.#stored;
  }
}

import { reportedRequest, startedRequest, tellsOfFailure } from './invocation-lines.js';

/** One line of a log group. */
export interface LogLine {
  id: string;
  text: string;
  /** The log stream it stands in: one a sandbox, which carries out one invocation after another. */
  stream: string;
  stampedAtMs: number | undefined;
}

/** An invocation as its lines tell of it; undefined for a line that stands in none. */
export interface ToldInvocation {
  failed: boolean;
}

interface Invocation {
  requestId: string;
  lines: LogLine[];
  failed: boolean;
  reported: boolean;
}

/**
 * Holds the lines of a function's log back until their invocation has ended, because only its end tells whether it failed. Lines outside of any
 * invocation pass at once, and so do all lines of a log that is no function's.
 */
export class InvocationLog {
  readonly #hand: (lines: readonly LogLine[], invocation: ToldInvocation | undefined) => void;
  readonly #running = new Map<string, Invocation>();
  #reports = false;

  /** @param hand called with the lines of an invocation, once they are complete or the log ends */
  constructor(hand: (lines: readonly LogLine[], invocation: ToldInvocation | undefined) => void) {
    this.#hand = hand;
  }

  take(line: LogLine): void {
    const started = startedRequest(line.text);
    let invocation = this.#running.get(line.stream);
    if (started !== undefined && started !== invocation?.requestId) {
      this.#handOver(invocation);
      invocation = { requestId: started, lines: [], failed: false, reported: false };
      this.#running.set(line.stream, invocation);
    }
    if (!invocation) {
      this.#hand([line], undefined);
      return;
    }
    invocation.lines.push(line);
    if (tellsOfFailure(line.text)) invocation.failed = true;
    if (reportedRequest(line.text) === invocation.requestId) {
      invocation.reported = true;
      this.#reports = true;
    }
  }

  /** When everything that there was to read has been taken: what an account does not say, such as a timeout, may be a line behind it. */
  settle(): void {
    for (const invocation of this.#running.values()) if (invocation.reported) this.#handOver(invocation);
  }

  /** Hands over what is left: an invocation without an account has not ended well, unless this target writes no accounts. */
  close(): void {
    for (const invocation of this.#running.values()) {
      if (!invocation.reported && this.#reports) invocation.failed = true;
      this.#handOver(invocation);
    }
  }

  #handOver(invocation: Invocation | undefined): void {
    if (!invocation || invocation.lines.length === 0) return;
    this.#hand(invocation.lines, invocation);
    invocation.lines = [];
  }
}

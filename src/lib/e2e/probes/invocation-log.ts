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
  requestId: string;
  failed: boolean;
}

interface Invocation {
  requestId: string;
  lines: LogLine[];
  failed: boolean;
  reported: boolean;
  /** How often everything that there was has been read since it was reported. */
  rounds: number;
}

/**
 * Holds the lines of a function's log back until their invocation has ended, because only its end tells whether it failed. Lines outside of any
 * invocation pass at once, and so do all lines of a log that is no function's.
 */
export class InvocationLog {
  readonly #hand: (lines: readonly LogLine[], invocation: ToldInvocation | undefined) => void;
  readonly #running = new Map<string, Invocation>();
  /** Those that another has followed in their sandbox, and that wait for their rounds. */
  #followed: Invocation[] = [];
  readonly #patience: number;
  #reports = false;

  /**
   * @param hand called with the lines of an invocation, once they are complete or the log ends
   * @param patience how many rounds of reading more an invocation is held back, where something else has still to tell of it
   */
  constructor(hand: (lines: readonly LogLine[], invocation: ToldInvocation | undefined) => void, patience = 0) {
    this.#hand = hand;
    this.#patience = patience;
  }

  take(line: LogLine): void {
    const started = startedRequest(line.text);
    let invocation = this.#running.get(line.stream);
    if (started !== undefined && started !== invocation?.requestId) {
      if (invocation) this.#followed.push(invocation);
      invocation = { requestId: started, lines: [], failed: false, reported: false, rounds: 0 };
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
    const ended = [...this.#followed, ...[...this.#running.values()].filter(({ reported }) => reported)];
    for (const invocation of ended) {
      invocation.rounds += 1;
      if (invocation.rounds > this.#patience) this.#handOver(invocation);
    }
    this.#followed = this.#followed.filter(({ lines }) => lines.length > 0);
  }

  /** Hands over what is left: an invocation without an account has not ended well, unless this target writes no accounts. */
  close(): void {
    for (const invocation of [...this.#followed, ...this.#running.values()]) {
      if (!invocation.reported && this.#reports) invocation.failed = true;
      this.#handOver(invocation);
    }
  }

  #handOver(invocation: Invocation): void {
    if (invocation.lines.length === 0) return;
    this.#hand(invocation.lines, invocation);
    invocation.lines = [];
  }
}

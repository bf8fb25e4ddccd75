import type { ChalkInstance } from 'chalk';

/** What a person watches while they wait, on stderr. A spinner and live lines in a terminal; plain lines without one. */
export interface Progress {
  readonly isTTY: boolean;
  /** Colours for stderr. */
  readonly style: ChalkInstance;
  /** Starts a step; ends the one before as done. `text` is a present participle: `creating orders`. */
  start(text: string): void;
  /** Replaces the text of the step under way; without a terminal it prints at most once in `everyMs` (5,000 by default). */
  update(text: string, everyMs?: number): void;
  /** Ends the step, with a tick. */
  succeed(text?: string): void;
  /** Ends the step, with a cross. */
  fail(text?: string): void;
  /** A line on its own, above whatever is live. */
  note(text: string): void;
  warn(text: string): void;
  /** Only with --verbose. */
  detail(text: string): void;
  /** Removes whatever is live, so that the terminal is clean for a result. */
  stop(): void;
}

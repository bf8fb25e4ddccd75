import type { ChalkInstance } from 'chalk';

/** The only door to stdout: results, and nothing else. */
export interface Output {
  /** True when `--json` was asked for. */
  readonly json: boolean;
  readonly isTTY: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly width: number;
  /** Rows of the terminal; 24 where there is none. */
  readonly height: number;
  /** Colours for stdout: off in a pipe, with NO_COLOR, and with --json. */
  readonly style: ChalkInstance;
  /** The command's one result: the value itself with `--json`, else what `render` makes of it (a terminal and a pipe may differ: look at `isTTY`). */
  result<T>(value: T, render: (value: T) => string): Promise<void>;
  /** Text as it is, for output that goes on (tail, logs). Waits while the reader is slow; after EPIPE it ends the command quietly. */
  write(text: string | Uint8Array): Promise<void>;
  /** Resolves when the system has taken everything that was written: what a checkpoint may call delivered. */
  flush(): Promise<void>;
}

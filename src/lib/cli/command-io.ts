import type { Readable, Writable } from 'node:stream';

/** Everything a command may touch of the process it runs in: handed in, so that a test can run a command without a process of its own. */
export interface CommandIo {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Aborts on Ctrl-C, on SIGTERM, and when stdout takes no more; its reason is `Interrupted`, `OutputClosed`, or the error of a full disk. */
  signal: AbortSignal;
  /** Aborts only when stdout takes no more, its reader gone or its disk full: after Ctrl-C a command still has its summary to write. */
  outputClosed: AbortSignal;
  /** From now on `signal` no longer aborts on Ctrl-C or SIGTERM: `handle` is told instead. For a command that runs another program. */
  takeSignals(handle: (signalName: NodeJS.Signals) => void): void;
  /** From now on `outputClosed` aborts also when the reader of stdout goes away while nothing is written. For a command that follows something. */
  watchOutput(): void;
}

/** The person, or the system, asked the command to end. */
export class Interrupted extends Error {
  readonly signalName: NodeJS.Signals;

  constructor(signalName: NodeJS.Signals) {
    super(`interrupted by ${signalName}`);
    this.name = 'Interrupted';
    this.signalName = signalName;
  }
}

/** Whoever read stdout has gone (`| head -1`): nobody is left to work for. */
export class OutputClosed extends Error {
  constructor() {
    super('the reader of stdout has gone');
    this.name = 'OutputClosed';
  }
}

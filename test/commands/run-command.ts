import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import type { CommandIo } from '../../src/lib/cli/command-io.js';
import { runCli } from '../../src/lib/cli/run-cli.js';

export interface CommandRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A terminal, or a pipe, that remembers what was written to it. */
class Capture extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';

  constructor(isTTY: boolean, columns: number) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

let folder: string | undefined;

/**
 * Runs a command line in this process, with everything it may touch handed in. stderr is a pipe, so that no spinner gets into it;
 * `tty` is about stdout.
 */
export async function runCommand(
  argv: string[],
  options: {
    tty?: boolean;
    columns?: number;
    env?: NodeJS.ProcessEnv;
    signal?: AbortSignal;
    stdin?: CommandIo['stdin'];
    /** Told of what is on stdout so far, whenever there is more. */
    onStdout?: (text: string) => void;
    cwd?: string;
    onStderr?: (text: string) => void;
  } = {},
): Promise<CommandRun> {
  folder ??= mkdtempSync(join(tmpdir(), 'pipectl-test-'));
  const stdout = new Capture(options.tty ?? false, options.columns ?? 80);
  const stderr = new Capture(false, 80);
  const { onStdout, onStderr } = options;
  const io: CommandIo = {
    stdin: options.stdin ?? new PassThrough(),
    stdout: onStdout ? notifying(stdout, onStdout) : stdout,
    stderr: onStderr ? notifying(stderr, onStderr) : stderr,
    env: { PATH: process.env.PATH, HOME: folder, PIPECTL_STATE_DIR: folder, ...options.env },
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
    outputClosed: new AbortController().signal,
    takeSignals: () => {},
    watchOutput: () => {},
  };
  const exitCode = await runCli(argv, io);
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

function notifying(capture: Capture, onStdout: (text: string) => void): Capture {
  const write = capture._write.bind(capture);
  capture._write = (chunk, encoding, done) =>
    write(chunk, encoding, () => {
      onStdout(capture.text);
      done();
    });
  return capture;
}

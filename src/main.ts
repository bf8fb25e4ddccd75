import { type CommandIo, Interrupted, OutputClosed } from './lib/cli/command-io.js';
import { ownWords } from './lib/cli/find-command.js';
import { reportError, signalExitCode } from './lib/cli/report-error.js';
import { runCli } from './lib/cli/run-cli.js';
import { unwritableOutput } from './lib/cli/unwritable-output.js';
import { onReaderGone } from './lib/cli/watch-output.js';
import { makeHeapRoomy } from './lib/shared/roomy-heap.js';
import { explainSdkError } from './lib/target/explain-sdk-error.js';

const SHOW_CURSOR = '\u001B[?25h';

/** The program: runs one command line, says what went wrong, writes out everything it still holds, and ends with the exit code. */
export async function main(argv: readonly string[]): Promise<never> {
  makeHeapRoomy();
  const interrupted = new AbortController();
  const outputClosed = new AbortController();
  let onSignal = (signalName: NodeJS.Signals): void => {
    if (interrupted.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
      process.exit(signalExitCode(signalName)); // asked twice: no more waiting
    }
    interrupted.abort(new Interrupted(signalName));
  };
  const io: CommandIo = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: AbortSignal.any([interrupted.signal, outputClosed.signal]),
    outputClosed: outputClosed.signal,
    takeSignals(handle) {
      onSignal = handle;
    },
    watchOutput: () => onReaderGone(process.stdout.fd, () => outputClosed.abort(new OutputClosed())),
  };

  const own = ownWords(argv);
  reportWarnings(own.includes('--verbose'));
  let writeError: unknown;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    writeError = error;
    // Not thrown here: what a command holds on the target (a consumer, a stack) it must give back first.
    outputClosed.abort(error.code === 'EPIPE' ? new OutputClosed() : unwritableOutput(error));
  });
  process.stderr.on('error', () => {}); // nobody to tell
  for (const signalName of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signalName, () => onSignal(signalName));
  }
  const options = { json: own.includes('--json'), noColor: own.includes('--no-color') };
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    // A promise nobody awaited may still have failed at the network: that is no bug.
    process.on(event, (error: unknown) => {
      if (writeError !== undefined && error === writeError) return; // oclif listens too, and throws it
      process.exit(reportError(explainSdkError(error, undefined) ?? error, io, options));
    });
  }

  // A command may be waiting for what does not hold the process, a function's process that is ending, say: it is not over for that.
  const hold = setInterval(() => {}, 2 ** 30);
  const exitCode = await runCli(argv, io);
  clearInterval(hold);
  await flush(process.stdout);
  await new Promise((resolve) => setImmediate(resolve)); // a file that is full says so a moment later
  const { reason } = outputClosed.signal;
  const isCut = exitCode === 0 && reason !== undefined && !(reason instanceof OutputClosed);
  const finalCode = isCut ? reportError(reason, io, options) : exitCode;
  await flush(process.stderr);
  process.exit(finalCode);
}

/** Warnings for those who write pipectl and its libraries, not for those who run it. */
const FOR_DEVELOPERS = new Set(['DeprecationWarning', 'ExperimentalWarning']);

/** Warnings of the process in pipectl's own form; all but one: that releases of the AWS SDK to come need a newer Node is for pipectl to mind. */
function reportWarnings(verbose: boolean): void {
  if (process.listenerCount('warning') === 0) return; // --no-warnings
  process.removeAllListeners('warning');
  process.on('warning', ({ message, name }) => {
    if (message.startsWith('NodeVersionSupportWarning')) return; // the SDK gives it no name, nor a code
    if (FOR_DEVELOPERS.has(name) && !verbose) return;
    process.stderr.write(`warning: ${name === 'Warning' ? '' : `${name}: `}${message}\n`);
  });
}

/** process.exit drops what a pipe has not taken yet (all after 65,536 bytes, when the reader is slow). */
function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) return resolve();
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}

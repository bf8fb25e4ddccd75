import { constants } from 'node:os';
import { Chalk } from 'chalk';
import { OperationError, PipectlError, UsageError, VerdictError } from '../shared/errors.js';
import { printableText } from '../shared/printable-text.js';
import { colorLevel } from './color-level.js';
import { type CommandIo, Interrupted, OutputClosed } from './command-io.js';
import { sourceStack } from './source-stack.js';

/** A bug in pipectl: sysexits.h calls 70 "internal software error". */
const EXIT_BUG = 70;

/** The shell's convention for a program ended by a signal. */
export function signalExitCode(signalName: NodeJS.Signals): number {
  return 128 + constants.signals[signalName];
}

/**
 * Tells the person, or with `--json` the program, what went wrong, on stderr: stdout carries results alone.
 * @returns the exit code
 */
export function reportError(thrown: unknown, io: CommandIo, options: { json: boolean; noColor: boolean }): number {
  // Where stdout takes no more, that is what went wrong; what else failed followed from it.
  const error: unknown = io.outputClosed.reason ?? thrown;
  if (error instanceof OutputClosed || thrown instanceof OutputClosed) return 0;
  const interrupted = io.signal.reason instanceof Interrupted ? io.signal.reason : undefined;
  // What an abort tears down fails in many ways, all of them what was asked for; what pipectl says on purpose is still said.
  if (interrupted && !(error instanceof PipectlError)) return signalExitCode(interrupted.signalName);

  const exitCode = error instanceof PipectlError ? error.exitCode : EXIT_BUG;
  io.stderr.write(options.json ? asJson(error, exitCode) : asText(error, io, options.noColor));
  return interrupted ? signalExitCode(interrupted.signalName) : exitCode;
}

function asJson(error: unknown, exitCode: number): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof PipectlError ? error.hint : undefined;
  return `${JSON.stringify({ error: { type: typeOf(error), message, ...(hint && { hint }), exitCode } })}\n`;
}

function typeOf(error: unknown): string {
  for (const type of [UsageError, OperationError, VerdictError]) if (error instanceof type) return type.name;
  return 'InternalError';
}

function asText(error: unknown, io: CommandIo, noColor: boolean): string {
  const style = new Chalk({ level: colorLevel(io.stderr, io.env, noColor) });
  if (error instanceof PipectlError) {
    const hint = error.hint ? `${error.hint.replace(/^/gm, '  ')}\n` : '';
    // A service's or a function's own words may be in it.
    const text = `${error.message}\n${hint}`;
    return `${style.red.bold('error:')} ${io.stderr.isTTY ? printableText(text, { colors: style.level > 0 }) : text}`;
  }
  const stack = error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error);
  return `${style.red.bold('bug in pipectl:')} ${stack}\n  This is not your mistake. Please report it with the lines above, and with what you ran (node ${process.version}, ${process.platform}).\n`;
}

import { Chalk } from 'chalk';
import type { Ora } from 'ora';
import { formatDuration } from '../shared/duration.js';
import { colorLevel } from './color-level.js';
import type { CommandIo } from './command-io.js';
import type { Progress } from './progress.js';

/** Progress that can step aside for a result written to the same terminal. */
export interface LiveProgress extends Progress {
  /** Takes the live line away until the next frame. */
  clear(): void;
}

const SLOW_STEP_MS = 1000;

/** A spinner with one live line in a terminal; without one, a plain line when a step starts, ends, or has something new to say. */
export function createProgress(io: CommandIo, options: { verbose: boolean; noColor: boolean }): LiveProgress {
  const { stderr } = io;
  const style = new Chalk({ level: colorLevel(stderr, io.env, options.noColor) });
  // A pseudo-terminal without a size says 0 columns: what redraws itself there would draw for ever.
  const isTTY = stderr.isTTY === true && stderr.columns !== 0 && io.env.TERM !== 'dumb';
  let said: string[] = [];
  let step: { text: string; startedAt: number; saidAt: number } | undefined;
  const spinner = isTTY ? createSpinner(stderr) : undefined;

  const line = (text: string): void => {
    spinner?.clear();
    said = text.split('\n');
    stderr.write(`${text}\n`);
  };
  const took = (): string => {
    const ms = step ? performance.now() - step.startedAt : 0;
    return ms < SLOW_STEP_MS ? '' : style.dim(` (${formatDuration(ms)})`);
  };
  const end = (symbol: string, text: string | undefined): void => {
    const shown = text ?? step?.text;
    const suffix = took();
    step = undefined;
    spinner?.stop();
    if (shown !== undefined) line(`${symbol} ${shown}${suffix}`);
  };

  return {
    isTTY,
    style,
    start(text) {
      if (step) end(style.green('✓'), undefined);
      const now = performance.now();
      step = { text, startedAt: now, saidAt: now };
      if (spinner) spinner.show(text);
      else line(`${text} …`);
    },
    update(text, everyMs = 5000) {
      const now = performance.now();
      if (!step) step = { text, startedAt: now, saidAt: Number.NEGATIVE_INFINITY };
      step.text = text;
      if (spinner) return spinner.show(text);
      if (now - step.saidAt < everyMs || said.includes(text)) return;
      step.saidAt = now;
      line(text);
    },
    succeed: (text) => end(style.green('✓'), text),
    fail: (text) => end(style.red('✗'), text),
    note: line,
    warn: (text) => line(`${style.yellow('warning:')} ${text}`),
    detail(text) {
      if (options.verbose) line(style.dim(text));
    },
    stop() {
      step = undefined;
      spinner?.stop();
    },
    clear: () => spinner?.clear(),
  };
}

interface Spinner {
  show(text: string): void;
  /** Takes the line away; the next frame brings it back. */
  clear(): void;
  stop(): void;
}

/** ora takes 50 ms to load, more than most steps last: it is loaded when the first step begins, and shows what is under way by then. */
function createSpinner(stream: NodeJS.WritableStream): Spinner {
  let ora: Ora | undefined;
  let loading = false;
  let wanted: string | undefined;
  const load = async (): Promise<void> => {
    loading = true;
    // Raw mode on stdin would take Ctrl-C away from the signal handlers.
    ora = (await import('ora')).default({ stream, discardStdin: false });
    if (wanted !== undefined) ora.start(wanted);
  };
  return {
    show(text) {
      wanted = text;
      if (!ora) {
        if (!loading) void load();
        return;
      }
      ora.text = text;
      if (!ora.isSpinning) ora.start();
    },
    clear: () => void ora?.clear(),
    stop() {
      wanted = undefined;
      ora?.stop();
    },
  };
}

import { createInterface } from 'node:readline/promises';
import type { CommandIo } from './command-io.js';

/**
 * Asks a person for a yes, on stderr: stdout carries results alone. Anything else is a no, and so is the end of the input (Ctrl-D).
 * @throws what the signal says when it aborts (Ctrl-C)
 */
export async function askYes(
  question: string,
  { stdin, stderr, signal }: Pick<CommandIo, 'stdin' | 'stderr' | 'signal'>,
): Promise<boolean> {
  // Not as a terminal: in raw mode Ctrl-C would come here as a key, and to nobody as a signal.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

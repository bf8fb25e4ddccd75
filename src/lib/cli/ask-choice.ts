import { createInterface } from 'node:readline/promises';
import { UsageError } from '../shared/errors.js';
import type { CommandIo } from './command-io.js';

/**
 * Has a person choose by number, on stderr: stdout carries results alone. What is no number is asked again.
 * @returns the index of the choice
 * @throws UsageError when the input ends (Ctrl-D); what the signal says when it aborts (Ctrl-C)
 */
export async function askChoice(
  question: string,
  choices: readonly string[],
  { stdin, stderr, signal }: Pick<CommandIo, 'stdin' | 'stderr' | 'signal'>,
): Promise<number> {
  // Not as a terminal: in raw mode Ctrl-C would come here as a key, and to nobody as a signal.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new UsageError('None was chosen.', { hint: 'Type the number of one.' })));
  });
  stdin.once('end', () => stderr.write('\n'));
  ended.catch(() => {}); // closed at the end of this, too
  try {
    stderr.write(`${question}\n${choices.map((choice, index) => `  ${index + 1}  ${choice}\n`).join('')}`);
    for (;;) {
      const answer = (await Promise.race([lines.question('number: ', { signal }), ended])).trim();
      const index = /^\d+$/.test(answer) ? Number(answer) - 1 : -1;
      if (choices[index] !== undefined) return index;
      if (answer !== '') stderr.write(`"${answer}" is not one of the numbers, 1 to ${choices.length}\n`);
    }
  } finally {
    lines.close();
  }
}

/** How a person may be asked to choose; undefined where nobody is there to answer. */
export const choiceAsker = (io: Pick<CommandIo, 'stdin' | 'stderr' | 'signal'>) =>
  io.stdin.isTTY === true
    ? (question: string, choices: readonly string[]): Promise<number> => askChoice(question, choices, io)
    : undefined;

import { createInterface } from 'node:readline/promises';
import { UsageError } from '../shared/errors.js';
import type { CommandIo } from './command-io.js';

/** Has a person choose by number, on stderr: stdout carries results alone. @returns the index of the choice */
export async function askChoice(
  question: string,
  choices: readonly string[],
  { stdin, stderr, signal }: Pick<CommandIo, 'stdin' | 'stderr' | 'signal'>,
): Promise<number> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    stderr.write(`${question}\n${choices.map((choice, index) => `  ${index + 1}  ${choice}\n`).join('')}`);
    const answer = await lines.question('number: ', { signal });
    const index = Number(answer.trim()) - 1;
    if (choices[index] !== undefined) return index;
    throw new UsageError(`"${answer.trim()}" is not one of the numbers.`);
  } finally {
    lines.close();
  }
}

import { type FileHandle, open } from 'node:fs/promises';
import { UsageError } from '../shared/errors.js';
import { dataOf, type HeldEntry } from './put-batch.js';
import type { RejectedInput } from './record-source.js';

/** One line of the failures file: enough to find the record again, and its data to send it again. */
export type FailureLine =
  | { n: number; partitionKey: string; code: string; message: string; attempts: number; data: string }
  | { n: number; code: 'Oversized'; message: string }
  | { line: number; code: 'Malformed'; message: string; text: string };

export const failureOf = (entry: HeldEntry, code: string, message: string): FailureLine => ({
  n: entry.n,
  partitionKey: entry.partitionKey,
  code,
  message,
  attempts: entry.attempts,
  data: dataOf(entry).toString('base64'),
});

export const oversizedLine = (n: number, bytes: number, limitBytes: number): FailureLine => ({
  n,
  code: 'Oversized',
  message: `key and data take ${bytes} bytes, the stream's records at most ${limitBytes}`,
});

export const malformedLine = ({ line, reason, text }: RejectedInput): FailureLine => ({
  line,
  code: 'Malformed',
  message: reason,
  text,
});

/** Writes failures as lines of JSON, in the order they come; the file is made, and emptied, at once, so that a bad path is told before the run. */
export async function openLineFile(
  path: string,
  what: string,
): Promise<{ add(line: object): void; close(): Promise<void> }> {
  let file: FileHandle;
  try {
    file = await open(path, 'w');
  } catch (error) {
    throw new UsageError(`${what}: cannot write ${path}: ${(error as Error).message}`);
  }
  const stream = file.createWriteStream();
  return {
    add: (line) => void stream.write(`${JSON.stringify(line)}\n`),
    close: () =>
      new Promise((resolve, reject) => stream.end((error?: Error | null) => (error ? reject(error) : resolve()))),
  };
}

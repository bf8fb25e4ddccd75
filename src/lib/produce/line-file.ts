import { type FileHandle, open } from 'node:fs/promises';
import { UsageError } from '../shared/errors.js';
import { whyRefused } from './file-access.js';

export interface LineFile {
  add(line: object): void;
  /** @returns why not everything could be written, in one sentence; undefined when all is there */
  close(): Promise<string | undefined>;
}

/**
 * Writes lines of JSON, in the order they come. The file is made, and emptied, at once; a device that is full later does not end the run.
 * @param what the flag, for messages
 * @throws UsageError
 */
export async function openLineFile(path: string, what: string): Promise<LineFile> {
  let file: FileHandle;
  try {
    file = await open(path, 'w');
  } catch (cause) {
    throw new UsageError(`${what}: cannot write ${path}: ${whyRefused(cause)}.`, { cause });
  }
  const stream = file.createWriteStream();
  let problem: string | undefined;
  stream.on('error', (error) => {
    problem ??= `${what}: ${path} is not complete: ${whyRefused(error)}.`;
  });
  return {
    add(line) {
      if (problem === undefined) stream.write(`${JSON.stringify(line)}\n`);
    },
    close: () =>
      new Promise((resolve) => (stream.closed ? resolve(problem) : stream.on('close', () => resolve(problem)).end())),
  };
}

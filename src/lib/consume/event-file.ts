import { createWriteStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { OperationError, UsageError } from '../shared/errors.js';

/** Events that were recorded: one JSON object a line. */
export interface EventRecording {
  keep(event: Buffer): void;
  close(): Promise<void>;
}

/** Opens the file of `--record`; events are added at its end. */
export function openRecording(path: string): EventRecording {
  const file = createWriteStream(path, { flags: 'a' });
  let failure: Error | undefined;
  file.on('error', (error) => {
    failure = error;
  });
  return {
    keep(event) {
      file.write(Buffer.concat([event, Buffer.from('\n')]));
    },
    async close() {
      file.end();
      await finished(file).catch(() => {});
      if (failure) throw new OperationError(`--record: cannot write ${path}: ${failure.message}.`, { cause: failure });
    },
  };
}

/**
 * Reads the events of `--replay`: one JSON object a line, as `--record` writes them, or a file that is one event.
 * @throws UsageError
 */
export async function readEvents(path: string): Promise<Buffer[]> {
  if (!existsSync(path))
    throw new UsageError(`--replay: ${path}: file not found.`, { hint: 'Record events: --record FILE' });
  const text = await readFile(path, 'utf8');
  if (isObject(text)) return [Buffer.from(text)];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const bad = lines.findIndex((line) => !isObject(line));
  if (bad >= 0 || lines.length === 0)
    throw new UsageError(`--replay: ${path}: line ${bad + 1 || 1} is not a JSON object.`, {
      hint: 'Use a file that --record wrote, or one event as JSON.',
    });
  return lines.map((line) => Buffer.from(line));
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

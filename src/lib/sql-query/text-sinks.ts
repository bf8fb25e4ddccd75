import { open } from 'node:fs/promises';
import { UsageError } from '../shared/errors.js';
import type { PrintRows } from './print-rows.js';
import type { RowSink } from './row-sink.js';

/** Rows as text, to stdout. */
export function outputSink(
  print: PrintRows,
  out: { write(text: string): Promise<void>; flush(): Promise<void> },
): RowSink {
  return { write: (rows) => out.write(print(rows)), flush: () => out.flush() };
}

/** Rows as text, behind what is in the file already. @throws UsageError if it cannot be written */
export async function fileSink(print: PrintRows, path: string): Promise<RowSink> {
  const file = await open(path, 'a').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--into: cannot write ${path}: ${error.message}.`, { cause: error });
  });
  return {
    write: async (rows) => void (await file.appendFile(print(rows))),
    flush: () => file.sync(),
    close: () => file.close(),
  };
}

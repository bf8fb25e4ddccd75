import type { ChalkInstance } from 'chalk';
import { UsageError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import { functionSink } from './function-sink.js';
import { rowPrinter } from './print-rows.js';
import type { RowSink } from './row-sink.js';
import { streamSink } from './stream-sink.js';
import { fileSink, outputSink } from './text-sinks.js';

export interface SinkOptions {
  /** `stream:NAME`, `function:NAME` or a file; stdout if it is undefined. */
  into: string | undefined;
  csv: boolean;
  out: {
    json: boolean;
    isTTY: boolean;
    style: ChalkInstance;
    write(text: string): Promise<void>;
    flush(): Promise<void>;
  };
  signal: AbortSignal;
  onNote(note: string): void;
}

/**
 * Opens the place where rows go. Stdout gets a table in a terminal and NDJSON in a pipe; files get NDJSON, or CSV if they are called so.
 * @throws UsageError
 */
export async function openSink(clients: () => Promise<Clients>, options: SinkOptions): Promise<RowSink> {
  const { into, csv, out, signal, onNote } = options;
  if (into === undefined) {
    const format = csv ? 'csv' : out.json ? 'json' : out.isTTY ? 'table' : 'ndjson';
    return outputSink(rowPrinter(format, out.style), out);
  }
  const [, kind, name = ''] = /^(stream|function):(.*)$/.exec(into) ?? [];
  if (kind === undefined) {
    if (into.trim() === '') throw new UsageError('--into: the name is empty.', { hint: HINT });
    const format = out.json ? 'json' : csv || into.endsWith('.csv') ? 'csv' : 'ndjson';
    return fileSink(rowPrinter(format, out.style), into);
  }
  if (name === '') throw new UsageError(`--into: "${into}" names no ${kind}.`, { hint: HINT });
  if (csv)
    throw new UsageError(`--csv and --into ${kind}: cannot be used together.`, { hint: 'Rows go there as JSON.' });
  return kind === 'stream'
    ? streamSink(await clients(), name, signal)
    : functionSink(await clients(), name, { signal, onNote });
}

const HINT = 'Use stream:NAME, function:NAME or a file name.';

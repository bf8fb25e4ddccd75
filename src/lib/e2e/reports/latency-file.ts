import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { OperationError, UsageError } from '../../shared/errors.js';
import type { EventTimes } from '../ledger.js';

/** Lines that are written at once: hundreds of thousands of events must not be one text. */
const LINES_AT_ONCE = 5000;

/** Where each event's times go, pass after pass. */
export interface LatencyFile {
  /** Never throws: a verdict that was reached must not be lost. */
  add(check: string, runId: string, events: Iterable<EventTimes>): Promise<void>;
  /** @returns why the file could not be written, if it could not */
  close(): Promise<OperationError | undefined>;
}

type Write = (check: string, runId: string, event: EventTimes) => string;

/** One line an event: `{"check":"orders","run":"m7ft","n":0,"sentAtMs":1780000000000,"hops":{"loaded":12}}`; a hop that it did not reach is left out. */
const ndjson: Write = (check, run, { n, sentAtMs, hops }) => `${JSON.stringify({ check, run, n, sentAtMs, hops })}\n`;

/** One line an event and hop. */
const csv: Write = (check, run, { n, sentAtMs, hops }) =>
  Object.entries(hops)
    .map(([hop, ms]) => `${quoted(check)},${run},${n},${sentAtMs},${quoted(hop)},${ms}\n`)
    .join('');

const FORMATS: Record<string, { header: string; write: Write }> = {
  '.csv': { header: 'check,run,n,sentAtMs,hop,fromSendingMs\n', write: csv },
  '.ndjson': { header: '', write: ndjson },
  '.jsonl': { header: '', write: ndjson },
};

/**
 * A file for each event's times at each hop, in milliseconds from sending, in the format of its ending. It is made with the first pass.
 * @throws UsageError if the ending is none of .csv, .ndjson and .jsonl
 */
export function openLatencyFile(path: string): LatencyFile {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format) {
    throw new UsageError(`--latencies: "${path}" is not a valid file name.`, {
      hint: `Use an ending that names the format: ${Object.keys(FORMATS).join(', ')}.`,
    });
  }
  let file: FileHandle | undefined;
  let failure: OperationError | undefined;
  return {
    async add(check, runId, events) {
      try {
        if (!file) {
          await mkdir(dirname(path), { recursive: true });
          file = await open(path, 'w');
          await file.write(format.header);
        }
        let lines: string[] = [];
        for (const event of events) {
          lines.push(format.write(check, runId, event));
          if (lines.length < LINES_AT_ONCE) continue;
          await file.write(lines.join(''));
          lines = [];
        }
        await file.write(lines.join(''));
      } catch (cause) {
        failure ??= new OperationError(`Cannot write ${path}: ${(cause as Error).message}.`, {
          hint: 'Give --latencies a path that you may write.',
          cause,
        });
      }
    },
    async close() {
      await file?.close();
      return failure;
    },
  };
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

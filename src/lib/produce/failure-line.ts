import { recordsOf } from './aggregated-records.js';
import { dataOf, type HeldEntry } from './put-batch.js';
import type { RecordDraft, RejectedInput } from './record-source.js';

/** One line of the failures file: enough to find what was not delivered, and its data, in base64, to send it again. */
export interface FailureLine {
  /** The line of the input, from 1; for data made on the spot there is none. */
  line?: number;
  /** The record's number, from 0. */
  n?: number;
  partitionKey?: string;
  /** AWS's error code, or the network's; `Malformed`: no record; `Oversized`: more than the stream takes; `NotSent`: the run ended before. */
  code: string;
  message: string;
  /** How many calls carried it. */
  attempts?: number;
  /** Left out where a line was too long to be kept. */
  data?: string;
}

/** What was given up: a line for each of the user's records, also of those in an aggregate. */
export function failuresOf(entry: HeldEntry, code: string, message: string): FailureLine[] {
  const { n, partitionKey, attempts, due } = entry;
  const data = dataOf(entry);
  if (typeof due === 'number') return [{ n, partitionKey, code, message, attempts, data: data.toString('base64') }];
  return recordsOf(data, due).map((record) => ({
    n: record.n,
    partitionKey: record.partitionKey,
    code,
    message,
    attempts,
    data: record.data.toString('base64'),
  }));
}

/** @param bytes key and data together, as AWS counts them */
export const oversizedLine = (
  { n, partitionKey, bytes: buffer, start, end }: Readonly<RecordDraft>,
  bytes: number,
  limitBytes: number,
): FailureLine => ({
  n,
  partitionKey,
  code: 'Oversized',
  message:
    bytes > limitBytes
      ? `key and data take ${bytes} bytes, the stream's records at most ${limitBytes}`
      : `key and data take ${bytes} bytes, which leaves no room for an aggregate's frame in the stream's ${limitBytes}`,
  data: buffer.toString('base64', start, end),
});

export const malformedLine = ({ line, reason, data }: RejectedInput): FailureLine => ({
  line,
  code: 'Malformed',
  message: reason,
  ...(data !== undefined && { data }),
});

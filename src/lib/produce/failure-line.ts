import { isKplAggregate, readKplAggregate } from '../decode/kpl-aggregate.js';
import { dataOf, type HeldEntry } from './put-batch.js';
import type { RecordDraft, RejectedInput } from './record-source.js';

/** One line of the failures file: enough to find what was not delivered, and its data, in base64, to send it again. */
export interface FailureLine {
  /** The line of the input, from 1; for data made on the spot there is none. */
  line?: number;
  /** The record's number, from 0; in an aggregate only its first record's is known. */
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
  const { n, partitionKey, attempts } = entry;
  const data = dataOf(entry);
  if (typeof entry.due === 'number' || !isKplAggregate(data))
    return [{ n, partitionKey, code, message, attempts, data: data.toString('base64') }];
  return readKplAggregate(data).map((record, index) => ({
    ...(index === 0 && { n }),
    partitionKey: record.partitionKey,
    code,
    message,
    attempts,
    data: Buffer.from(record.data).toString('base64'),
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

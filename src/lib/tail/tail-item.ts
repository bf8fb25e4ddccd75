import { type DecodedItem, type DecodeOptions, decodeRecord } from '../decode/decode-record.js';
import { isReadable, utf8Text } from '../decode/utf8-text.js';
import type { StreamRecord } from '../stream/delivery.js';

/** One thing to show: a record, or one of the user records or events inside it. */
export interface TailItem extends DecodedItem {
  record: StreamRecord;
  /** Set on a user record whose hash key belongs to another shard than its aggregate lies in: a KCL consumer drops it. */
  outsideShard?: boolean;
}

/** The items of a record, every layer unpacked; what is inside a control message of CloudWatch Logs goes to `onNote`. */
export function decodedItems(
  record: StreamRecord,
  onNote: (note: string) => void,
  options?: DecodeOptions,
): TailItem[] {
  const { items, notes } = decodeRecord(record.data, options);
  for (const note of notes) onNote(note);
  // The items are ours alone: adding to them is half the work of copying them.
  return items.map((item) => Object.assign(item, { record }));
}

/** The record as one item, nothing unpacked: JSON and text are read, other bytes become hexadecimal digits. */
export function plainItem(record: StreamRecord): TailItem {
  const text = utf8Text(record.data);
  if (text === undefined || !isReadable(text)) {
    const digits = record.data.toString('hex');
    return { record, layers: ['hex'], value: digits, text: digits };
  }
  try {
    return { record, layers: ['json'], value: JSON.parse(text), text };
  } catch {
    return { record, layers: ['text'], value: text, text };
  }
}

export const keyOf = (item: TailItem): string => item.partitionKey ?? item.record.partitionKey;

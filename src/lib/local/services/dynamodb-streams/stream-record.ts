// A change as readers see it: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
import { itemText } from '../dynamodb/item-text.js';
import { pickAttributes } from '../dynamodb/project-index.js';
import { attributesOf } from '../dynamodb/table-items.js';
import { type Item, itemBytes } from '../dynamodb/value.js';
import type { StoredChange } from './stream-shard.js';
import { sequenceOf, type TableStream } from './table-stream.js';

export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  keys: Item;
  newImage: Item | undefined;
  oldImage: Item | undefined;
  sequenceNumber: string;
  sizeBytes: number;
  /** Whole seconds, as DynamoDB gives them. */
  createdSeconds: number;
  byService: boolean;
}

/** What the stream's view shows of a change. The texts of its images are kept, for the next reader too. */
export function recordOf(stream: TableStream, change: StoredChange): StreamRecord {
  const { before, after, number, atMs, byService } = change;
  const { view } = stream;
  const keys = pickAttributes((after ?? before)?.item ?? {}, attributesOf(stream.key));
  const newImage = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? after : undefined;
  const oldImage = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? before : undefined;
  for (const image of [newImage, oldImage]) if (image) itemText(image.item);
  return {
    eventID: stream.idPrefix + number.toString(16).padStart(16, '0'),
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    keys,
    newImage: newImage?.item,
    oldImage: oldImage?.item,
    sequenceNumber: sequenceOf(number),
    sizeBytes: itemBytes(keys) + (newImage?.bytes ?? 0) + (oldImage?.bytes ?? 0),
    createdSeconds: Math.floor(atMs / 1000),
    byService,
  };
}

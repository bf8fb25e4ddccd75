import { readKplAggregate } from '../decode/kpl-aggregate.js';
import { keyByteLength } from './ascii-key.js';

/** A user record, out of its aggregate. */
export interface AggregatedRecord {
  data: Buffer;
  partitionKey: string;
  keyBytes: number;
  n: number;
  dueMs: number;
}

/** The user records of an aggregate of ours, in their order, with what is known of them here; their data are views of it. */
export function recordsOf(
  aggregate: Uint8Array,
  { numbers, due }: { numbers: ArrayLike<number>; due: ArrayLike<number> },
): AggregatedRecord[] {
  return readKplAggregate(aggregate).map(({ partitionKey, data }, index) => ({
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    partitionKey,
    keyBytes: keyByteLength(partitionKey),
    n: numbers[index] ?? 0,
    dueMs: due[index] ?? 0,
  }));
}

// Which shard takes a record, and whether it may.
import { HASH_KEY_COUNT, hashHexOf, hexOfHashKey } from '../../../stream/hash-key.js';
import { invalidArgument } from './aws-errors.js';
import type { Shard } from './shard.js';
import type { Stream } from './stream.js';

/** What a producer sends, in PutRecord and in each entry of PutRecords. */
export interface Entry {
  Data: Uint8Array;
  PartitionKey?: string | undefined;
  ExplicitHashKey?: string | undefined;
}

/** @throws AwsError InvalidArgumentException for a key that is no 128-bit number */
export function hashHexOfEntry(entry: Entry): string {
  if (entry.ExplicitHashKey === undefined) return hashHexOf(entry.PartitionKey ?? '');
  const key = BigInt(entry.ExplicitHashKey);
  if (key >= HASH_KEY_COUNT) {
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${entry.ExplicitHashKey}`,
    );
  }
  return hexOfHashKey(key);
}

/** The shard that an entry goes to, and whether its limits let it in now; if so it is counted. */
export function place(stream: Stream, entry: Entry, bytes: number, nowMs: number): { shard: Shard; admitted: boolean } {
  if (stream.distribution === 'AUTO') return stream.nextShard(bytes, nowMs);
  const shard = stream.shardFor(hashHexOfEntry(entry));
  return { shard, admitted: shard.admit(bytes, nowMs) };
}

/** Length of a partition key in UTF-8; most are ASCII and cost no call. */
export const keyBytesOf = (entry: Entry): number =>
  entry.PartitionKey === undefined ? 0 : Buffer.byteLength(entry.PartitionKey);

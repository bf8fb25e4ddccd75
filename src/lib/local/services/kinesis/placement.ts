// Whether a record may come in, and to which shard.
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

/** @throws AwsError InvalidArgumentException for an explicit key that is no 128-bit number, where explicit keys count */
export function checkHashKeys(entries: readonly Entry[], stream: Stream): void {
  if (stream.distribution === 'AUTO') return;
  for (const { ExplicitHashKey: key } of entries) {
    if (key !== undefined && BigInt(key) >= HASH_KEY_COUNT) {
      throw invalidArgument(
        `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${key}`,
      );
    }
  }
}

const hashHexOfEntry = ({ ExplicitHashKey: explicit, PartitionKey: key }: Entry): string =>
  explicit === undefined ? hashHexOf(key ?? '') : hexOfHashKey(BigInt(explicit));

/** The shard that an entry goes to, and whether its limits let it in now; if so it is counted. */
export function place(stream: Stream, entry: Entry, bytes: number, nowMs: number): { shard: Shard; admitted: boolean } {
  if (stream.distribution === 'AUTO') return stream.nextShard(bytes, nowMs);
  const shard = stream.shardFor(hashHexOfEntry(entry));
  return { shard, admitted: shard.admit(bytes, nowMs) };
}

/** Length of an entry's partition key in UTF-8. */
export const keyBytesOf = (entry: Entry): number =>
  entry.PartitionKey === undefined ? 0 : Buffer.byteLength(entry.PartitionKey);

/** Whether an entry breaks the rules of its stream: its key is missing, or it is too large. AWS counts key and data together. */
export const isRefused = (entry: Entry, keyBytes: number, stream: Stream): boolean =>
  entry.Data.byteLength + keyBytes > stream.maxRecordKib * 1024 ||
  (entry.PartitionKey === undefined && stream.distribution !== 'AUTO');

/**
 * What AWS says of an entry that is refused.
 * @param at the entry's place in the request, with a dot at its end, or nothing
 */
export function refusalsOf(entry: Entry, keyBytes: number, stream: Stream, at: string): string[] {
  const found: string[] = [];
  const maxBytes = stream.maxRecordKib * 1024;
  const dataBytes = entry.Data.byteLength;
  if (dataBytes + keyBytes > maxBytes) {
    found.push(
      `Value 'java.nio.HeapByteBuffer[pos=0 lim=${dataBytes} cap=${dataBytes}]' at '${at}data' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${dataBytes > maxBytes ? maxBytes : maxBytes - keyBytes}`,
    );
  }
  if (entry.PartitionKey === undefined && stream.distribution !== 'AUTO') {
    found.push(`Value null at '${at}partitionKey' failed to satisfy constraint: Member must not be null`);
  }
  return found;
}

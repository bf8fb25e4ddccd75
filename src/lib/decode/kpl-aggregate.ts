// The aggregation format of the Kinesis Producer Library: magic number, protobuf message, MD5 of the message.
// https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
import { createHash } from 'node:crypto';

export const KPL_MAGIC = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2);
export const KPL_DIGEST_BYTES = 16;

/** One record as the application gave it to the producer. */
export interface UserRecord {
  partitionKey: string;
  explicitHashKey: string | undefined;
  data: Uint8Array;
}

/** True when the bytes carry the aggregation's magic number and are long enough for its checksum. */
export function isKplAggregate(bytes: Uint8Array): boolean {
  return (
    bytes.length >= KPL_MAGIC.length + KPL_DIGEST_BYTES &&
    bytes[0] === 0xf3 &&
    bytes[1] === 0x89 &&
    bytes[2] === 0x9a &&
    bytes[3] === 0xc2
  );
}

/**
 * The user records of an aggregate, in their order; their data are views of `bytes`, not copies.
 * @throws Error in one sentence when the checksum or the message is wrong; RangeError when it holds more than `maxRecords`
 */
export function readKplAggregate(bytes: Uint8Array, maxRecords = Number.POSITIVE_INFINITY): UserRecord[] {
  const message = bytes.subarray(KPL_MAGIC.length, bytes.length - KPL_DIGEST_BYTES);
  const digest = bytes.subarray(bytes.length - KPL_DIGEST_BYTES);
  if (!createHash('md5').update(message).digest().equals(digest)) throw new Error('its checksum does not match');

  const partitionKeys: string[] = [];
  const hashKeys: string[] = [];
  const drafts: Uint8Array[] = [];
  readFields(message, (field, value) => {
    if (!(value instanceof Uint8Array)) return;
    if (field === 1) partitionKeys.push(Buffer.from(value).toString('utf8'));
    else if (field === 2) hashKeys.push(Buffer.from(value).toString('utf8'));
    else if (field === 3) drafts.push(value);
    if (drafts.length > maxRecords || partitionKeys.length > maxRecords || hashKeys.length > maxRecords)
      throw new RangeError(`it holds more than ${maxRecords} records`);
  });
  return drafts.map((draft, index) => readUserRecord(draft, index, partitionKeys, hashKeys));
}

function readUserRecord(
  draft: Uint8Array,
  index: number,
  partitionKeys: readonly string[],
  hashKeys: readonly string[],
): UserRecord {
  let keyIndex = -1;
  let hashKeyIndex: number | undefined;
  let data: Uint8Array | undefined;
  readFields(draft, (field, value) => {
    if (field === 1 && typeof value === 'number') keyIndex = value;
    else if (field === 2 && typeof value === 'number') hashKeyIndex = value;
    else if (field === 3 && value instanceof Uint8Array) data = value;
  });
  const partitionKey = partitionKeys[keyIndex];
  const explicitHashKey = hashKeyIndex === undefined ? undefined : hashKeys[hashKeyIndex];
  if (partitionKey === undefined || data === undefined || (hashKeyIndex !== undefined && explicitHashKey === undefined))
    throw new Error(`its user record ${index + 1} has no data or names a key that is not there`);
  return { partitionKey, explicitHashKey, data };
}

/** Walks a protobuf message: varints as numbers, length-delimited fields as views, fixed-width fields skipped. */
function readFields(message: Uint8Array, take: (field: number, value: number | Uint8Array) => void): void {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw new Error('its message is cut short');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const skip = (bytes: number): void => {
    at += bytes;
    if (at > message.length) throw new Error('its message is cut short');
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        take(field, varint());
        break;
      case 1:
        skip(8);
        break;
      case 2: {
        const length = varint();
        const start = at;
        skip(length);
        take(field, message.subarray(start, at));
        break;
      }
      case 5:
        skip(4);
        break;
      default:
        throw new Error('its message is not valid protobuf');
    }
  }
}

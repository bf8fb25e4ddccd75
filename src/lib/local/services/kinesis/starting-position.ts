// Where reading starts: the five positions of GetShardIterator and SubscribeToShard.
import type { ShardIteratorType } from '@aws-sdk/client-kinesis';
import { parseOldestSequenceNumber, parseSequenceNumber, shardIdOf } from '../../../stream/sequence-number.js';
import { invalidArgument } from './aws-errors.js';
import type { Shard } from './shard.js';

export interface StartingPosition {
  type: ShardIteratorType;
  sequenceNumber: string | undefined;
  timestampMs: number | undefined;
  nowMs: number;
  /** `GetShardIterator`, and the names of its stream and account, for the messages. */
  operation: string;
  streamName: string;
  accountId: string;
}

/**
 * The ordinal of the first record to read.
 * @throws AwsError InvalidArgumentException when the position is incomplete, in the future or not one of this shard
 */
export function resolvePosition(shard: Shard, position: StartingPosition): number {
  const { type, sequenceNumber } = position;
  const bySequence = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (bySequence !== (sequenceNumber !== undefined)) {
    throw invalidArgument(
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
        '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
        `Request specified ${type} and ${bySequence ? 'no' : 'also a'} StartingSequenceNumber.`,
    );
  }
  switch (type) {
    case 'TRIM_HORIZON':
      return shard.log.first;
    case 'LATEST':
      return shard.log.next;
    case 'AT_TIMESTAMP':
      return atTimestamp(shard, position);
    default:
      return atSequenceNumber(shard, sequenceNumber ?? '', position);
  }
}

function atTimestamp(shard: Shard, { timestampMs, nowMs }: StartingPosition): number {
  if (timestampMs === undefined) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
  }
  if (timestampMs > nowMs) {
    throw invalidArgument(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${timestampMs}, currentTimestampInMillis: ${nowMs}`,
    );
  }
  return shard.log.ordinalAt(timestampMs);
}

function atSequenceNumber(shard: Shard, sequenceNumber: string, position: StartingPosition): number {
  const parts = parseSequenceNumber(sequenceNumber);
  const oldest = parts ? undefined : parseOldestSequenceNumber(sequenceNumber);
  const used =
    `StartingSequenceNumber ${oldest?.shown ?? sequenceNumber} used in ${position.operation} on shard ${shard.id} in stream ` +
    `${position.streamName} under account ${position.accountId} is invalid`;
  const encoded = (parts ?? oldest)?.shardIndex;
  if (encoded === undefined) throw invalidArgument(`${used}.`);
  if (encoded !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(encoded)}, ` +
        `while it was used in a call to a shard with ${shard.id}`,
    );
  }
  if (!parts) throw invalidArgument(`${used} because it did not come from this stream.`);
  const beyond = parts.ordinal >= shard.log.next && !(parts.ordinal === Number.POSITIVE_INFINITY && shard.closed);
  if (parts.shardCreatedSec !== shard.numbers.shardCreatedSec || beyond) {
    throw invalidArgument(`${used} because it did not come from this stream.`);
  }
  const after = parts.behind || position.type === 'AFTER_SEQUENCE_NUMBER';
  return Math.min(shard.log.next, parts.ordinal + (after ? 1 : 0));
}

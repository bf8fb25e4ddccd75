// Where readers of a shard are, and what they get.
import { SealedTokens } from '../../kit/sealed-tokens.js';
import { AwsError } from '../../wire/aws-error.js';
import type { StoredChange, StreamShard } from './stream-shard.js';
import type { StreamStore } from './stream-store.js';
import { numberOf, type TableStream } from './table-stream.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
const ITERATOR_MS = 15 * 60 * 1000;

export type Position =
  | { type: 'TRIM_HORIZON' | 'LATEST' }
  | { type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; sequenceNumber: string }
  /** For readers in this process: the API does not have it. */
  | { type: 'AT_TIMESTAMP'; timestampMs: number };

interface Iterator {
  shardId: string;
  /** The number of the next record. */
  next: number;
  madeMs: number;
}

const tokens = new SealedTokens();

/** @throws AwsError ResourceNotFoundException */
export function findStream(store: StreamStore, region: string, arn: string): TableStream {
  const stream = store.in(region).get(arn);
  if (!stream) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
  }
  return stream;
}

function findShard(stream: TableStream, shardId: string, nowMs: number): StreamShard {
  const shard = stream.shards(nowMs).find(({ id }) => id === shardId);
  if (!shard) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Shard does not exist: ${shardId} in stream ${stream.arn}`,
    );
  }
  return shard;
}

/** @throws AwsError ResourceNotFoundException, TrimmedDataAccessException, ValidationException */
export function iteratorAt(store: StreamStore, stream: TableStream, shardId: string, position: Position): string {
  const shard = findShard(stream, shardId, store.nowMs);
  shard.trim(store.nowMs);
  return seal(stream, { shardId, next: startOf(shard, position), madeMs: store.nowMs });
}

function startOf(shard: StreamShard, position: Position): number {
  switch (position.type) {
    case 'TRIM_HORIZON':
      return shard.horizon;
    case 'LATEST':
      return shard.next;
    case 'AT_TIMESTAMP':
      return shard.numberAt(position.timestampMs);
    default: {
      const number = numberOf(position.sequenceNumber);
      const last = shard.last ?? shard.next - 1;
      if (number === undefined || number < shard.first || number > Math.max(last, shard.first)) {
        throw new AwsError(
          'ValidationException',
          `Invalid SequenceNumber: ${position.sequenceNumber} is not in the range of shard ${shard.id}`,
        );
      }
      const next = position.type === 'AT_SEQUENCE_NUMBER' ? number : number + 1;
      if (next < shard.horizon) throw trimmed();
      return next;
    }
  }
}

/** `STREAM-ARN|1|TOKEN`, as DynamoDB makes them. */
const seal = ({ arn }: TableStream, iterator: Iterator): string => `${arn}|1|${tokens.seal(arn, iterator)}`;

/**
 * @param goesOn whether this change still has room
 * @returns records from the iterator's place on, and the next iterator; none at the end of a closed shard
 * @throws AwsError ResourceNotFoundException, ExpiredIteratorException, TrimmedDataAccessException, ValidationException
 */
export function readRecords(
  store: StreamStore,
  region: string,
  text: string,
  { most, goesOn }: { most: number; goesOn?: (change: StoredChange) => boolean },
): { stream: TableStream; shard: StreamShard; changes: readonly StoredChange[]; next: string | undefined } {
  const [arn = '', version, token = ''] = text.split('|');
  const iterator = version === '1' ? (tokens.open(arn, token) as Iterator | undefined) : undefined;
  if (!iterator) throw new AwsError('ValidationException', 'Invalid ShardIterator');
  const stream = findStream(store, region, arn);
  const { nowMs } = store;
  if (nowMs - iterator.madeMs > ITERATOR_MS) {
    throw new AwsError(
      'ExpiredIteratorException',
      'The shard iterator has expired. Shard iterators are valid for 15 minutes',
    );
  }
  const shard = findShard(stream, iterator.shardId, nowMs);
  shard.trim(nowMs);
  if (iterator.next < shard.horizon) throw trimmed();
  const there = shard.read(iterator.next, most);
  // One record comes whatever its size.
  const stop = goesOn ? there.findIndex((change, index) => !goesOn(change) && index > 0) : -1;
  const changes = stop < 0 ? there : there.slice(0, stop);
  const next = iterator.next + changes.length;
  const isAtEnd = shard.last !== undefined && next >= shard.next;
  return {
    stream,
    shard,
    changes,
    next: isAtEnd ? undefined : seal(stream, { shardId: shard.id, next, madeMs: nowMs }),
  };
}

const trimmed = (): AwsError =>
  new AwsError(
    'TrimmedDataAccessException',
    'The operation attempted to read past the oldest stream record in a shard. Use TRIM_HORIZON to begin at the oldest one.',
  );

import { AwsError } from '../../wire/aws-error.js';
import { invalidArgument } from './aws-errors.js';
import type { KinesisState } from './kinesis-state.js';
import type { Shard } from './shard.js';
import type { Stream } from './stream.js';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const ITERATOR_LIFE_MS = 300_000;

/** What a shard iterator means: the place of the next record to read, in one shard of one stream. */
export interface ShardIterator {
  streamName: string;
  streamId: string;
  shardId: string;
  /** Ordinal of the next record to read. */
  ordinal: number;
  createdMs: number;
}

export const sealIterator = (state: KinesisState, stream: Stream, shard: Shard, ordinal: number): string =>
  state.tokens.seal('shard-iterator', {
    streamName: stream.name,
    streamId: stream.id,
    shardId: shard.id,
    ordinal,
    createdMs: state.nowMs,
  } satisfies ShardIterator);

/** @throws AwsError InvalidArgumentException for what is no iterator, ExpiredIteratorException five minutes after it was made */
export function openIterator(state: KinesisState, token: string): ShardIterator {
  const iterator = state.tokens.open('shard-iterator', token) as ShardIterator | undefined;
  if (!iterator) throw invalidArgument('Invalid ShardIterator.');
  const nowMs = state.nowMs;
  if (nowMs - iterator.createdMs > ITERATOR_LIFE_MS) {
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${javaDate(iterator.createdMs)} while right now it is ` +
        `${javaDate(nowMs)} which is further in the future than the tolerated delay of ${ITERATOR_LIFE_MS} milliseconds.`,
    );
  }
  return iterator;
}

/** `Thu Jan 22 01:22:02 UTC 2015` */
function javaDate(ms: number): string {
  const [weekday, day, month, year, time] = new Date(ms).toUTCString().split(/,? /);
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}

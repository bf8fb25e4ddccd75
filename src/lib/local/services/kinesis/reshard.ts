// From the shards a stream has to as many of equal width, by the splits and merges that AWS would do.
import { evenHashKeyRanges, HASH_KEY_COUNT } from '../../../stream/hash-key.js';
import type { Shard } from './shard.js';
import type { Stream } from './stream.js';

/**
 * Two borders nearer than this are one. 2^128 does not divide by 3, so a sixth of it is not quite half a third: without this, doubling
 * three shards would leave slivers of a single hash key. It is a millionth of the narrowest shard a stream can have.
 */
const SAME_BORDER = HASH_KEY_COUNT >> 32n;

/**
 * Goes from the lowest hash key to the highest, one new range after the other: cuts the shard that its end falls into, then joins what lies
 * in it. That is AWS's order: four shards to three leaves 6, 9 and 10 open. A shard whose range stays the same is left alone; pieces in
 * between live for a moment only, as AWS says of UpdateShardCount.
 */
export function reshard(stream: Stream, shardCount: number): void {
  const waiting = byRange(stream.openShards);
  for (const { end } of evenHashKeyRanges(shardCount)) {
    const lastEnd = end + SAME_BORDER;
    let joined: Shard | undefined;
    while (!joined || joined.range.end + SAME_BORDER < end || (waiting[0] && waiting[0].range.end <= lastEnd)) {
      let next = waiting.shift() as Shard;
      if (next.range.end > lastEnd) {
        const [inside, beyond] = stream.split(next, end + 1n);
        waiting.unshift(beyond);
        next = inside;
      }
      joined = joined ? stream.merge(joined, next) : next;
    }
  }
}

const byRange = (shards: readonly Shard[]): Shard[] =>
  [...shards].sort((a, b) => (a.range.start < b.range.start ? -1 : 1));

// From the shards a stream has to as many of equal width, by the splits and merges that AWS would do.
import { evenHashKeyRanges, type HashKeyRange } from '../../../stream/hash-key.js';
import type { Shard } from './shard.js';
import type { Stream } from './stream.js';

/**
 * Cuts the open shards where the new ranges meet, then joins the pieces of each new range. A shard whose range stays the same is
 * left alone. Pieces in between live for a moment only, as AWS says of UpdateShardCount.
 */
export function reshard(stream: Stream, shardCount: number): void {
  const targets = evenHashKeyRanges(shardCount);
  const pieces: Shard[] = [];
  let next = 0;
  for (const shard of byRange(stream.openShards)) {
    let rest = shard;
    for (; next < targets.length; next++) {
      const { start } = targets[next] as HashKeyRange;
      if (start > rest.range.end) break;
      if (start === rest.range.start) continue;
      const [low, high] = stream.split(rest, start);
      pieces.push(low);
      rest = high;
    }
    pieces.push(rest);
  }
  let at = 0;
  for (const target of targets) {
    let joined = pieces[at++] as Shard;
    while (joined.range.end < target.end) joined = stream.merge(joined, pieces[at++] as Shard);
  }
}

const byRange = (shards: readonly Shard[]): Shard[] =>
  [...shards].sort((a, b) => (a.range.start < b.range.start ? -1 : 1));

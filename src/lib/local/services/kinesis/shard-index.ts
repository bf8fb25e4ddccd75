/** AWS counts shards with 31 bits. */
const LARGEST_INDEX = 2 ** 31 - 1;

/**
 * The number in a shard's id as a client gives it, or undefined when it can be none. As on AWS only the number counts, and it stands behind
 * the first dash: `shardId-000000000001`, `shardId-1`, `x-1` and `1` are one shard.
 */
export function shardIndexIn(shardId: string): number | undefined {
  const digits = shardId.split('-')[1] || shardId;
  const index = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  return index <= LARGEST_INDEX ? index : undefined;
}

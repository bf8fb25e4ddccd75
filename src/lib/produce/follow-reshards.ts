import { describeShards } from '../stream/describe-stream.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { keyedShardsOf, type PacedShards } from './paced-shards.js';

const READ_AGAIN_MS = 1000;

/**
 * Keeps the shards of a run that waits for them up to date: one that took a record and was not listed has come with a reshard.
 * @param known the shards listed before the run; undefined where they may not be listed
 * @returns what to call with the shard of each record
 */
export function followReshards(
  paced: PacedShards,
  kinesis: KinesisControl,
  stream: string,
  known: readonly { shardId: string }[] | undefined,
): (shardId: string) => void {
  if (!known) return () => {};
  let ids = new Set(known.map(({ shardId }) => shardId));
  let reading = false;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return (shardId) => {
    if (reading || shardId === '' || ids.has(shardId) || performance.now() < readAtMs + READ_AGAIN_MS) return;
    reading = true;
    readAtMs = performance.now();
    describeShards(kinesis, stream)
      .then((shards) => {
        ids = new Set(shards.map(({ id }) => id)); // closed ones too: what was under way may still name them
        paced.useShards(keyedShardsOf(shards));
      })
      .catch(() => {}) // the shards of before serve until the next try
      .finally(() => {
        reading = false;
      });
  };
}

import type { ControlOutput, KinesisControl } from '../target/kinesis-control.js';

type Listed = NonNullable<ControlOutput<'ListShards'>['Shards']>[number];
/** A shard as ListShards tells of it. */
export type ShardDescription = Partial<Omit<Listed, 'ShardId'>> & { ShardId: string };

/** Every shard of a stream, closed ones too while they hold records. */
export async function listShards(
  kinesis: KinesisControl,
  stream: string,
  signal?: AbortSignal,
): Promise<ShardDescription[]> {
  const shards: ShardDescription[] = [];
  let next: string | undefined;
  do {
    const page = await kinesis.call(
      'ListShards',
      next === undefined ? { StreamName: stream } : { NextToken: next },
      signal,
    );
    for (const shard of page.Shards ?? []) {
      if (shard.ShardId !== undefined) shards.push({ ...shard, ShardId: shard.ShardId });
    }
    next = page.NextToken;
  } while (next !== undefined);
  return shards;
}

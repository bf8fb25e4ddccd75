// What one shard carries, and how many shards a load needs.
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html

const MIB = 1024 * 1024;

/** What one shard takes in a second. */
export const SHARD_WRITE = { recordsPerSecond: 1000, bytesPerSecond: MIB } as const;
/** What one shard gives in a second to all callers of GetRecords together, and of GetShardIterator. */
export const SHARD_READ = { callsPerSecond: 5, bytesPerSecond: 2 * MIB, iteratorsPerSecond: 5 } as const;
/** What one shard gives in a second to each enhanced fan-out consumer. */
export const FAN_OUT_BYTES_PER_SECOND = 2 * MIB;
/** The most one GetRecords call returns. */
export const GET_RECORDS = { maxRecords: 10_000, maxBytes: 10 * MIB } as const;
/** The most one PutRecords call takes: keys and data together count as bytes. */
export const PUT_RECORDS = { maxRecords: 500, maxBytes: 10 * MIB } as const;
/** The largest record, partition key and data together, in KiB: by default, and what UpdateMaxRecordSize allows. */
export const RECORD_KIB = { byDefault: 1024, min: 1024, max: 10_240 } as const;
/** Shards of a new on-demand stream: 4 MiB/s and 4,000 records/s in. */
export const ON_DEMAND_SHARDS = 4;
/** UpdateShardCount: at most this many times the open shards, at least this share of them, this often a day. */
export const RESHARD = { maxFactor: 2, minFactor: 0.5, timesPerDay: 10, maxShards: 10_000 } as const;

export interface WriteLoad {
  recordsPerSecond: number;
  /** Partition keys and data together. */
  bytesPerSecond: number;
}

/** The shards that carry a load spread evenly over its keys; at least one. */
export function shardsFor(load: WriteLoad): number {
  const byRecords = load.recordsPerSecond / SHARD_WRITE.recordsPerSecond;
  const byBytes = load.bytesPerSecond / SHARD_WRITE.bytesPerSecond;
  return Math.max(1, Math.ceil(Math.max(byRecords, byBytes) - 1e-9));
}

/** Whether one UpdateShardCount call can go from one count of open shards to another. AWS rounds half a shard up. */
export const canReshardAtOnce = (from: number, to: number): boolean =>
  to <= from * RESHARD.maxFactor && to >= Math.ceil(from * RESHARD.minFactor) && to <= RESHARD.maxShards;

/**
 * The counts to ask for, one UpdateShardCount after the other, to get from `from` to `to`; empty when they are equal. As few as AWS
 * allows, and the one that does not simply double comes first, while there are few shards: AWS cuts and joins every shard for it, and the
 * pieces stay listed until their records expire. 3 to 20 goes by 5 and 10.
 */
export function reshardSteps(from: number, to: number): number[] {
  const doublings: number[] = [];
  let first = to;
  while (first % 2 === 0 && first / 2 >= from) {
    doublings.unshift(first);
    first /= 2;
  }
  const steps: number[] = [];
  for (let count = from; count !== first; ) {
    const [most, least] = [count * RESHARD.maxFactor, Math.ceil(count * RESHARD.minFactor)];
    count = first > count ? Math.min(first, most) : Math.max(first, least);
    steps.push(count);
  }
  return [...steps, ...doublings];
}

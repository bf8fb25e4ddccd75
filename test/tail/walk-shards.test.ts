// The order in which shards are read, with readers that end when the test says so.
import { expect, it } from 'vitest';
import type { ShardDescription } from '../../src/lib/stream/list-shards.js';
import type { ShardEnd } from '../../src/lib/tail/read-shard.js';
import { walkShards } from '../../src/lib/tail/walk-shards.js';

const shard = (n: number, ...parents: number[]): ShardDescription => ({
  ShardId: id(n),
  ...(parents[0] !== undefined && { ParentShardId: id(parents[0]) }),
  ...(parents[1] !== undefined && { AdjacentParentShardId: id(parents[1]) }),
});
/** As GetRecords tells of children at the end of a shard. */
const child = (n: number, ...parents: number[]) => ({ ShardId: id(n), ParentShards: parents.map(id) });
const id = (n: number): string => `shardId-${String(n).padStart(12, '0')}`;
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

it('waits for a second parent of which nothing was heard so far, because its own parent is still being read', async () => {
  const lists = [
    [shard(0), shard(1)],
    // 0 was split into 2 and 3; 3 and 1 were merged into 4.
    [shard(0), shard(1), shard(2, 0), shard(3, 0), shard(4, 3, 1)],
  ];
  const started: string[] = [];
  const ends = new Map<string, (end: ShardEnd) => void>();
  const walk = walkShards({
    from: { kind: 'latest' },
    untilMs: undefined,
    only: undefined,
    resume: new Map(),
    list: async () => lists.shift() ?? [],
    read: ({ shardId, onReady }) => {
      started.push(shardId);
      onReady();
      return new Promise((resolve) => ends.set(shardId, resolve));
    },
    deliver: async () => 0,
    onPosition: () => {},
    onReady: () => {},
    onChildren: () => {},
    onWarning: () => {},
    signal: new AbortController().signal,
  });
  await soon();
  ends.get(id(1))?.({ kind: 'closed', children: [child(4, 3, 1)] });
  await soon();
  expect(started).toEqual([id(0), id(1)]);
  ends.get(id(0))?.({ kind: 'closed', children: [child(2, 0), child(3, 0)] });
  await soon();
  expect(started).toEqual([id(0), id(1), id(2), id(3)]);
  ends.get(id(3))?.({ kind: 'closed', children: [child(4, 3, 1)] });
  await soon();
  expect(started.at(-1)).toBe(id(4));
  for (const n of [2, 4]) ends.get(id(n))?.({ kind: 'reached' });
  await walk;
});

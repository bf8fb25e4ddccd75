// The order in which shards are read, with readers that end when the test says so.
import { expect, it } from 'vitest';
import type { ShardDescription } from '../../src/lib/stream/list-shards.js';
import type { ShardEnd } from '../../src/lib/tail/read-shard.js';
import type { ShardPosition } from '../../src/lib/tail/shard-position.js';
import { type WalkOptions, walkShards } from '../../src/lib/tail/walk-shards.js';

const shard = (n: number, ...parents: number[]): ShardDescription => ({
  ShardId: id(n),
  ...(parents[0] !== undefined && { ParentShardId: id(parents[0]) }),
  ...(parents[1] !== undefined && { AdjacentParentShardId: id(parents[1]) }),
});
/** As GetRecords tells of children at the end of a shard. */
const child = (n: number, ...parents: number[]) => ({ ShardId: id(n), ParentShards: parents.map(id) });
const id = (n: number): string => `shardId-${String(n).padStart(12, '0')}`;
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

interface Started {
  shardId: string;
  start: ShardPosition;
}

/** A walk whose readers end when `end` says so. */
function walkOf(lists: ShardDescription[][], options: Partial<WalkOptions> = {}) {
  const started: Started[] = [];
  const ends = new Map<string, (end: ShardEnd) => void>();
  const done = walkShards({
    from: { kind: 'latest' },
    untilMs: undefined,
    only: undefined,
    resume: new Map(),
    list: async () => lists.shift() ?? [],
    read: ({ shardId, start, onReady }) => {
      started.push({ shardId, start });
      onReady();
      return new Promise((resolve) => ends.set(shardId, resolve));
    },
    deliver: async () => 0,
    onPosition: () => {},
    onReady: () => {},
    onChildren: () => {},
    onWarning: () => {},
    signal: new AbortController().signal,
    ...options,
  });
  const end = async (n: number, how: ShardEnd): Promise<void> => {
    ends.get(id(n))?.(how);
    await soon();
  };
  return { started, ids: () => started.map(({ shardId }) => shardId), end, done };
}

it('waits for a second parent of which nothing was heard so far, because its own parent is still being read', async () => {
  const { ids, end, done } = walkOf([
    [shard(0), shard(1)],
    // 0 was split into 2 and 3; 3 and 1 were merged into 4.
    [shard(0), shard(1), shard(2, 0), shard(3, 0), shard(4, 3, 1)],
  ]);
  await soon();
  await end(1, { kind: 'closed', children: [child(4, 3, 1)] });
  expect(ids()).toEqual([id(0), id(1)]);
  await end(0, { kind: 'closed', children: [child(2, 0), child(3, 0)] });
  expect(ids()).toEqual([id(0), id(1), id(2), id(3)]);
  await end(3, { kind: 'closed', children: [child(4, 3, 1)] });
  expect(ids().at(-1)).toBe(id(4));
  for (const n of [2, 4]) await end(n, { kind: 'reached' });
  await done;
});

it('of named shards reads a child behind its parent too, where both are named', async () => {
  const shards = [shard(0), shard(1, 0), shard(2, 0)];
  const { ids, end, done } = walkOf([shards, shards], {
    from: { kind: 'trim-horizon' },
    only: new Set([id(0), id(2)]),
  });
  await soon();
  expect(ids()).toEqual([id(0)]);
  await end(0, { kind: 'closed', children: undefined });
  expect(ids()).toEqual([id(0), id(2)]);
  await end(2, { kind: 'reached' });
  await done;
});

it('goes on from the oldest record in a shard that an earlier run cannot have known, its parents being gone by now', async () => {
  // The run before knew 0. Since then 0 and its child 1 have come and gone; 2 is the child of 1, and 3 was there all the time.
  const { started, end, done } = walkOf([[shard(2, 1), shard(3)]], {
    resume: new Map([
      [id(0), { after: '7' }],
      [id(3), { after: '9' }],
    ]),
  });
  await soon();
  expect(started).toEqual([
    { shardId: id(2), start: { oldest: true } },
    { shardId: id(3), start: { after: '9' } },
  ]);
  for (const n of [2, 3]) await end(n, { kind: 'reached' });
  await done;
});

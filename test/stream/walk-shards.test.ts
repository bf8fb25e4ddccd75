// The order in which shards are read, with readers that end when the test says so.
import { expect, it } from 'vitest';
import { DrivenClock } from '../../src/lib/shared/clock.js';
import type { ShardPosition } from '../../src/lib/stream/shard-position.js';
import type { ListedShard, ShardEnd } from '../../src/lib/stream/shard-source.js';
import { type WalkOptions, walkShards } from '../../src/lib/stream/walk-shards.js';

const shard = (n: number, ...parents: number[]): ListedShard => ({
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
function walkOf(lists: (ListedShard[] | Promise<ListedShard[]>)[], options: Partial<WalkOptions> = {}) {
  const started: Started[] = [];
  const ends = new Map<string, (end: ShardEnd) => void>();
  const done = walkShards({
    from: { kind: 'latest' },
    clock: new DrivenClock(0),
    list: async () => lists.shift() ?? [],
    read: ({ shardId, start, onReady }) => {
      started.push({ shardId, start });
      onReady();
      return new Promise((resolve) => ends.set(shardId, resolve));
    },
    deliver: async () => 0,
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

it('waits for a second parent also when another shard ends while the list is under way', async () => {
  // A reader that stopped for a while: meanwhile 0 was split into 3 and 4, 4 and 1 were merged into 5, and 2 was split into 6 and 7.
  const all = [
    ...[0, 1, 2].map((n) => shard(n)),
    ...[shard(3, 0), shard(4, 0), shard(5, 4, 1), shard(6, 2), shard(7, 2)],
  ];
  let answer = (_: ListedShard[]): void => {};
  const underWay = new Promise<ListedShard[]>((resolve) => (answer = resolve));
  const { ids, end, done } = walkOf([[shard(0), shard(1), shard(2)], underWay]);
  await soon();
  await end(1, { kind: 'closed', children: [child(5, 4, 1)] });
  await end(2, { kind: 'closed', children: [child(6, 2), child(7, 2)] });
  expect(ids()).toEqual([0, 1, 2, 6, 7].map(id)); // 5 must not begin: 4 is not read
  answer(all);
  await soon();
  expect(ids()).not.toContain(id(5));
  await end(0, { kind: 'closed', children: [child(3, 0), child(4, 0)] });
  expect(ids()).not.toContain(id(5));
  await end(4, { kind: 'closed', children: [child(5, 4, 1)] });
  expect(ids().at(-1)).toBe(id(5));
  for (const n of [3, 5, 6, 7]) await end(n, { kind: 'reached' });
  await done;
});

it('asks for the list again where it lags behind the end of a shard that names no children', async () => {
  const clock = new DrivenClock(0);
  const warnings: string[] = [];
  const { ids, end, done } = walkOf([[shard(0)], [shard(0)], [shard(0), shard(1, 0), shard(2, 0)]], {
    clock,
    onWarning: (text) => warnings.push(text),
  });
  await soon();
  await end(0, { kind: 'closed', children: [] });
  expect(ids()).toEqual([id(0)]);
  clock.advance(1000);
  await soon();
  expect(ids()).toEqual([0, 1, 2].map(id));
  for (const n of [1, 2]) await end(n, { kind: 'reached' });
  await done;
  expect(warnings).toEqual([]);
});

it('says so where the children of a closed shard are never listed', async () => {
  const clock = new DrivenClock(0);
  const warnings: string[] = [];
  const { end, done } = walkOf([[shard(0)]], { clock, onWarning: (text) => warnings.push(text) });
  await soon();
  await end(0, { kind: 'closed', children: undefined });
  for (let lists = 0; lists < 10; lists++) {
    clock.advance(1000);
    await soon();
  }
  await done;
  expect(warnings).toEqual([expect.stringMatching(/^shardId-0{12} is closed, and its child shards are not listed/)]);
});

const closed = (n: number, ...parents: number[]): ListedShard => ({
  ...shard(n, ...parents),
  SequenceNumberRange: { EndingSequenceNumber: '9' },
});

/** What is read of a stream, from where, when every shard ends as soon as it is read. */
async function readingOrder(shards: ListedShard[], options: Partial<WalkOptions>) {
  const started: Started[] = [];
  const saved = new Map<string, ShardPosition>();
  await walkShards({
    from: { kind: 'latest' },
    clock: new DrivenClock(0),
    list: async () => shards,
    read: async ({ shardId, start }) => {
      started.push({ shardId, start });
      const isClosed = shards.find(({ ShardId }) => ShardId === shardId)?.SequenceNumberRange !== undefined;
      return isClosed ? { kind: 'closed', children: undefined } : { kind: 'reached' };
    },
    deliver: async () => 0,
    onPosition: (shardId, position) => saved.set(shardId, position),
    signal: new AbortController().signal,
    ...options,
  });
  return { started, saved };
}

const at = (n: number, start: ShardPosition): Started => ({ shardId: id(n), start });
const OLDEST = { oldest: true } as const;

it.each([{ kind: 'latest' }, { kind: 'time', epochMs: 5000 }] as const)(
  'resumes a checkpoint over two reshards with nothing lost, whatever --from says ($kind)',
  async (from) => {
    const resume = new Map<string, ShardPosition>([[id(0), { after: '7' }]]);
    const stream = [closed(0), closed(1, 0), closed(2, 0), shard(3, 1, 2)];
    const { started, saved } = await readingOrder(stream, { from, resume });
    expect([0, 1, 2, 3].map((n) => saved.get(id(n)))).toEqual([...[0, 1, 2].map(() => ({ ended: true })), OLDEST]);
    expect(started).toEqual([at(0, { after: '7' }), at(1, OLDEST), at(2, OLDEST), at(3, OLDEST)]);
  },
);

it.each([{ kind: 'latest' }, { kind: 'time', epochMs: 5000 }] as const)(
  'resumes where the shards of the checkpoint and their children are gone by now ($kind)',
  async (from) => {
    const resume = new Map<string, ShardPosition>([[id(0), { after: '7' }]]);
    const { started } = await readingOrder([closed(3, 1, 2), shard(4, 3), shard(5, 3)], { from, resume });
    expect(started).toEqual([at(3, OLDEST), at(4, OLDEST), at(5, OLDEST)]);
  },
);

it('at latest skips what was closed before, and a later run of its checkpoint does so too', async () => {
  const stream = [closed(3, 1), shard(4, 3), shard(5, 3)];
  const { started, saved } = await readingOrder(stream, {});
  expect(started).toEqual([at(4, { latest: true }), at(5, { latest: true })]);
  expect(saved.get(id(3))).toEqual({ ended: true });
  const later = await readingOrder(stream, { resume: saved });
  expect(later.started).toEqual(started);
});

it('from a time reads closed shards too, and their children from that time', async () => {
  const from = { kind: 'time', epochMs: 5000 } as const;
  const { started } = await readingOrder([closed(0), shard(1, 0)], { from });
  expect(started).toEqual([at(0, { since: 5000 }), at(1, { since: 5000 })]);
  const open = await readingOrder([closed(0), shard(1, 0)], { from, skipClosed: true });
  expect(open.started).toEqual([at(1, { since: 5000 })]);
});

it('from a sequence number reads its shard and what came of it, and nothing else', async () => {
  const from = { kind: 'sequence', shardId: id(1), sequenceNumber: '77' } as const;
  const { started } = await readingOrder([closed(0), closed(1), closed(2, 1), shard(3, 0), shard(4, 2)], { from });
  expect(started).toEqual([at(1, { at: '77' }), at(2, OLDEST), at(4, OLDEST)]);
});

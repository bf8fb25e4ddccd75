import { expect, it } from 'vitest';
import { Lineage, type ShardOrigin } from '../../src/lib/stream/lineage.js';

const shard = (ShardId: string, ParentShardId?: string, AdjacentParentShardId?: string): ShardOrigin => ({
  ShardId,
  ParentShardId,
  AdjacentParentShardId,
});
const child = (ShardId: string, ...ParentShards: string[]): ShardOrigin => ({ ShardId, ParentShards });

it('reads a child when all its parents are read to their end', () => {
  const lineage = new Lineage();
  lineage.learnAll([shard('0'), shard('1'), shard('2', '0', '1')]);
  expect(lineage.ready()).toEqual(['0', '1']);
  for (const id of lineage.ready()) lineage.start(id);
  lineage.end('0');
  expect(lineage.ready()).toEqual([]);
  lineage.end('1');
  expect(lineage.ready()).toEqual(['2']);
  lineage.start('2');
  expect(lineage.ready()).toEqual([]);
});

it('takes a parent that a list lacks for one that is gone', () => {
  const lineage = new Lineage();
  lineage.learnAll([shard('5', '3', '4')]);
  expect(lineage.ready()).toEqual(['5']);
});

it('takes a parent that no list could name so far for one that is still to come', () => {
  const lineage = new Lineage();
  lineage.learnAll([shard('0'), shard('1')]);
  for (const id of ['0', '1']) lineage.start(id);
  lineage.learnChildren([child('4', '3', '1')]);
  lineage.end('1');
  expect(lineage.needsList('4')).toBe(true);
  expect(lineage.ready()).toEqual([]);
  lineage.learnAll([shard('0'), shard('1')]); // of a moment before: it does not name 4
  expect(lineage.ready()).toEqual([]);
  lineage.learnAll([shard('0'), shard('1'), shard('2', '0'), shard('3', '0'), shard('4', '3', '1')]);
  expect(lineage.needsList('4')).toBe(false);
  expect(lineage.ready()).toEqual([]);
  lineage.end('0');
  expect(lineage.ready()).toEqual(['2', '3']);
  lineage.end('3');
  expect(lineage.ready().sort()).toEqual(['2', '4']);
});

it('knows descendants over many reshards, also of shards that are gone', () => {
  const lineage = new Lineage();
  lineage.learnAll([shard('2', '1'), shard('3', '2'), shard('9')]);
  expect(lineage.descendsFrom('3', (id) => id === '1')).toBe(true);
  expect(lineage.descendsFrom('3', (id) => id === '9')).toBe(false);
  expect(lineage.descendsFrom('9', () => true)).toBe(false);
  expect(lineage.childrenOf('2')).toEqual(['3']);
});

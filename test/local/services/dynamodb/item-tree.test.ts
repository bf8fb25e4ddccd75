import { expect, test } from 'vitest';
import { storedItem } from '../../../../src/lib/local/services/dynamodb/check-values.js';
import { ItemTree, type StoredItem, storedAt } from '../../../../src/lib/local/services/dynamodb/item-tree.js';
import {
  LAST,
  openText,
  partitionPrefix,
  placeOf,
  segmentBounds,
} from '../../../../src/lib/local/services/dynamodb/key-order.js';

const KEY = { hash: 'id', range: 'at' };

function kept(attributes: Parameters<typeof storedItem>[0]): StoredItem {
  const item = storedItem(attributes);
  return storedAt(placeOf(item, KEY) ?? '', item);
}

const ranges = (items: Iterable<StoredItem>): string[] =>
  [...items].map(({ item }) => JSON.stringify(Object.values(item.at ?? {})[0]));

test('items of one partition stand in the order of their sort key, in both directions, and go on behind a place', () => {
  const tree = new ItemTree(KEY, { isIndex: false });
  const texts = ['', '\0', '\0a', 'a', 'a\0', 'a\0\0b', 'ab', 'b', '\uffff', '\u{10000}'];
  for (const at of [...texts].reverse()) tree.replace(undefined, kept({ id: { S: 'x' }, at: { S: at } }));
  for (const id of ['', 'x\0', 'xx', 'w']) tree.replace(undefined, kept({ id: { S: id }, at: { S: 'other' } }));
  const from = partitionPrefix({ S: 'x' });
  const bounds = { from, before: from + LAST };
  const sorted = texts.map((text) => JSON.stringify(text));
  expect(ranges(tree.range(bounds))).toEqual(sorted);
  expect(ranges(tree.range({ ...bounds, backwards: true }))).toEqual([...sorted].reverse());
  const after = `${from}ab\0\0`;
  expect(ranges(tree.range({ ...bounds, after }))).toEqual(sorted.slice(7));
  expect(ranges(tree.range({ ...bounds, after, backwards: true }))).toEqual(sorted.slice(0, 6).reverse());
  const beginning = from + openText({ S: 'a' });
  expect(ranges(tree.range({ from: beginning, before: beginning + LAST }))).toEqual(sorted.slice(3, 7));
});

test('an index holds what has its key, once for each item, and follows changes', () => {
  const table = new ItemTree(KEY, { isIndex: false });
  const index = new ItemTree({ hash: 'color', range: 'price' }, { isIndex: true });
  const write = (before: StoredItem | undefined, after: StoredItem | undefined): void => {
    table.replace(before, after);
    index.replace(before, after);
  };
  const red = (at: string, price: string) =>
    kept({ id: { S: at }, at: { S: at }, color: { S: 'red' }, price: { N: price } });
  const [one, two, three] = [red('1', '10'), red('2', '9.5'), red('3', '10')];
  for (const item of [one, two, three]) write(undefined, item);
  write(undefined, kept({ id: { S: '4' }, at: { S: '4' }, color: { S: 'red' } }));
  const from = partitionPrefix({ S: 'red' });
  const found = (): string[] => ranges(index.range({ from, before: from + LAST }));
  expect(found()[0]).toBe('"2"');
  expect(found().slice(1).sort()).toEqual(['"1"', '"3"']);
  const cheaper = red('1', '1');
  write(one, cheaper);
  expect(found()).toEqual(['"1"', '"2"', '"3"']);
  write(two, undefined);
  expect(found()).toEqual(['"1"', '"3"']);
  expect([table.size, index.size]).toEqual([3, 2]);
  expect(index.bytes).toBe(cheaper.bytes + three.bytes);
});

test('the segments of a parallel scan share out all items, none twice', () => {
  const tree = new ItemTree(KEY, { isIndex: false });
  for (let id = 0; id < 500; id += 1) tree.replace(undefined, kept({ id: { N: String(id) }, at: { N: String(-id) } }));
  for (const total of [1, 3, 7]) {
    const segments = Array.from({ length: total }, (_, segment) => [...tree.range(segmentBounds(segment, total))]);
    expect(segments.flat()).toHaveLength(500);
    expect(new Set(segments.flat().map(({ place }) => place)).size).toBe(500);
    for (const segment of segments) expect(segment.length).toBeGreaterThan(0);
  }
});

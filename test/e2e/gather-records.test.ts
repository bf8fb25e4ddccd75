import { describe, expect, it } from 'vitest';
import { gatherRecords, type OutgoingRecord } from '../../src/lib/e2e/senders/gather-records.js';

const record = (name: string, bytes = 1): OutgoingRecord => ({ PartitionKey: name, Data: Buffer.alloc(bytes) });
const names = (records: readonly OutgoingRecord[]): string[] => records.map(({ PartitionKey }) => PartitionKey);
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

/** Calls that end when they are told to. */
function scripted(refuse: (records: readonly OutgoingRecord[]) => readonly OutgoingRecord[] = () => []) {
  const calls: string[][] = [];
  const ends: (() => void)[] = [];
  const call = (records: readonly OutgoingRecord[]): Promise<void> => {
    calls.push(names(records));
    return new Promise((resolve) => ends.push(resolve));
  };
  return {
    calls,
    end: async (count = ends.length) => {
      for (const end of ends.splice(0, count)) end();
      await turns();
    },
    put: gatherRecords(
      async (records) => {
        await call(records);
        return refuse(records);
      },
      (one) => call([one]),
    ),
  };
}

describe('gatherRecords', () => {
  it('puts four records at once and alone, and those that come meanwhile together', async () => {
    const { put, calls, end } = scripted();
    const all = Promise.all(numbered(10).map((name) => put(record(name))));
    await turns();
    expect(calls).toEqual([['0'], ['1'], ['2'], ['3']]);
    await end(1);
    expect(calls.slice(4)).toEqual([['4', '5', '6', '7', '8', '9']]);
    await end();
    await all;
    // With nothing under way the next goes alone again.
    void put(record('10'));
    expect(calls.slice(5)).toEqual([['10']]);
  });

  it('puts at most 500 records and 4 MiB into one call, and a larger record alone', async () => {
    const { put, calls, end } = scripted();
    for (const name of numbered(4)) void put(record(name));
    for (let n = 0; n < 501; n += 1) void put(record('k'));
    void put(record('big', 5 * 1024 * 1024));
    void put(record('half', 2 * 1024 * 1024 - 4));
    void put(record('rest', 2 * 1024 * 1024 - 4));
    void put(record('more'));
    await turns();
    for (let call = 0; call < 6; call += 1) await end(1);
    expect(calls.slice(4).map((each) => each.length)).toEqual([500, 1, 1, 2, 1]);
    expect(calls.slice(6)).toEqual([['big'], ['half', 'rest'], ['more']]);
  });

  it('puts again, alone, what a stream refused out of many, and nothing else', async () => {
    const { put, calls, end } = scripted((records) => records.filter(({ PartitionKey }) => PartitionKey === '5'));
    const taken: string[] = [];
    for (const name of numbered(7)) void put(record(name)).then(() => taken.push(name));
    await turns();
    await end(4);
    await end(1);
    expect(calls.slice(4)).toEqual([['4', '5', '6'], ['5']]);
    expect(taken).toEqual(['0', '1', '2', '3', '4', '6']);
    await end();
    expect(taken.at(-1)).toBe('5');
  });

  it('gives each record its own error, and all of a failed call the same', async () => {
    let calls = 0;
    const put = gatherRecords(
      async (records) => {
        calls += 1;
        if (calls === 1) throw new Error('the call failed');
        return records;
      },
      async ({ PartitionKey }) => {
        await turns();
        if (PartitionKey === '8') throw new Error('8 was refused');
      },
    );
    const first = await Promise.allSettled(numbered(7).map((name) => put(record(name))));
    expect(first.map((each) => (each.status === 'rejected' ? String(each.reason) : 'taken'))).toEqual([
      ...Array(4).fill('taken'),
      ...Array(3).fill('Error: the call failed'),
    ]);
    const second = await Promise.allSettled(['a', 'b', 'c', 'd', '8', '9'].map((name) => put(record(name))));
    expect(second.map((each) => (each.status === 'rejected' ? String(each.reason) : 'taken'))).toEqual([
      ...Array(4).fill('taken'),
      'Error: 8 was refused',
      'taken',
    ]);
  });
});

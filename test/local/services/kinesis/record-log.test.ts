import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../../../src/lib/local/kit/memory-budget.js';
import { RecordLog } from '../../../../src/lib/local/services/kinesis/record-log.js';

const KIB = 1024;

function logOf(maxBytes = 64 * KIB * KIB): { log: RecordLog; memory: MemoryBudget; said: string[] } {
  const said: string[] = [];
  const memory = new MemoryBudget(maxBytes, (line) => said.push(line));
  return { log: new RecordLog(memory), memory, said };
}

const append = (log: RecordLog, data: Uint8Array, key: string | undefined, arrivedMs: number): number =>
  log.append(data, key, Buffer.byteLength(key ?? ''), arrivedMs, false);

describe('a record log', () => {
  it('keeps bytes, keys of any alphabet, and arrival, over many chunks', () => {
    const { log } = logOf();
    const keys = ['plain', 'schlüssel', '鍵', '', '😀'.repeat(128), 'k'.repeat(256)];
    const data = (i: number): Buffer => Buffer.alloc(i % 700, i);
    for (let i = 1; i <= 5000; i++) expect(append(log, data(i), keys[i % keys.length], 1000 + i)).toBe(i);
    const { records, full } = log.read(1, 10_000, Number.POSITIVE_INFINITY);
    expect(full).toBe(false);
    expect(records).toHaveLength(5000);
    for (const record of records) {
      expect(Buffer.compare(record.data, data(record.ordinal))).toBe(0);
      expect(record.partitionKey).toBe(keys[record.ordinal % keys.length]);
      expect(record.arrivedMs).toBe(1000 + record.ordinal);
    }
    expect(log.read(4321, 3, 1e9).records.map((record) => record.ordinal)).toEqual([4321, 4322, 4323]);
    expect(log.read(5001, 3, 1e9).records).toEqual([]);
  });

  it('tells a missing key from an empty one, and remembers encryption', () => {
    const { log } = logOf();
    log.append(Buffer.from('a'), undefined, 0, 1, true);
    log.append(Buffer.from('b'), '', 0, 1, false);
    const [first, second] = log.read(1, 2, 1e9).records;
    expect(first).toMatchObject({ partitionKey: undefined, encrypted: true });
    expect(second).toMatchObject({ partitionKey: '', encrypted: false });
  });

  it('stops at the bound on bytes, but gives one record however large', () => {
    const { log } = logOf();
    for (let i = 0; i < 4; i++) append(log, Buffer.alloc(100), 'k', 1);
    expect(log.read(1, 10, 205)).toMatchObject({ bytes: 202, full: true });
    expect(log.read(1, 10, 404)).toMatchObject({ bytes: 404, full: false });
    expect(log.read(1, 10, 5).records).toHaveLength(1);
  });

  it('finds the first record at an instant, also between and outside arrivals', () => {
    const { log } = logOf();
    for (let i = 1; i <= 3000; i++) append(log, Buffer.alloc(100), 'k', Math.floor(i / 3) * 10);
    const expected = (ms: number): number => {
      for (let i = 1; i <= 3000; i++) if (Math.floor(i / 3) * 10 >= ms) return i;
      return 3001;
    };
    for (const ms of [0, 1, 9, 10, 11, 4999, 5000, 9990, 10_000, 10_001]) expect(log.ordinalAt(ms)).toBe(expected(ms));
  });

  it('never lets arrival run backwards', () => {
    const { log } = logOf();
    append(log, Buffer.alloc(1), 'k', 500);
    append(log, Buffer.alloc(1), 'k', 400);
    expect(log.arrivedMs(2)).toBe(500);
  });

  it('hides what is trimmed to the record, and frees it by the chunk', () => {
    const { log, memory } = logOf();
    for (let i = 1; i <= 20_000; i++) append(log, Buffer.alloc(250), 'k', i);
    const before = memory.usedBytes;
    log.trimBefore(15_000);
    expect(log.first).toBe(15_000);
    expect(log.read(1, 1, 1e9).records[0]?.ordinal).toBe(15_000);
    expect(memory.usedBytes).toBeLessThan(before / 2);
    log.trimBefore(100_000);
    expect(log.first).toBe(log.next);
    expect(log.read(1, 1, 1e9).records).toEqual([]);
    expect(memory.usedBytes).toBe(0);
  });

  it.each([
    [10, 1_000_000],
    [250, 150_000],
  ])('of %i bytes a record takes its bytes, its key and ten more', (bytes, count) => {
    const { log, memory } = logOf(1024 * KIB * KIB);
    const data = Buffer.alloc(bytes);
    for (let i = 0; i < count; i++) append(log, data, 'partition-key', i);
    // Five percent for the ends of chunks that no record filled.
    expect(memory.usedBytes / count).toBeLessThan((bytes + 13 + 10) * 1.05);
  });
});

describe('the bound on memory', () => {
  it('drops the oldest records first, whichever log they are in, and says so once', () => {
    const said: string[] = [];
    const memory = new MemoryBudget(1024 * KIB, (line) => said.push(line));
    const quiet = new RecordLog(memory);
    const busy = new RecordLog(memory);
    for (let i = 0; i < 100; i++) append(quiet, Buffer.alloc(1000), 'k', 1);
    for (let i = 0; i < 5000; i++) {
      append(busy, Buffer.alloc(1000), 'k', 2 + i);
      expect(memory.usedBytes).toBeLessThanOrEqual(1100 * KIB);
    }
    expect(quiet.read(1, 1, 1e9).records).toEqual([]);
    expect(busy.first).toBeGreaterThan(3900);
    expect(busy.next - busy.first).toBeGreaterThan(800);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('1.0 MiB');
  });

  it('holds for hundreds of logs, and leaves most of it to records', () => {
    const memory = new MemoryBudget(16 * KIB * KIB, () => {});
    const logs = Array.from({ length: 400 }, () => new RecordLog(memory));
    for (let i = 0; i < 80_000; i++) append(logs[i % 400] as RecordLog, Buffer.alloc(300), 'k', i);
    expect(memory.usedBytes).toBeLessThanOrEqual(16.5 * KIB * KIB);
    const kept = logs.reduce((sum, log) => sum + log.next - log.first, 0);
    expect(kept * 301).toBeGreaterThan(12 * KIB * KIB);
  });

  it('lets a record larger than the bound in, alone', () => {
    const { log } = logOf(64 * KIB);
    append(log, Buffer.alloc(1000), 'k', 1);
    append(log, Buffer.alloc(100 * KIB, 7), 'k', 2);
    const { records } = log.read(1, 10, 1e9);
    expect(records.map((record) => record.ordinal)).toEqual([2]);
    expect(records[0]?.data[99 * KIB]).toBe(7);
  });
});

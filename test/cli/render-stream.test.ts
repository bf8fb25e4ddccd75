import { Chalk } from 'chalk';
import { expect, it } from 'vitest';
import type { Output } from '../../src/lib/cli/output.js';
import { renderRates } from '../../src/lib/cli/render-stream.js';
import type { RateSample } from '../../src/lib/stream/watch-rates.js';

const output = (isTTY: boolean, height = 24): Output => ({
  json: false,
  isTTY,
  width: 80,
  height,
  style: new Chalk({ level: 0 }),
  result: async () => {},
  write: async () => {},
  flush: async () => {},
});

const sample = (shards: number): RateSample => ({
  at: new Date('2026-11-20T10:00:00Z'),
  shards: Array.from({ length: shards }, (_, index) => ({
    shard: `shardId-${String(index).padStart(12, '0')}`,
    recordsPerSecond: index,
    bytesPerSecond: index * 100,
    behindMs: undefined,
    throttled: index === 1,
  })),
});

const rowsOf = (text: string): string[] => text.trimEnd().split('\n');

it('rates that are drawn over in place never take more rows than the terminal has', () => {
  for (const height of [10, 24, 50]) {
    const rows = rowsOf(renderRates(sample(200), output(true, height)));
    expect(rows.length).toBe(height - 1); // and the cursor's
    expect(rows.at(-1)).toBe(`and ${200 - (height - 4)} shards with less; a pipe shows all`);
    expect(rows.at(-2)).toMatch(/^all +19900 +1\.9 MiB$/);
    expect(rows.at(1)).toMatch(/^shardId-/);
  }
});

it('shows all of them, and what was throttled, where there is room', () => {
  const rows = rowsOf(renderRates(sample(3), output(true)));
  expect(rows).toHaveLength(5);
  expect(rows[2]).toMatch(/^shardId-000000000001 +1 +100 B +read throttled$/);
});

it('gives a pipe a line a shard and second, whole', () => {
  const rows = rowsOf(renderRates(sample(200), output(false)));
  expect(rows).toHaveLength(200);
  expect(rows[2]).toBe('2026-11-20T10:00:00.000Z\tshardId-000000000002\t2.0\t200\t');
});

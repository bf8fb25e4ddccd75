import { describe, expect, it } from 'vitest';
import { canReshardAtOnce, reshardSteps, shardsFor } from '../../src/lib/stream/capacity.js';

const MIB = 1024 * 1024;

describe('shards for a load', () => {
  it.each([
    [{ recordsPerSecond: 0, bytesPerSecond: 0 }, 1],
    [{ recordsPerSecond: 1000, bytesPerSecond: MIB }, 1],
    [{ recordsPerSecond: 1001, bytesPerSecond: 0 }, 2],
    [{ recordsPerSecond: 10, bytesPerSecond: 6 * MIB }, 6],
    [{ recordsPerSecond: 20_000, bytesPerSecond: 4 * MIB }, 20],
  ])('%o needs %i', (load, shards) => {
    expect(shardsFor(load)).toBe(shards);
  });
});

describe('resharding', () => {
  it.each([
    [1, 2, true],
    [1, 3, false],
    [4, 2, true],
    [5, 2, false],
    [5, 3, true],
    [6000, 12_000, false],
  ])('from %i to %i at once: %s', (from, to, possible) => {
    expect(canReshardAtOnce(from, to)).toBe(possible);
  });

  it.each([
    [1, 1, []],
    [1, 8, [2, 4, 8]],
    [3, 10, [6, 10]],
    [10, 1, [5, 3, 2, 1]],
  ])('from %i to %i goes by %j', (from, to, steps) => {
    expect(reshardSteps(from, to)).toEqual(steps);
    let at = from;
    for (const step of steps) {
      expect(canReshardAtOnce(at, step)).toBe(true);
      at = step;
    }
  });
});

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
    [3, 10, [5, 10]],
    [3, 20, [5, 10, 20]],
    [3, 7, [6, 7]],
    [3, 28, [6, 7, 14, 28]],
    [12, 5, [6, 5]],
    [20, 5, [10, 5]],
    [10, 1, [5, 3, 2, 1]],
  ])('from %i to %i goes by %j', (from, to, steps) => {
    expect(reshardSteps(from, to)).toEqual(steps);
    let at = from;
    for (const step of steps) {
      expect(canReshardAtOnce(at, step)).toBe(true);
      at = step;
    }
  });

  it('never takes a step more than AWS makes necessary', () => {
    for (let from = 1; from <= 40; from += 1) {
      for (let to = from; to <= 200; to += 1) {
        const steps = reshardSteps(from, to);
        expect(steps.length, `${from} -> ${to}`).toBe(Math.ceil(Math.log2(to / from)));
        expect([from, ...steps].every((at, index) => canReshardAtOnce(at, steps[index] ?? at))).toBe(true);
      }
    }
  });
});

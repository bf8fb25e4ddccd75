import { describe, expect, it } from 'vitest';
import { burstPacer, constantPacer, type Pacer, rampPacer, sharePacer } from '../../src/lib/produce/pacer.js';

const burst = { perSecond: 5000, lengthMs: 2000, everyMs: 30_000 };
const pacers: [string, Pacer, number][] = [
  ['constant', constantPacer(1000), 100_000],
  ['slow', constantPacer(0.1), 100],
  ['rising', rampPacer({ from: 0, to: 3000, overMs: 60_000 }), 200_000],
  ['falling', rampPacer({ from: 3000, to: 500, overMs: 10_000 }), 100_000],
  ['flat ramp', rampPacer({ from: 700, to: 700, overMs: 10_000 }), 100_000],
  ['burst', burstPacer(500, burst), 200_000],
];

describe.each(pacers)('%s', (_name, pacer, units) => {
  it('has both directions agree', () => {
    for (let unit = 0; unit < units; unit += 1 + Math.floor(units / 997)) {
      const due = pacer.dueAtMs(unit);
      expect(pacer.unitsIn(due)).toBeCloseTo(unit, 4);
    }
  });

  it('never goes back in time', () => {
    let last = -1;
    for (let unit = 0; unit < Math.min(units, 20_000); unit++) {
      const due = pacer.dueAtMs(unit);
      expect(due).toBeGreaterThanOrEqual(last);
      last = due;
    }
  });

  it.each([2, 3, 7])('is the same pace when %i workers share it', (workers) => {
    const shares = Array.from({ length: workers }, (_, worker) => sharePacer(pacer, worker, workers));
    for (let unit = 0; unit < 5000; unit++) {
      expect(shares[unit % workers]?.dueAtMs(Math.floor(unit / workers))).toBe(pacer.dueAtMs(unit));
    }
  });
});

it('a ramp reaches the area below its line, then holds', () => {
  const pacer = rampPacer({ from: 0, to: 3000, overMs: 60_000 });
  expect(pacer.unitsIn(60_000)).toBe(90_000);
  expect(pacer.unitsIn(61_000)).toBe(93_000);
  expect(pacer.unitsIn(30_000)).toBe(22_500);
});

it('a ramp to nothing ends', () => {
  const pacer = rampPacer({ from: 1000, to: 0, overMs: 10_000 });
  expect(pacer.unitsIn(20_000)).toBe(5000);
  expect(pacer.dueAtMs(5001)).toBe(Number.POSITIVE_INFINITY);
});

it('bursts come at every multiple, the first after one distance', () => {
  const pacer = burstPacer(500, burst);
  const between = (from: number, to: number): number => pacer.unitsIn(to) - pacer.unitsIn(from);
  expect(between(29_000, 30_000)).toBeCloseTo(500);
  expect(between(30_000, 31_000)).toBeCloseTo(5000);
  expect(between(31_000, 32_000)).toBeCloseTo(5000);
  expect(between(32_000, 33_000)).toBeCloseTo(500);
  expect(between(60_000, 61_000)).toBeCloseTo(5000);
});

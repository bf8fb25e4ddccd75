import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/lib/produce/meter.js';

describe('the meter', () => {
  it('counts what was sent by tenths of a second', () => {
    const meter = new Meter();
    meter.sent(3, 0);
    meter.sent(4, 99.9);
    meter.sent(5, 100);
    meter.sent(6, 350);
    expect(meter.sentBySlot).toEqual([7, 5, 0, 6]);
    expect(meter.counts.sent).toBe(18);
  });

  it('counts the user records of an aggregate, and the latency of each', () => {
    const meter = new Meter();
    meter.acknowledged(10, 100, 'shard-a', 15);
    meter.acknowledged([10, 20], 300, 'shard-b', 30);
    expect(meter.counts).toMatchObject({ acknowledged: 3, acknowledgedBytes: 400 });
    expect(meter.latency.count).toBe(3);
    expect(meter.latency.summary().max).toBe(20);
    expect(Object.fromEntries(meter.shards)).toEqual({
      'shard-a': { records: 1, bytes: 100, throttled: 0 },
      'shard-b': { records: 2, bytes: 300, throttled: 0 },
    });
  });

  it('adds up the meters of workers, each count and each shard', () => {
    const parts = [1, 2].map((factor) => {
      const meter = new Meter();
      for (const key of Object.keys(meter.counts) as (keyof typeof meter.counts)[]) meter.counts[key] = factor;
      meter.sentBySlot.push(...(factor === 1 ? [1] : [2, 3]));
      meter.service.record(factor);
      Object.assign(meter.shard('s'), { records: factor, bytes: 10 * factor, throttled: 100 * factor });
      meter.failureCodes.set('E', factor);
      meter.lastAcknowledgedMs = 1000 * factor;
      return meter;
    });
    const sum = new Meter();
    for (const part of [...parts].reverse()) sum.add(part.toPlain());
    expect(new Set(Object.values(sum.counts))).toEqual(new Set([3]));
    expect(sum.sentBySlot).toEqual([3, 3]);
    expect(sum.service.count).toBe(2);
    expect(sum.shards.get('s')).toEqual({ records: 3, bytes: 30, throttled: 300 });
    expect(sum.failureCodes.get('E')).toBe(3);
    expect(sum.lastAcknowledgedMs).toBe(2000);
  });

  it('counts what failed by its code', () => {
    const meter = new Meter();
    meter.failed('A', 2);
    meter.failed('B', 1);
    meter.failed('A', 3);
    expect(meter.counts.failed).toBe(6);
    expect(Object.fromEntries(meter.failureCodes)).toEqual({ A: 5, B: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import { createFaults } from '../../src/lib/local/faults.js';

describe('faults', () => {
  it('strike once unless told otherwise, and only at their point', () => {
    const faults = createFaults();
    faults.add({ at: 'logs.deliver', kind: 'drop' });
    expect(faults.take('kinesis.PutRecord')).toBeUndefined();
    expect(faults.take('logs.deliver')?.kind).toBe('drop');
    expect(faults.take('logs.deliver')).toBeUndefined();
  });

  it('strike as often as `times` says, and only where the text matches', () => {
    const faults = createFaults();
    faults.add({ at: 'lambda.run', kind: 'crash', times: 2, match: 'loader' });
    expect(faults.take('lambda.run', () => 'logger')).toBeUndefined();
    expect(faults.take('lambda.run')).toBeUndefined();
    expect(faults.take('lambda.run', () => 'the loader')).toBeDefined();
    expect(faults.take('lambda.run', () => 'the loader')).toBeDefined();
    expect(faults.take('lambda.run', () => 'the loader')).toBeUndefined();
  });

  it('draw from their seed, so that a run repeats', () => {
    const strikes = (seed: number): boolean[] => {
      const faults = createFaults();
      faults.add({ at: 'a.b', kind: 'drop', times: Number.POSITIVE_INFINITY, probability: 0.3, seed });
      return Array.from({ length: 200 }, () => faults.take('a.b') !== undefined);
    };
    expect(strikes(7)).toEqual(strikes(7));
    expect(strikes(7)).not.toEqual(strikes(8));
    const share = strikes(7).filter(Boolean).length / 200;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
  });

  it('are forgotten when cleared', () => {
    const faults = createFaults();
    faults.add({ at: 'a.b', kind: 'drop', times: 5 });
    faults.clear();
    expect(faults.take('a.b')).toBeUndefined();
  });
});

import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { renderRepeat } from '../../src/lib/function/render-invocation.js';
import type { RepeatReport } from '../../src/lib/function/repeat-invocation.js';

const look = { style: new Chalk({ level: 0 }), isTTY: false };
const report: RepeatReport = {
  asked: 100,
  succeeded: 40,
  functionErrors: 2,
  failed: 1,
  elapsedMs: 2100,
  perSecond: 20,
  latencyMs: { min: 1, p50: 2, p90: 3, p95: 4, p99: 5, max: 6, mean: 2.5 },
  problems: [
    { what: 'TypeError: x', count: 2 },
    { what: 'TooManyRequestsException: Rate exceeded', count: 1 },
  ],
  interrupted: true,
};

describe('renderRepeat', () => {
  it('shows what came, what failed and why, and the latency', () => {
    expect(renderRepeat(report, look)).toBe(
      [
        '42 of 100 answered in 2.1 s, 20.0/s, then interrupted',
        '2 with an error of the function',
        '1 not answered',
        '  2 × TypeError: x',
        '  1 × TooManyRequestsException: Rate exceeded',
        'latency: min 1.0 ms  p50 2.0 ms  p90 3.0 ms  p95 4.0 ms  p99 5.0 ms  max 6.0 ms  mean 2.5 ms',
        '',
      ].join('\n'),
    );
  });

  it('shows no latency where nothing was answered', () => {
    const none = { ...report, succeeded: 0, functionErrors: 0, latencyMs: undefined, problems: [], interrupted: false };
    expect(renderRepeat(none, look)).not.toContain('latency');
  });
});

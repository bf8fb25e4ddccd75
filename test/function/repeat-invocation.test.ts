import { describe, expect, it } from 'vitest';
import type { Invocation } from '../../src/lib/function/invoke-function.js';
import { repeatInvocation } from '../../src/lib/function/repeat-invocation.js';
import { systemClock } from '../../src/lib/shared/clock.js';

const fine = { error: undefined } as Invocation;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const clock = systemClock;

describe('repeatInvocation', () => {
  it('waits for each without a rate', async () => {
    let flying = 0;
    let most = 0;
    const report = await repeatInvocation(
      async () => {
        flying += 1;
        most = Math.max(most, flying);
        await sleep(2);
        flying -= 1;
        return fine;
      },
      { times: 5, perSecond: undefined, clock },
    );
    expect(most).toBe(1);
    expect(report).toMatchObject({ asked: 5, succeeded: 5, failed: 0, interrupted: false });
  });

  it('does not wait with a rate, and counts the waiting of what came late', async () => {
    let flying = 0;
    let most = 0;
    const report = await repeatInvocation(
      async () => {
        flying += 1;
        most = Math.max(most, flying);
        await sleep(150);
        flying -= 1;
        return fine;
      },
      { times: 10, perSecond: 200, clock },
    );
    expect(most).toBeGreaterThan(1);
    expect(report.succeeded).toBe(10);
    expect(report.latencyMs?.min).toBeGreaterThan(140);
  });

  it('tells what went wrong, the most frequent first', async () => {
    let n = 0;
    const report = await repeatInvocation(
      async () => {
        n += 1;
        if (n === 1) throw Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' });
        if (n < 4)
          return {
            error: { kind: 'Unhandled', type: 'TypeError', message: 'x\ny', trace: [] },
          } as unknown as Invocation;
        return fine;
      },
      { times: 5, perSecond: undefined, clock },
    );
    expect(report).toMatchObject({
      succeeded: 2,
      functionErrors: 2,
      failed: 1,
      problems: [
        { what: 'TypeError: x', count: 2 },
        { what: 'TooManyRequestsException: Rate exceeded', count: 1 },
      ],
    });
  });

  it('ends at once for an error that would come every time', async () => {
    let calls = 0;
    const missing = Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
    await expect(
      repeatInvocation(
        () => {
          calls += 1;
          return Promise.reject(missing);
        },
        { times: 100, perSecond: undefined, clock },
      ),
    ).rejects.toBe(missing);
    expect(calls).toBe(1);
  });

  it('ends early on an abort, with what was done until then', async () => {
    const stop = new AbortController();
    const report = await repeatInvocation(
      async () => {
        await sleep(1);
        return fine;
      },
      {
        times: 1000,
        perSecond: undefined,
        clock,
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done === 3) stop.abort();
        },
      },
    );
    expect(report).toMatchObject({ asked: 1000, succeeded: 3, interrupted: true });
  });

  it('says how many an abort finds under way, and waits for them', async () => {
    const stop = new AbortController();
    const told: number[] = [];
    let begun = 0;
    const report = await repeatInvocation(
      async () => {
        begun += 1;
        if (begun === 3) setImmediate(() => stop.abort());
        await sleep(50);
        return fine;
      },
      { times: 1000, perSecond: 1e6, clock, signal: stop.signal, onInterrupted: (count) => told.push(count) },
    );
    expect(told).toEqual([begun]);
    expect(report).toMatchObject({ succeeded: begun, interrupted: true });
  });
});

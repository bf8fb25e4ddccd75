import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { evennessOf } from '../../src/lib/produce/evenness.js';
import { loadResult, type ProduceResult, type RunFacts, succeeded } from '../../src/lib/produce/load-result.js';
import { Meter } from '../../src/lib/produce/meter.js';
import { constantPacer, rampPacer } from '../../src/lib/produce/pacer.js';
import { planPacer } from '../../src/lib/produce/plan-schedule.js';
import { formatByteRate, formatRecordRate } from '../../src/lib/produce/rate.js';
import { renderAdvice, renderFailure, renderResult, renderShortfall } from '../../src/lib/produce/render-load.js';
import { renderMoment } from '../../src/lib/produce/render-moment.js';
import { type LoadMoment, LoadWatch } from '../../src/lib/produce/watch-load.js';
import { parseRate } from '../../src/lib/shared/rate.js';
import { planOf } from './local-load.js';

const plain = new Chalk({ level: 0 });

/** A run whose records were acknowledged as they fell due. */
function facts(
  rate: string,
  acknowledged: number,
  more: Partial<Omit<RunFacts, 'plan'>> & { plan?: Partial<RunFacts['plan']> } = {},
): RunFacts {
  const meter = new Meter();
  meter.counts.sent = acknowledged;
  meter.counts.acknowledged = acknowledged;
  if (acknowledged > 0) meter.latency.record(3, acknowledged);
  return {
    meter,
    taken: acknowledged,
    units: more.taken ?? acknowledged,
    exhausted: false,
    lastDueMs: 0,
    elapsedMs: 10_000,
    fatal: undefined,
    stoppedMs: undefined,
    ...more,
    plan: planOf('http://127.0.0.1:1', 'orders', {
      rate: parseRate(rate),
      count: undefined,
      durationMs: 10_000,
      ...more.plan,
    }),
  };
}

describe('what produce tells a program', () => {
  it('is by the second, whatever the span', () => {
    const result = loadResult(facts('1000', 10_000));
    expect(result).toMatchObject({
      target: { unit: 'records', perSecond: 1000 },
      achievedPerSecond: 1000,
      scheduledMs: 10_000,
    });
    const slow = loadResult(facts('90/m', 15));
    expect(slow).toMatchObject({ target: { perSecond: 1.5 }, achievedPerSecond: 1.5 });
    const max = loadResult(facts('max', 500, { elapsedMs: 250, plan: { durationMs: undefined } }));
    expect(max).toMatchObject({ target: null, achievedPerSecond: 2000, durationMs: 250 });
  });

  it('counts what was never sent when nobody answered any more, and only then', () => {
    const fatal = { code: 'NoAnswer', message: 'http://endpoint stopped answering (ECONNREFUSED), for 1 minute.' };
    const byCount = loadResult(facts('1000', 400, { fatal, plan: { count: 1000, durationMs: undefined } }));
    expect(byCount.unsent).toBe(600);
    expect(renderShortfall(byCount)).toBe(
      'Sending ended early: http://endpoint stopped answering (ECONNREFUSED), for 1 minute. 0 records failed, and 600 were never sent.',
    );
    expect(loadResult(facts('max', 400, { fatal, rest: 77, plan: { durationMs: undefined } })).unsent).toBe(77);
    const other = { code: 'ResourceNotFoundException', message: 'no' };
    expect(loadResult(facts('1000', 400, { fatal: other })).unsent).toBeNull();
  });
});

describe('a rate is shown', () => {
  it.each([
    [1000, '1,000/s'],
    [12_345.6, '12,346/s'],
    [1000 / 3600, '1,000/h'],
    [1.5, '90/m'],
    [0.5, '30/m'],
    [1 / 3600, '1/h'],
    [0.1 / 3600, '0.1/h'],
    [33.3, '33.3/s'],
    [7, '7/s'],
    [0, '0/s'],
  ])('%d a second as %s', (perSecond, text) => expect(formatRecordRate(perSecond)).toBe(text));

  it('in the unit of the one it is compared with', () => {
    expect(formatRecordRate(0.2, 1000)).toBe('0.2/s');
    expect(formatRecordRate(0.25, 1000 / 3600)).toBe('900/h');
  });

  it('in the powers in which bytes were asked for', () => {
    expect(formatByteRate(2_000_000)).toBe('2.0 MB/s');
    expect(formatByteRate(1_950_000, 2_000_000)).toBe('1.9 MB/s');
    expect(formatByteRate(512 * 1024)).toBe('512.0 KiB/s');
    expect(formatByteRate(900, 1000)).toBe('900 B/s');
  });
});

describe('slow rates', () => {
  it('are told by what was due, and have no evenness', () => {
    const result = loadResult(facts('1000/h', 3));
    expect(result).toMatchObject({ due: 3, unsent: 0, reached: true, evenness: null });
    const text = renderResult(result, plain);
    expect(text).toContain('3 of 3 due at 1,000/h, reached');
    expect(text).not.toContain('evenness');
  });

  it('are not reached when one of the few that were due is missing', () => {
    const result = loadResult(facts('1000/h', 2));
    expect(result).toMatchObject({ due: 3, unsent: 1, reached: false });
    expect(renderShortfall(result)).toContain('(2 of 3 due at 1,000/h)');
  });

  it('say in the live line how many were due', () => {
    const plan = planOf('http://127.0.0.1:1', 'orders', { rate: parseRate('1000/h') });
    const meter = new Meter();
    meter.counts.acknowledged = 2;
    const moment = new LoadWatch(plan, planPacer(plan)).moment(meter, 5000, 7200);
    expect(moment).toMatchObject({ totalDue: 2, p50Ms: null, p99Ms: null, nextInMs: 2200 });
    expect(renderMoment(moment, plain)).toBe('2 of 2 due at 1,000/h · next in 2.2 s');
  });
});

describe('evenness', () => {
  it('of aggregates, which wait for company, is told by the second', () => {
    const even = Array.from({ length: 50 }, (_, slot) => (slot % 2) * 200);
    expect(evennessOf(even, constantPacer(1000), 5000, true)).toEqual({
      worstSecondPercent: 0,
      worst100msPercent: null,
    });
  });

  it('is told only for windows in which enough is due', () => {
    const even = (perSecond: number) => Array.from({ length: 50 }, () => perSecond / 10);
    const slow = (perSecond: number) => evennessOf(even(perSecond), constantPacer(perSecond), 5000);
    expect(slow(10)).toBeNull();
    expect(slow(100)).toEqual({ worstSecondPercent: 0, worst100msPercent: null });
    expect(slow(1000)).toEqual({ worstSecondPercent: 0, worst100msPercent: 0 });
  });

  it('is the worst second after the first, and the worst 100 ms of all', () => {
    const slots = Array.from({ length: 50 }, () => 100);
    slots[2] = 130; // the first second
    slots[20] = 80;
    slots[21] = 125;
    expect(evennessOf(slots, constantPacer(1000), 5000)).toEqual({ worstSecondPercent: 0.5, worst100msPercent: 30 });
  });
});

describe('the end of a run', () => {
  it('whose source ended early has lost nothing, and its rate counts until then', () => {
    const result = loadResult(facts('1000', 500, { exhausted: true, elapsedMs: 504 }));
    expect(result).toMatchObject({ due: 500, unsent: 0, reached: true, scheduledMs: 500 });
    expect(succeeded(result)).toBe(true);
  });

  it('of an empty input is at once, and nothing is wrong with it', () => {
    for (const rate of ['10', '2MB/s', 'max']) {
      const result = loadResult(facts(rate, 0, { exhausted: true, elapsedMs: 2 }));
      expect(result).toMatchObject({ reached: true, latencyMs: null });
      expect(succeeded(result)).toBe(true);
    }
    expect(renderResult(loadResult(facts('10', 0, { exhausted: true, elapsedMs: 2 })), plain)).toContain(
      '0 of 0 due at 10/s, reached',
    );
  });

  it('of an input of which nothing is a record says what a record is', () => {
    const run = facts('max', 0, { exhausted: true });
    run.meter.counts.rejected = 3;
    const advise = (ofLines: boolean) => renderAdvice(loadResult(run), { openShards: 1, needed: undefined, ofLines });
    expect(advise(true)).toContain('Each line must be one JSON value');
    expect(advise(false)).toBeUndefined();
    run.meter.counts.acknowledged = 1;
    expect(advise(true)).toBeUndefined();
  });

  it('in bytes counts keys and data, what was not acknowledged left out, and no frames of aggregates', () => {
    const run = facts('1KB/s', 9, { taken: 10, units: 10_000 });
    run.meter.counts.acknowledgedBytes = 12_000;
    expect(loadResult(run)).toMatchObject({ achievedPerSecond: 900, reached: false });
  });

  it('tells of the records that went out again because of a reshard, and is done', () => {
    const run = facts('2', 3, { elapsedMs: 1504, plan: { count: 3, durationMs: undefined } });
    run.meter.counts.acknowledged = 3;
    expect(renderResult(loadResult(run), plain)).not.toContain('rerouted');
    run.meter.counts.rerouted = 1;
    expect(renderResult(loadResult(run), plain)).toContain('rerouted    1 record met a reshard and went out again');
    expect(succeeded(loadResult(run))).toBe(true);
  });

  it('by count is measured by the time its records had, however few', () => {
    const result = loadResult(facts('2', 3, { elapsedMs: 1004, plan: { count: 3, durationMs: undefined } }));
    expect(result).toMatchObject({ achievedPerSecond: 2, target: { perSecond: 2 }, scheduledMs: 1500 });
    const bytes = facts('2MB/s', 10, { elapsedMs: 7, units: 2500, plan: { count: 10, durationMs: undefined } });
    expect(loadResult(bytes)).toMatchObject({ reached: true, achievedPerSecond: 2_000_000 });
  });

  it('by Ctrl-C does not count what the flush took', () => {
    const result = loadResult(facts('1000', 2000, { stoppedMs: 2000, elapsedMs: 6000 }));
    expect(result).toMatchObject({ interrupted: true, reached: true, achievedPerSecond: 1000, unsent: null });
  });

  it('of a replay is late when the last record was acknowledged long after its time', () => {
    const data = { kind: 'lines', path: 'x', json: true, timeField: ['at'], speed: 1 } as const;
    const replay = (lastAcknowledgedMs: number) => {
      const run = facts('max', 10, { exhausted: true, lastDueMs: 4000, plan: { data, durationMs: undefined } });
      run.meter.lastAcknowledgedMs = lastAcknowledgedMs;
      return loadResult(run);
    };
    expect(replay(4020)).toMatchObject({ reached: true, target: null, scheduledMs: 4000 });
    expect(renderResult(replay(4020), plain)).toContain('the times in the data took 4.0 s, reached');
    expect(replay(9000)).toMatchObject({ reached: false, lateMs: 5000 });
    expect(renderResult(replay(9000), plain)).toContain('not reached, 5.0 s behind');
    expect(renderShortfall(replay(9000))).toBe('The replay was 5.0 s behind the times in the data.');
    const interrupted = facts('max', 1, { stoppedMs: 2000, plan: { data, durationMs: undefined } });
    expect(loadResult(interrupted)).toMatchObject({ reached: true, lateMs: 0, achievedPerSecond: 0.5 });
  });

  it('without an acknowledgement has no latencies, rather than zeros', () => {
    const result = loadResult(facts('1000', 0));
    expect(result).toMatchObject({ latencyMs: null, callMs: null, reached: false, unsent: 10_000 });
    expect(renderResult(result, plain)).toContain('nothing was acknowledged');
    expect(renderResult(result, plain)).not.toContain('p50');
    expect(renderShortfall(result)).toBe('10,000 records were never sent, the rate was not reached (0/s of 1,000/s).');
  });

  it('of a ramp down to nothing comes with its last record', () => {
    const pacer = rampPacer({ from: 20, to: 0, overMs: 3000 });
    expect(pacer.dueAtMs(29)).toBeLessThan(3000);
    expect(pacer.dueAtMs(30)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the live line', () => {
  const moment: LoadMoment = {
    time: '2026-11-21T00:00:00.000Z',
    elapsedMs: 5000,
    sent: 1800,
    acknowledged: 1002,
    throttled: 0,
    failed: 0,
    acknowledgedBytes: 251_000,
    sentPerSecond: 1800,
    acknowledgedPerSecond: 1002,
    bytesPerSecond: 251_000,
    targetPerSecond: 1800,
    p50Ms: 252,
    p99Ms: 2900,
    nextInMs: null,
    totalDue: 9000,
    totalSent: 9000,
    totalAcknowledged: 5972,
    totalThrottled: 23_755,
    totalFailed: 3,
    totalFailedCalls: 0,
  };

  it('has what went wrong first, and leaves out what matters least until it fits', () => {
    const whole = '1,002/s of 1,800 · 3 failed · 23,755 throttled · p50 252 ms p99 2.9 s · 245.1 KiB/s · 5,972 sent';
    expect(renderMoment(moment, plain)).toBe(whole);
    expect(renderMoment(moment, plain, { width: 77 })).toBe(
      '1,002/s of 1,800 · 3 failed · 23,755 throttled · p50 252 ms p99 2.9 s',
    );
    expect(renderMoment(moment, plain, { width: 50 })).toBe('1,002/s of 1,800 · 3 failed · 23,755 throttled');
    expect(renderMoment(moment, plain, { width: 5 })).toBe('1,002/s of 1,800');
  });

  it('tells of calls that fail while what they carried still waits', () =>
    expect(renderMoment({ ...moment, totalFailed: 0, totalFailedCalls: 12, p50Ms: null }, plain, { width: 60 })).toBe(
      '1,002/s of 1,800 · 12 calls failed · 23,755 throttled',
    ));

  it('is not longer for its colours', () => {
    const coloured = renderMoment(moment, new Chalk({ level: 1 }), { width: 77 });
    expect(coloured).toContain('p99 2.9 s');
    expect(coloured).not.toContain('KiB');
  });

  it('says after Ctrl-C that it waits for what is under way', () =>
    expect(renderMoment(moment, plain, { width: 60, stopping: true })).toBe(
      'finishing what is under way · 3 failed · 23,755 throttled',
    ));
});

describe('shards', () => {
  const shards = [0, 1].map((n) => ({ shardId: `shardId-00000000000${n}`, hashShare: 0.5 }));
  const throttled = (records: [number, number]) => {
    const run = facts('1000', 1000, { plan: { shards } });
    run.meter.counts.throttled = 7;
    records.forEach((count, n) => {
      if (count > 0) Object.assign(run.meter.shard(`shardId-00000000000${n}`), { records: count, throttled: 7 });
    });
    return loadResult(run);
  };

  it('are all shown, with what even keys would send there', () => {
    const result = throttled([1000, 0]);
    expect(result.shards).toMatchObject([
      { shardId: 'shardId-000000000000', share: 1, hashShare: 0.5 },
      { shardId: 'shardId-000000000001', records: 0, share: 0, hashShare: 0.5 },
    ]);
    expect(renderResult(result, plain)).toMatch(/shardId-000000000001 +0 +0\.0 % +50\.0 % +0 B +0$/);
  });

  const advise = (result: ProduceResult, openShards: number, needed: number) =>
    renderAdvice(result, { openShards, needed, ofLines: false });

  it('are advised where there are too few, or one is hot', () => {
    expect(advise(throttled([500, 500]), 2, 3)).toBe(
      'orders has 2 shards, this load needs 3: `pipectl provision orders --shards 3`.',
    );
    expect(advise(throttled([1000, 0]), 2, 2)).toContain(
      'shardId-000000000000 got 100.0 % of the records with 50.0 % of the hash keys',
    );
    expect(advise(throttled([500, 500]), 2, 2)).toBeUndefined();
    expect(advise(loadResult(facts('1000', 1000)), 1, 9)).toBeUndefined();
  });
});

it('a failure is named by its line, or its number', () => {
  const why = { code: 'x', message: 'no' };
  expect(renderFailure({ line: 3, n: 2, ...why })).toBe('line 3: no');
  expect(renderFailure({ n: 2, ...why })).toBe('record 2: no');
  expect(renderFailure(why)).toBe('no');
});

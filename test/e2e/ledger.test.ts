import { describe, expect, it } from 'vitest';
import type { HopPlace } from '../../src/lib/e2e/hop-tree.js';
import { Ledger } from '../../src/lib/e2e/ledger.js';

const HOPS = ['logged', 'filtered', 'loaded'];
const inLine = (names: readonly string[]): HopPlace[] =>
  names.map((name, index) => ({ name, after: names[index - 1] }));

/** Sends events 0 to `count` - 1 at 1,000,000 + n ms, dealt over `keys`. */
function sentLedger(count: number, keys = 1): Ledger {
  const ledger = new Ledger(inLine(HOPS));
  for (let n = 0; n < count; n += 1) ledger.sent(n, `key-${n % keys}`, 1_000_000 + n);
  return ledger;
}

/** Shows events at a hop, in this order, each `afterMs` behind its sending. */
function show(ledger: Ledger, hop: number, events: readonly number[], afterMs = 10): void {
  for (const n of events) {
    const at = 1_000_000 + n + afterMs;
    ledger.seen(hop, { marker: { kind: 'event', n }, seenAtMs: at, stampedAtMs: at });
  }
}

const counts = (ledger: Ledger) =>
  ledger
    .tallies()
    .map((tally) => [
      tally.sent,
      tally.arrived,
      tally.lost.length,
      tally.duplicatedHere,
      tally.reordered.length,
      tally.unseen.length,
    ]);

describe('Ledger', () => {
  it('finds nothing wrong where nothing is', () => {
    const ledger = sentLedger(4);
    for (const hop of [0, 1, 2]) show(ledger, hop, [0, 1, 2, 3]);
    expect(ledger.complete()).toBe(true);
    expect(counts(ledger)).toEqual([
      [4, 4, 0, 0, 0, 0],
      [4, 4, 0, 0, 0, 0],
      [4, 4, 0, 0, 0, 0],
    ]);
  });

  it('measures from sending and from the hop before, which for the first is the sending', () => {
    const ledger = sentLedger(2);
    for (const [hop, afterMs] of [10, 25, 60].entries()) show(ledger, hop, [0, 1], afterMs);
    const times = ledger.tallies().map(({ fromSendingMs, fromBeforeMs }) => [...fromSendingMs, ...fromBeforeMs]);
    expect(times).toEqual([
      [10, 10, 10, 10],
      [25, 25, 15, 15],
      [60, 60, 35, 35],
    ]);
  });

  it('tells the times of each event sent, without hops that it did not reach', () => {
    const ledger = sentLedger(3);
    show(ledger, 0, [0, 1, 2], 11);
    show(ledger, 2, [1], 31);
    ledger.unsend(2);
    expect([...ledger.times()]).toEqual([
      { n: 0, sentAtMs: 1_000_000, hops: { logged: 11 } },
      { n: 1, sentAtMs: 1_000_001, hops: { logged: 11, loaded: 31 } },
    ]);
  });

  it('calls late what arrives after the deadline, and not what arrives with it', () => {
    const ledger = sentLedger(2);
    show(ledger, 0, [0, 1], 10);
    expect(ledger.tallies(1_000_010)[0]?.late).toEqual([1]);
    expect(ledger.tallies(1_000_011)[0]?.late).toEqual([]);
  });

  it('measures no event that did not arrive, and believes the stamps of those that did', () => {
    const ledger = sentLedger(3);
    show(ledger, 0, [0, 2], 7);
    expect(ledger.tallies()[0]).toMatchObject({ fromSendingMs: [7, 7], fromBeforeMs: [7, 7], clock: 'service' });
  });

  it('forgets an event that was refused in the end, and that alone', () => {
    const ledger = sentLedger(3);
    show(ledger, 0, [0, 1]);
    for (const n of [1, 2, 2]) ledger.unsend(n);
    expect([ledger.sentCount, ledger.arrivedCounts()]).toEqual([1, [1, 0, 0]]);
    ledger.sent(1, 'key-0', 1_000_001);
    expect(counts(ledger)[0]).toEqual([2, 1, 1, 0, 0, 0]);
  });

  it('counts a loss at the hop that lost it, and at no later one', () => {
    const ledger = sentLedger(4);
    show(ledger, 0, [0, 1, 2, 3]);
    show(ledger, 1, [0, 3]);
    show(ledger, 2, [0]);
    expect(ledger.complete()).toBe(false);
    expect(counts(ledger)).toEqual([
      [4, 4, 0, 0, 0, 0],
      [4, 2, 2, 0, 0, 0],
      [2, 1, 1, 0, 0, 0],
    ]);
    expect(ledger.tallies().map((tally) => tally.lost)).toEqual([[], [1, 2], [3]]);
  });

  it('calls an event that shows up further on unseen, not lost', () => {
    const ledger = sentLedger(2);
    show(ledger, 0, [0, 1]);
    show(ledger, 1, [0]);
    show(ledger, 2, [0, 1]);
    expect(counts(ledger)).toEqual([
      [2, 2, 0, 0, 0, 0],
      [2, 1, 0, 0, 0, 1],
      [1, 2, 0, 0, 0, 0],
    ]);
    expect(ledger.complete()).toBe(false);
  });

  it('knows what came after its time, at the hop where it did', () => {
    const ledger = sentLedger(3);
    show(ledger, 0, [0, 1, 2]);
    show(ledger, 1, [0, 1, 2], 50);
    const lateAfter = (deadlineMs?: number) => ledger.tallies(deadlineMs).map((tally) => tally.late);
    expect(lateAfter()).toEqual([[], [], []]);
    expect(lateAfter(1_000_051)).toEqual([[], [2], []]);
    expect(lateAfter(1_000_010)).toEqual([[1, 2], [0, 1, 2], []]);
  });

  it('counts a copy where it arose, and not again where it is only handed on', () => {
    const ledger = sentLedger(3);
    show(ledger, 0, [0, 1, 2]);
    show(ledger, 1, [0, 1, 1, 2]);
    show(ledger, 2, [0, 1, 1, 2, 2, 2]);
    expect(ledger.tallies().map((tally) => tally.duplicatedHere)).toEqual([0, 1, 2]);
    expect(ledger.tallies().map((tally) => tally.duplicated)).toEqual([0, 1, 3]);
  });

  it('compares copies with the most that any hop before had, for a hop between may count fewer', () => {
    const ledger = sentLedger(2);
    show(ledger, 0, [0, 0, 1, 1]);
    show(ledger, 1, [0, 1]);
    show(ledger, 2, [0, 0, 1, 1, 1]);
    expect(ledger.tallies().map((tally) => tally.duplicatedHere)).toEqual([2, 0, 1]);
    expect(ledger.tallies().map((tally) => tally.duplicated)).toEqual([2, 0, 3]);
  });

  it('counts the copies that one sighting holds', () => {
    const ledger = sentLedger(1);
    ledger.seen(0, { marker: { kind: 'event', n: 0 }, copies: 3, seenAtMs: 1_000_010 });
    expect(ledger.tallies()[0]).toMatchObject({ arrived: 1, duplicated: 2 });
  });

  it('takes no sight in a failed invocation for an arrival, of an event, a canary or later', () => {
    const ledger = sentLedger(3);
    const event = (n: number) => ({ marker: { kind: 'event', n }, seenAtMs: 1_000_010 }) as const;
    for (const n of [0, 1, 2]) ledger.seen(0, { ...event(n), failed: 'invocation' });
    ledger.seen(0, event(1)); // the next attempt
    ledger.seen(1, event(2)); // went on all the same
    ledger.seen(0, { marker: { kind: 'canary', n: 0 }, seenAtMs: 0, failed: 'line' });
    const [first] = ledger.tallies();
    expect(first).toMatchObject({ arrived: 1, lost: [0], unseen: [2], failed: [0, 2], duplicated: 0 });
    expect(ledger.firstColdHop(1)).toBe('logged');
  });

  it('counts the line of a failed invocation as a copy for what reads the log', () => {
    const ledger = sentLedger(1);
    const event = { marker: { kind: 'event', n: 0 }, seenAtMs: 1_000_010 } as const;
    ledger.seen(0, { ...event, failed: 'line' });
    ledger.seen(0, event);
    ledger.seen(1, event);
    ledger.seen(1, event);
    expect(ledger.tallies().map((tally) => tally.duplicatedHere)).toEqual([1, 0, 0]);
  });

  it('counts a reordering where it arose', () => {
    const ledger = sentLedger(5);
    show(ledger, 0, [0, 1, 2, 3, 4]);
    show(ledger, 1, [0, 3, 2, 1, 4]);
    show(ledger, 2, [0, 3, 2, 1, 4]);
    expect(ledger.tallies().map((tally) => tally.reordered)).toEqual([[], [1, 2], []]);
  });

  it('judges order by key: different keys may overtake each other', () => {
    const ledger = sentLedger(6, 2);
    show(ledger, 0, [1, 3, 5, 0, 2, 4]);
    show(ledger, 1, [3, 1, 5, 0, 4, 2]);
    expect(ledger.tallies()[0]?.reordered).toEqual([]);
    expect(ledger.tallies()[1]?.reordered).toEqual([1, 2]);
  });

  describe('order across lanes', () => {
    const seen = (ledger: Ledger, hop: number, n: number, lane: string, stampedAtMs?: number): void =>
      ledger.seen(hop, {
        marker: { kind: 'event', n },
        seenAtMs: 2_000_000,
        lane,
        ...(stampedAtMs !== undefined && { stampedAtMs }),
      });
    const reordered = (ledger: Ledger) => ledger.tallies().map((tally) => tally.reordered);

    it('is not that of our reads: one lane is read before the other', () => {
      const ledger = sentLedger(6);
      for (const n of [1, 3, 5]) seen(ledger, 0, n, 'b', 1_000_000 + n * 100);
      for (const n of [0, 2, 4]) seen(ledger, 0, n, 'a', 1_000_000 + n * 100);
      show(ledger, 1, [0, 1, 2, 3, 4, 5]);
      expect(reordered(ledger)).toEqual([[], [], []]);
    });

    it('is that of the stamps, where they are clearly apart', () => {
      const ledger = sentLedger(3);
      seen(ledger, 0, 0, 'a', 1_000_700);
      seen(ledger, 0, 1, 'b', 1_000_100);
      seen(ledger, 0, 2, 'a', 1_000_720);
      expect(reordered(ledger)[0]).toEqual([0]);
    });

    it('is judged within a lane, and not at all between lanes that say nothing', () => {
      const ledger = sentLedger(4);
      seen(ledger, 0, 3, 'a');
      seen(ledger, 0, 0, 'b');
      seen(ledger, 0, 2, 'b');
      seen(ledger, 0, 1, 'b');
      expect(reordered(ledger)[0]).toEqual([1]);
    });

    it('takes the first of two copies by their stamps', () => {
      const ledger = sentLedger(2);
      seen(ledger, 0, 0, 'b', 1_000_900);
      seen(ledger, 0, 0, 'a', 1_000_100);
      seen(ledger, 0, 1, 'b', 1_000_300);
      expect(reordered(ledger)[0]).toEqual([]);
    });
  });

  it('does not take a late copy for a reordering', () => {
    const ledger = sentLedger(3);
    show(ledger, 0, [0, 1, 2, 0]);
    expect(ledger.tallies()[0]).toMatchObject({ reordered: [], duplicated: 1 });
  });

  it('ignores arrivals of events that were never sent, and of those taken back', () => {
    const ledger = sentLedger(2);
    ledger.unsend(1);
    show(ledger, 0, [0, 1, 7]);
    expect(ledger.sentCount).toBe(1);
    expect(ledger.arrivedCounts()).toEqual([1, 0, 0]);
  });

  it('is warm when a canary of each key has been at every hop', () => {
    const ledger = new Ledger(inLine(HOPS));
    const canary = (n: number, hops: readonly number[]): void => {
      for (const hop of hops) ledger.seen(hop, { marker: { kind: 'canary', n }, seenAtMs: 0 });
    };
    expect(ledger.firstColdHop(2)).toBe('logged');
    canary(0, [0, 1, 2]);
    canary(1, [0]);
    expect(ledger.warm(1)).toBe(true);
    expect(ledger.warm(2)).toBe(false);
    expect(ledger.firstColdHop(2)).toBe('filtered');
    expect([ledger.warmFor(0, 2), ledger.warmFor(1, 2)]).toEqual([true, false]);
    canary(3, [1, 2]);
    expect(ledger.warm(2)).toBe(true);
    expect(ledger.tallies().every((tally) => tally.arrived === 0)).toBe(true);
  });

  it('keeps decoys apart from events', () => {
    const ledger = sentLedger(1);
    ledger.seen(0, { marker: { kind: 'decoy', n: 0 }, seenAtMs: 0 });
    ledger.seen(1, { marker: { kind: 'decoy', n: 0 }, seenAtMs: 0 });
    expect(ledger.decoySightings(0)).toEqual([1, 1, 0]);
    expect(ledger.arrivedCounts()).toEqual([0, 0, 0]);
  });

  describe('whose clock', () => {
    const at = (seenAtMs: number, stampedAtMs?: number) => {
      const ledger = new Ledger(inLine(['a']));
      ledger.sent(0, 'k', 1_000_100);
      const stamp = stampedAtMs === undefined ? {} : { stampedAtMs };
      ledger.seen(0, { marker: { kind: 'event', n: 0 }, seenAtMs, ...stamp });
      const [tally] = ledger.tallies();
      return [tally?.clock, tally?.fromSendingMs[0]];
    };
    it('believes a stamp between sending and seeing', () => expect(at(1_000_400, 1_000_123)).toEqual(['service', 23]));
    it('does without a stamp', () => expect(at(1_000_400)).toEqual(['seen', 300]));
    it('does not believe whole seconds', () => expect(at(1_001_400, 1_001_000)).toEqual(['seen', 1300]));
    it('does not believe a stamp before sending', () => expect(at(1_000_400, 999_000)).toEqual(['seen', 300]));
    it('does not believe a stamp after seeing', () => expect(at(1_000_400, 1_009_999)).toEqual(['seen', 300]));
    it('is never negative', () => expect(at(1_000_400, 1_000_099)).toEqual(['service', 0]));
  });
});

describe('hops that branch', () => {
  /** logged ─▶ filtered ─▶ loaded, and logged ─▶ archived. */
  const TREE: HopPlace[] = [...inLine(HOPS), { name: 'archived', after: 'logged' }];
  function branched(count: number): Ledger {
    const ledger = new Ledger(TREE);
    for (let n = 0; n < count; n += 1) ledger.sent(n, 'key', 1_000_000 + n);
    return ledger;
  }
  const lost = (ledger: Ledger) => Object.fromEntries(ledger.tallies().map((tally) => [tally.name, tally.lost]));
  const all = [0, 1, 2, 3];

  it('each have their own losses', () => {
    const ledger = branched(4);
    show(ledger, 0, all);
    show(ledger, 1, [0, 1, 2], 20);
    show(ledger, 2, [0, 1], 30);
    show(ledger, 3, [1, 2, 3], 20);
    expect(lost(ledger)).toEqual({ logged: [], filtered: [3], loaded: [2], archived: [0] });
    expect(ledger.tallies().map(({ sent }) => sent)).toEqual([4, 4, 3, 4]);
  });

  it('count an event that was lost before the fork once', () => {
    const ledger = branched(4);
    for (const hop of [0, 1, 2, 3]) show(ledger, hop, [0, 1, 2], 10 * hop);
    expect(lost(ledger)).toEqual({ logged: [3], filtered: [], loaded: [], archived: [] });
  });

  it('know by one branch that the fork was passed, and so what the other lost', () => {
    const ledger = branched(4);
    show(ledger, 0, [0, 1, 2]);
    show(ledger, 1, [0, 1, 2], 20);
    show(ledger, 2, [0, 1, 2], 30);
    show(ledger, 3, all, 20);
    expect(lost(ledger)).toEqual({ logged: [], filtered: [3], loaded: [], archived: [] });
    expect(ledger.tallies()[0]?.unseen).toEqual([3]);
  });

  it('do not blame a branch for the copies, the order or the time of another', () => {
    const ledger = branched(4);
    show(ledger, 0, all);
    show(ledger, 1, all, 500);
    show(ledger, 1, [0], 501);
    show(ledger, 2, [1, 0, 2, 3], 600);
    show(ledger, 3, all, 20);
    show(ledger, 3, [2], 21);
    const here = Object.fromEntries(ledger.tallies().map((tally) => [tally.name, tally.duplicatedHere]));
    expect(here).toEqual({ logged: 0, filtered: 1, loaded: 0, archived: 1 });
    expect(ledger.tallies().map(({ reordered }) => reordered)).toEqual([[], [], [0], []]);
    expect(ledger.tallies()[3]?.fromBeforeMs).toEqual([10, 10, 10, 10]);
    expect(ledger.copiesUnderWay()).toBe(true); // the second 0 may still come to loaded
  });
});

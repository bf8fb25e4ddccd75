import { describe, expect, it } from 'vitest';
import type { HopReport } from '../../src/lib/e2e/check-report.js';
import { type Evidence, judge } from '../../src/lib/e2e/judge.js';

const hop = (name: string, changes: Partial<HopReport> = {}): HopReport => ({
  name,
  after: undefined,
  watched: `stream ${name}`,
  sent: 20,
  arrived: 20,
  lost: 0,
  unseen: 0,
  late: 0,
  failed: 0,
  duplicated: 0,
  duplicatedHere: 0,
  reordered: 0,
  fromSendingMs: { p50: 10, p95: 20, p99: 30, max: 40, mean: 12 },
  fromBeforeMs: { p50: 10, p95: 20, p99: 30, max: 40, mean: 12 },
  distribution: [],
  clock: 'service',
  ...changes,
});

const clean: Evidence = {
  wanted: 20,
  sent: 20,
  sendError: undefined,
  hops: [hop('a'), hop('b')],
  decoys: [{ payload: '{"plain":"{marker}"}', last: 'a', wanted: 5, sent: 5, seenAtLast: 5, passed: [] }],
  limits: [
    { metric: 'lost', hop: 'a', limit: 0 },
    { metric: 'lost', hop: 'b', limit: 0 },
    { metric: 'duplicated', hop: 'b', limit: 0 },
    { metric: 'reordered', hop: 'b', limit: 0 },
    { metric: 'p95', hop: 'b', limit: 20 },
  ],
  coldHop: undefined,
  unread: [],
  interrupted: false,
  withinMs: 30_000,
  warmUpMs: 60_000,
};

const texts = (changes: Partial<Evidence>): string[] =>
  judge({ ...clean, ...changes }).map((reason) => `${reason.kind}: ${reason.text}`);

describe('judge', () => {
  it('is green when everything is as it should be, limits met exactly', () => expect(texts({})).toEqual([]));

  it.each<[string, Partial<Evidence>, string[]]>([
    ['nothing was sent', { sent: 0, wanted: 0, hops: [] }, ['nothing-sent: Nothing was sent.']],
    [
      'nothing could be sent',
      { sent: 0, sendError: 'AccessDenied: no.', hops: [hop('a', { sent: 0, arrived: 0 })] },
      ['nothing-sent: Nothing was sent: AccessDenied: no.'],
    ],
    ['some were not sent', { sent: 18, sendError: 'HTTP 500' }, ['not-sent: 2 of 20 events were not sent: HTTP 500.']],
    [
      'a probe could not read',
      { unread: [{ hop: 'b', why: 'AccessDenied.' }] },
      ['unread: The probe of b could not read: AccessDenied.'],
    ],
    [
      'it was interrupted',
      { interrupted: true, sent: 3 },
      ['interrupted: The run was interrupted before every event could arrive.'],
    ],
    ['no canary came', { coldHop: 'b' }, ['not-warm: No warm-up event reached b within 1m.']],
    [
      'one hop lost events',
      { hops: [hop('a'), hop('b', { lost: 3, arrived: 17 })] },
      ['lost: b lost 3 of 20 events: not seen within 30.0 s.'],
    ],
    [
      'events were seen only further on',
      { hops: [hop('a', { unseen: 1, arrived: 19 }), hop('b')] },
      ['unseen: 1 event not seen at a but further on: is there a way round it?'],
    ],
    [
      'events came after their time',
      { hops: [hop('a'), hop('b', { late: 2 })] },
      ['late: b: 2 events came later than 30.0 s after the last was sent.'],
    ],
    [
      'copies',
      { hops: [hop('a'), hop('b', { duplicated: 1, duplicatedHere: 1 })] },
      ['duplicated: b doubled events: 1 copy too many.'],
    ],
    [
      'copies that a hop was only handed, when that hop alone may have none',
      { hops: [hop('a', { duplicated: 2, duplicatedHere: 2 }), hop('b', { duplicated: 2 })] },
      ['duplicated: b received 2 copies too many: a made 2.'],
    ],
    [
      'copies that arose at a hop',
      {
        hops: [hop('a', { duplicated: 2, duplicatedHere: 2 }), hop('b', { duplicated: 3, duplicatedHere: 1 })],
        limits: [{ metric: 'duplicatedHere', hop: 'b', limit: 0 }],
      },
      ['duplicated: b doubled events: 1 copy too many.'],
    ],
    [
      'a hop saw events only in invocations that failed',
      { hops: [hop('a'), hop('b', { lost: 3, failed: 2, arrived: 17 })] },
      ['lost: b lost 3 of 20 events: not seen within 30.0 s, 2 of them only in invocations that failed.'],
    ],
    [
      'an invocation failed that had handed its event on',
      { hops: [hop('a', { unseen: 1, failed: 1, arrived: 19 }), hop('b')] },
      ['unseen: 1 event not seen at a but further on: 1 of them were there in invocations that failed.'],
    ],
    ['disorder', { hops: [hop('a'), hop('b', { reordered: 2 })] }, ['reordered: b put 2 events out of order.']],
    ['slowness', { limits: [{ metric: 'p95', hop: 'b', limit: 19 }] }, ['latency: b: p95 is 20 ms, over 19 ms.']],
    [
      'a time limit where nothing arrived to be timed',
      { hops: [hop('b', { fromSendingMs: undefined, arrived: 0 })], limits: [{ metric: 'p95', hop: 'b', limit: 19 }] },
      ['latency: b: p95 cannot be told, for nothing arrived.'],
    ],
    [
      'a decoy got past',
      {
        decoys: [
          { payload: '"{marker}"', last: 'a', wanted: 5, sent: 5, seenAtLast: 5, passed: [{ hop: 'b', count: 2 }] },
        ],
      },
      ['decoy-passed: 2 of 5 decoys "{marker}" came to b, and must not.'],
    ],
    [
      'a decoy did not even come so far',
      { decoys: [{ payload: '"{marker}"', last: 'a', wanted: 5, sent: 5, seenAtLast: 4, passed: [] }] },
      ['decoy-lost: 1 of 5 decoys "{marker}" did not come to a, so they prove nothing behind it.'],
    ],
    [
      'a decoy was refused on the way in, so that it never came to where it must be stopped',
      { decoys: [{ payload: '"{marker}"', last: 'a', wanted: 5, sent: 0, seenAtLast: 0, passed: [] }] },
      ['decoy-lost: 5 of 5 decoys "{marker}" did not come to a, so they prove nothing behind it.'],
    ],
  ])('is not green when %s', (_, changes, expected) => expect(texts(changes)).toEqual(expected));

  it('takes a decoy that may come nowhere for stopped when it is refused on the way in', () => {
    const refused = { payload: '"{marker}"', last: undefined, wanted: 5, sent: 0, seenAtLast: undefined, passed: [] };
    expect(texts({ decoys: [refused] })).toEqual([]);
  });

  it('lets a limit allow what it allows', () => {
    const hops = [hop('a'), hop('b', { lost: 3, arrived: 17, duplicated: 4 })];
    expect(texts({ hops, limits: [{ metric: 'lost', hop: 'b', limit: 3 }] })).toEqual([]);
    expect(texts({ hops, limits: [{ metric: 'lost', hop: 'b', limit: 2 }] })).toEqual([
      'lost: b lost 3 of 20 events: not seen within 30.0 s; 2 may be.',
    ]);
  });

  it.each([
    ['duplicated', { duplicated: 2, duplicatedHere: 2 }, 'duplicated: b doubled events: 2 copies too many; 1 may be.'],
    ['duplicatedHere', { duplicatedHere: 2 }, 'duplicated: b doubled events: 2 copies too many; 1 may be.'],
    ['reordered', { reordered: 2 }, 'reordered: b put 2 events out of order; 1 may be.'],
  ] as const)('takes a limit of %s to the letter: two of two, not of one', (metric, changes, told) => {
    const hops = [hop('a'), hop('b', changes)];
    expect(texts({ hops, limits: [{ metric, hop: 'b', limit: 2 }] })).toEqual([]);
    expect(texts({ hops, limits: [{ metric, hop: 'b', limit: 1 }] })).toEqual([told]);
  });

  it('tells of handed copies where the hop that made them is within its own limit, or not limited so', () => {
    const hops = [hop('a', { duplicated: 2, duplicatedHere: 2 }), hop('b', { duplicated: 2 })];
    const told = ['duplicated: b received 2 copies too many: a made 2.'];
    const atB = { metric: 'duplicated', hop: 'b', limit: 0 } as const;
    expect(texts({ hops, limits: [{ metric: 'duplicated', hop: 'a', limit: 2 }, atB] })).toEqual(told);
    expect(texts({ hops, limits: [{ metric: 'lost', hop: 'a', limit: 0 }, atB] })).toEqual(told);
    expect(texts({ hops: [hop('a'), hop('b', { duplicated: 1 })], limits: [atB] })).toEqual([
      'duplicated: b received 1 copy too many.',
    ]);
  });

  it('tells of copies once, at the hop that made them, when all hops are limited', () => {
    const hops = [hop('a', { duplicated: 2, duplicatedHere: 2 }), hop('b', { duplicated: 2 })];
    const limits = hops.map(({ name }) => ({ metric: 'duplicated' as const, hop: name, limit: 0 }));
    expect(texts({ hops, limits })).toEqual(['duplicated: a doubled events: 2 copies too many.']);
  });

  it('tells all that is wrong', () => {
    const hops = [hop('a', { lost: 1 }), hop('b', { lost: 2, duplicated: 1, duplicatedHere: 1, reordered: 1 })];
    expect(texts({ hops }).map((text) => text.split(':')[0])).toEqual(['lost', 'lost', 'duplicated', 'reordered']);
  });
});

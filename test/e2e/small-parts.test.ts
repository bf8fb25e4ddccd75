import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { functionNameIn, streamNameIn } from '../../src/lib/e2e/arn-parts.js';
import { fillTemplate } from '../../src/lib/e2e/fill-template.js';
import { bucketLatency, summarizeLatency } from '../../src/lib/e2e/latency.js';
import { findMarkers, newRunId, writeMarker } from '../../src/lib/e2e/marker.js';
import { logGroupName } from '../../src/lib/e2e/probes/log-group-name.js';
import { readRows } from '../../src/lib/e2e/recorder/read-rows.js';
import { planSending } from '../../src/lib/e2e/senders/plan-sending.js';
import { sendPaced } from '../../src/lib/e2e/senders/send-paced.js';
import { DrivenClock } from '../../src/lib/shared/clock.js';

describe('markers', () => {
  const run = '0123456789';
  it('are found again, each once, in order, wherever they stand', () => {
    const text = `{"a":"${writeMarker(run, { kind: 'event', n: 12 })}","b":"x${writeMarker(run, { kind: 'event', n: 1 })}7"} ${writeMarker(run, { kind: 'event', n: 12 })} ${writeMarker(run, { kind: 'canary', n: 0 })}${writeMarker(run, { kind: 'decoy', n: 3 })}`;
    expect(findMarkers(text, run)).toEqual({
      own: [
        { kind: 'event', n: 12, times: 1 },
        { kind: 'event', n: 1, times: 1 },
        { kind: 'canary', n: 0, times: 1 },
        { kind: 'decoy', n: 3, times: 1 },
      ],
      foreign: [],
    });
  });
  it('of other runs are counted apart', () => {
    expect(findMarkers(`${writeMarker('zzzzzzzzzz', { kind: 'event', n: 1 })} pe2e`, run)).toEqual({
      own: [],
      foreign: ['pe2ezzzzzzzzzze1z'],
    });
  });
  it('are letters and digits, and no two runs share them', () => {
    const ids = new Set(Array.from({ length: 1000 }, newRunId));
    expect(ids.size).toBe(1000);
    for (const id of ids) expect(writeMarker(id, { kind: 'event', n: 5 })).toMatch(/^[0-9a-z]+$/);
  });
});

describe('markers in one text', () => {
  const run = '0123456789';
  const [a, b, c] = [0, 1, 2].map((n) => writeMarker(run, { kind: 'event', n })) as [string, string, string];
  const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
  const found = (text: string): string =>
    findMarkers(text, run, ['id'])
      .own.map(({ n, times }) => `${n}x${times}`)
      .join(' ');

  it.each([
    ['a list of copies', JSON.stringify([{ id: a }, { id: a }]), '0x2'],
    ['a list of copies in a field', JSON.stringify({ rows: [{ id: a }, { id: b }, { id: a }] }), '0x2 1x1'],
    ['copies in two lines', `${JSON.stringify({ id: a })}\n${JSON.stringify({ id: a })}\n`, '0x2'],
    ['copies in plain words', `${a},${a}`, '0x2'],
    ['copies under two names', JSON.stringify({ first: { id: a }, second: { id: a } }), '0x2'],
    ['copies in JSON inside JSON', JSON.stringify({ body: JSON.stringify([{ id: a }, { id: a }]) }), '0x2'],
    ['copies in base64', JSON.stringify({ body: base64(JSON.stringify([{ id: a }, { id: a }])) }), '0x2'],
    ['copies in two pieces of base64', JSON.stringify([base64(a), base64(a)]), '0x2'],
    ['copies in gzip', JSON.stringify({ body: base64(gzipSync(`${a} ${a}`)) }), '0x2'],
    ['an event with its id beside it', JSON.stringify({ correlationId: a, body: { id: a } }), '0x1'],
    [
      'an event in base64 with its id beside it',
      JSON.stringify({ correlationId: b, body: base64([a, b].join()) }),
      '0x1 1x1',
    ],
    ['a log line that names the id of its JSON', `got ${a}: ${JSON.stringify({ id: a })} in 3 ms`, '0x1'],
    [
      'a batch under the id of its last',
      JSON.stringify({ last: c, rows: [{ id: a }, { id: b }, { id: c }] }),
      '0x1 1x1 2x1',
    ],
    ['base64 of a marker alone, without padding', Buffer.from(a).toString('base64url'), '0x1'],
    [
      'base64 in lines of 76',
      base64(JSON.stringify({ text: 'x'.repeat(40), id: a })).replace(/.{76}/g, '$&\r\n'),
      '0x1',
    ],
    ['zstd and zlib in base64', JSON.stringify({ z: base64(deflateSync(b)), p: a }), '0x1 1x1'],
  ])('%s', (_, text, expected) => expect(found(text)).toBe(expected));
});

describe('fillTemplate', () => {
  const values = { marker: 'M', n: 7, key: 'k', now: new Date(0) };
  it('fills texts at any depth, and leaves all else alone', () => {
    const template = {
      a: 'x {marker} {marker}',
      b: [1, null, '{n}', { c: '{key}/{now}' }],
      '{marker}': true,
      d: '{other} {{n}}',
    };
    expect(fillTemplate(template, values)).toEqual({
      a: 'x M M',
      b: [1, null, '7', { c: 'k/1970-01-01T00:00:00.000Z' }],
      '{marker}': true,
      d: '{other} {7}',
    });
  });
});

describe('latency', () => {
  it('takes figures that really occurred', () => {
    expect(summarizeLatency([5, 1, 3, 2, 4])).toEqual({ p50: 3, p95: 5, p99: 5, max: 5, mean: 3 });
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarizeLatency(hundred)).toMatchObject({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(summarizeLatency([])).toBeUndefined();
  });
  it('buckets by 1, 2, 5, without gaps', () => {
    expect(bucketLatency([0, 1, 1.5, 8, 30])).toEqual([
      { upToMs: 1, count: 2 },
      { upToMs: 2, count: 1 },
      { upToMs: 5, count: 0 },
      { upToMs: 10, count: 1 },
      { upToMs: 20, count: 0 },
      { upToMs: 50, count: 1 },
    ]);
    expect(bucketLatency([])).toEqual([]);
  });
});

describe('names in ARNs', () => {
  it.each([
    ['arn:aws:kinesis:us-east-1:000000000000:stream/orders', 'orders'],
    ['arn:aws-cn:kinesis:cn-north-1:000000000000:stream/orders/consumer/fast:1700000000', 'orders'],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026', undefined],
    ['orders', undefined],
    [undefined, undefined],
  ])('the stream of %s', (arn, name) => expect(streamNameIn(arn)).toBe(name));
  it.each([
    ['arn:aws:lambda:us-east-1:000000000000:function:loader', 'loader'],
    ['arn:aws:lambda:us-east-1:000000000000:function:loader:live', 'loader'],
    ['loader', undefined],
  ])('the function of %s', (arn, name) => expect(functionNameIn(arn)).toBe(name));
});

describe('logGroupName', () => {
  it.each([
    ['/aws/lambda/a', '/aws/lambda/a'],
    ['arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/a', '/aws/lambda/a'],
    ['arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/a:*', '/aws/lambda/a'],
    ['arn:aws-cn:logs:cn-north-1:000000000000:log-group:a:*', 'a'],
  ])('%s', (text, name) => expect(logGroupName(text)).toBe(name));
});

describe('readRows', () => {
  const bytes = (text: string) => Buffer.from(text);
  it.each<[string, 'ndjson' | 'json', unknown]>([
    ['{"a":1}\n{"a":2}\n', 'ndjson', { rows: ['{"a":1}', '{"a":2}'] }],
    ['{"a":1}\r\n\n 5', 'ndjson', { rows: ['{"a":1}\r', ' 5'] }],
    ['', 'ndjson', { rows: [] }],
    ['{"a":1}\n{"a":', 'ndjson', { broken: 'line 2 of the body is not JSON: {"a":' }],
    ['[{"a":1},2]', 'json', { rows: ['{"a":1}', '2'] }],
    ['{"a":\n1}', 'json', { rows: ['{"a":\n1}'] }],
    ['nope', 'json', { broken: 'the body is not JSON: nope' }],
  ])('%j as %s', (text, format, expected) => expect(readRows(bytes(text), undefined, format)).toEqual(expected));
  it('refuses an encoding it does not know, and one that is not true', () => {
    expect(readRows(bytes('{}'), 'zip', 'json')).toEqual({
      broken: 'the body is not zip: this encoding is not known here',
    });
    expect(readRows(bytes('{}'), 'gzip', 'json')).toHaveProperty('broken');
  });
});

describe('planSending', () => {
  it('spreads decoys among the events, none behind the last', () => {
    const plan = planSending({ payload: 'e', count: 4, keys: 2 }, [
      { payload: 'd0', last: undefined, count: 2 },
      { payload: 'd1', last: undefined, count: 1 },
    ]);
    expect(plan.map(({ marker, key, decoy }) => `${marker.kind[0]}${marker.n} ${key} ${decoy ?? '-'}`)).toEqual([
      'd0 key-0 0',
      'e0 key-0 -',
      'd1 key-1 0',
      'e1 key-1 -',
      'e2 key-0 -',
      'd2 key-1 1',
      'e3 key-1 -',
    ]);
  });
  it('sends more decoys than events too', () => {
    const plan = planSending({ payload: 'e', count: 1, keys: 1 }, [{ payload: 'd', last: undefined, count: 3 }]);
    expect(plan.map(({ marker }) => marker.kind)).toEqual(['decoy', 'decoy', 'decoy', 'event']);
  });
});

describe('sendPaced', () => {
  const items = (count: number, keys: number) => Array.from({ length: count }, (_, n) => ({ n, key: `${n % keys}` }));

  it('begins each item at its time, however long one takes', async () => {
    const clock = new DrivenClock(0);
    const begun: string[] = [];
    const done = sendPaced({
      items: items(4, 4),
      perSecond: 10,
      clock,
      signal: new AbortController().signal,
      sendOne: async ({ n }) => {
        begun.push(`${n}@${clock.now()}`);
        await clock.sleep(250);
      },
    });
    for (let step = 0; step < 60; step += 1) {
      await new Promise(setImmediate);
      clock.advance(10);
    }
    await done;
    expect(begun).toEqual(['0@0', '1@100', '2@200', '3@300']);
  });

  it('never has two of one key under way', async () => {
    let under = 0;
    let most = 0;
    const order: number[] = [];
    await sendPaced({
      items: items(50, 1),
      perSecond: 100_000,
      clock: { now: () => performance.now(), sleep: async () => {}, after: () => () => {} },
      signal: new AbortController().signal,
      sendOne: async ({ n }) => {
        under += 1;
        most = Math.max(most, under);
        await new Promise(setImmediate);
        order.push(n);
        under -= 1;
      },
    });
    expect(most).toBe(1);
    expect(order).toEqual(items(50, 1).map(({ n }) => n));
  });

  it('stops when it is told to, and waits for what is under way', async () => {
    const stop = new AbortController();
    const ended: number[] = [];
    await sendPaced({
      items: items(1000, 3),
      perSecond: 100_000,
      clock: { now: () => performance.now(), sleep: async () => {}, after: () => () => {} },
      signal: stop.signal,
      sendOne: async ({ n }) => {
        await new Promise(setImmediate);
        ended.push(n);
        if (n === 5) stop.abort();
      },
    });
    expect(ended.length).toBeLessThan(20);
    expect(ended).toContain(5);
  });
});

import { expect, it } from 'vitest';
import { backoffMs } from '../../src/lib/stream/read-shard.js';
import { failure, pollingReader, readWith, record, scripted, settle } from './scripted-source.js';

it('reads on from page to page, politely while there is more and slowly while there is nothing', async () => {
  const script = scripted();
  script.pages.push({ records: [record(1)], behindMs: 5 }, { records: [record(2)] });
  const reading = readWith(pollingReader(script));
  await settle();
  expect(reading.ready).toBe(true);
  await script.pass(209);
  expect(reading.numbers).toEqual(['1']);
  await script.pass(1);
  expect(reading.numbers).toEqual(['1', '2']);
  await script.pass(249);
  expect(script.reads).toHaveLength(2);
  await script.pass(1);
  expect(script.reads.map(({ iterator }) => iterator)).toEqual([
    'iterator-1',
    'after iterator-1',
    'after after iterator-1',
  ]);
  expect(reading.progress).toEqual([{ after: '1' }, { after: '2' }]);
});

it('hurries through a backlog until it is throttled', async () => {
  const script = scripted();
  script.pages.push(
    { records: [record(1)], behindMs: 5 },
    { records: [record(2)], behindMs: 5 },
    failure('throttled'),
    { records: [record(3)], behindMs: 5 },
    { records: [record(4)] },
  );
  const reading = readWith(pollingReader(script, true));
  await settle();
  expect(reading.numbers).toEqual(['1', '2']);
  await script.pass(1000); // the pause after a throttle
  expect(reading.numbers).toEqual(['1', '2', '3']);
  await script.pass(209);
  expect(reading.numbers).toHaveLength(3);
  await script.pass(1);
  expect(reading.numbers).toEqual(['1', '2', '3', '4']);
});

it('renews an expired iterator behind the last record: nothing twice, nothing skipped', async () => {
  const script = scripted();
  script.pages.push({ records: [record(1), record(2)] }, failure('expired'), { records: [record(3)] });
  const reading = readWith(pollingReader(script));
  await settle();
  await script.pass(250);
  expect(script.positions).toEqual([{ oldest: true }, { after: '2' }]);
  expect(reading.numbers).toEqual(['1', '2', '3']);
  expect(script.reads.at(-1)?.iterator).toBe('iterator-2');
});

it('renews an iterator at LATEST that expired before the first record from the time it was right', async () => {
  const script = scripted(1_000_000);
  const reading = readWith(pollingReader(script), { start: { latest: true } });
  await settle();
  expect(reading.progress).toEqual([{ since: 998_000 }]);
  script.pages.push(failure('expired'), { records: [record(1)] });
  await script.pass(250);
  expect(script.positions).toEqual([{ latest: true }, { since: 998_000 }]);
  expect(reading.numbers).toEqual(['1']);
});

it('gives up on iterators that are refused as soon as they are made', async () => {
  const script = scripted();
  script.pages.push(...Array.from({ length: 6 }, () => failure('expired')));
  const reading = readWith(pollingReader(script));
  await expect(reading.end).rejects.toThrow('expired');
  expect(script.positions).toHaveLength(6);
});

it('renews iterators for as long as each is of use', async () => {
  const script = scripted();
  for (let n = 1; n <= 7; n++) script.pages.push(failure('expired'), { records: [record(n)] });
  const reading = readWith(pollingReader(script));
  await settle();
  for (let n = 1; n <= 7; n++) await script.pass(250);
  expect(reading.numbers).toEqual(['1', '2', '3', '4', '5', '6', '7']);
});

it('continues at the oldest record, and says so, where the last one read is no longer in the stream', async () => {
  const script = scripted();
  script.pages.push({ records: [record(7)] }, failure('expired'), { records: [record(1)] });
  script.iterators.push('first', failure('unknown-position'));
  const reading = readWith(pollingReader(script));
  await settle();
  await script.pass(250);
  expect(script.positions).toEqual([{ oldest: true }, { after: '7' }, { oldest: true }]);
  expect(reading.numbers).toEqual(['7', '1']);
  expect(reading.warnings).toEqual([
    'shardId-000000000000: the last record read is no longer in the stream; reading continues at the oldest record',
  ]);
});

it('ends where the place it was to begin at is not known', async () => {
  const script = scripted();
  script.iterators.push(failure('unknown-position'));
  await expect(readWith(pollingReader(script), { start: { at: '3' } }).end).rejects.toThrow('unknown-position');
});

it('waits as its patience says, counts failures in a row, and reads the same page again', async () => {
  const script = scripted();
  script.pages.push(failure('passing'), failure('passing'), { records: [record(1)] }, failure('passing'), {
    records: [record(2)],
  });
  const reading = readWith(pollingReader(script));
  await settle();
  await script.pass(1000);
  await script.pass(1999);
  expect(script.reads).toHaveLength(2);
  await script.pass(1);
  expect(reading.numbers).toEqual(['1']);
  await script.pass(250);
  await script.pass(1000);
  expect(reading.numbers).toEqual(['1', '2']);
  expect(new Set(script.reads.slice(0, 3).map(({ iterator }) => iterator)).size).toBe(1);
  expect(script.failures.map(({ tries }) => tries)).toEqual([1, 2, 1]);
});

it('ends with the error itself when its patience does', async () => {
  const script = scripted();
  const gone = failure('gone');
  script.pages.push(gone);
  await expect(readWith(pollingReader(script)).end).rejects.toBe(gone.cause);
});

it('ends at the end of a closed shard, and hands on the children it names', async () => {
  const script = scripted();
  const children = [{ ShardId: 'shardId-000000000001', ParentShards: ['shardId-000000000000'] }];
  script.pages.push({ records: [record(1)], next: undefined, children });
  const reading = readWith(pollingReader(script));
  expect(await reading.end).toEqual({ kind: 'closed', children });
  expect(reading.numbers).toEqual(['1']);
});

it('hands over what arrived before the end that was asked for, and ends there', async () => {
  const script = scripted(1_000_000);
  script.pages.push({ records: [record(1, 999), record(2, 1000)], behindMs: 0 });
  const reading = readWith(pollingReader(script), { untilMs: 1000 });
  expect(await reading.end).toEqual({ kind: 'reached' });
  expect(reading.numbers).toEqual(['1']);
  expect(reading.progress).toEqual([{ after: '1' }]);
});

it('waits for an end that lies ahead', async () => {
  const script = scripted(1_000_000);
  const reading = readWith(pollingReader(script), { untilMs: 1_000_400 });
  await settle();
  script.pages.push({ records: [record(1, 1_000_100)] });
  await script.pass(250);
  expect(reading.numbers).toEqual(['1']);
  await script.pass(250);
  expect(await reading.end).toEqual({ kind: 'reached' });
});

it('stands before what was not taken', async () => {
  const script = scripted();
  script.pages.push({ records: [record(1), record(2), record(3)] });
  const reading = readWith(pollingReader(script), { deliver: async () => 2 });
  expect(await reading.end).toEqual({ kind: 'reached' });
  expect(reading.progress).toEqual([{ after: '2' }]);
});

it('told to finish reads what is there now without waiting, and ends', async () => {
  const script = scripted();
  const reading = readWith(pollingReader(script));
  await settle();
  script.pages.push({ records: [record(1)], behindMs: 9 }, { records: [record(2)] });
  reading.finish.abort();
  await settle();
  expect(await reading.end).toEqual({ kind: 'reached' });
  expect(reading.numbers).toEqual(['1', '2']);
});

it('told to finish waits out throttles, but not what does not answer', async () => {
  const throttled = scripted();
  const patient = readWith(pollingReader(throttled));
  await settle();
  throttled.pages.push(failure('throttled'), failure('throttled'), { records: [record(1)] });
  patient.finish.abort();
  await settle();
  for (const ms of [1000, 2000]) await throttled.pass(ms);
  expect(await patient.end).toEqual({ kind: 'reached' });
  expect(patient.numbers).toEqual(['1']);

  const silent = scripted();
  const ended = readWith(pollingReader(silent));
  await settle();
  silent.pages.push(failure('passing'));
  ended.finish.abort();
  expect(await ended.end).toEqual({ kind: 'reached' });
});

it('stops at once when it is aborted, also in a pause', async () => {
  const script = scripted();
  const reading = readWith(pollingReader(script));
  await settle();
  reading.stop.abort(new Error('stop'));
  await expect(reading.end).rejects.toThrow('stop');
});

it('backs off twice as long after each failure, 5 s at most, and never less than half of it', () => {
  expect([1, 2, 3, 9].map((tries) => backoffMs(tries, 1))).toEqual([300, 600, 1200, 5000]);
  expect(backoffMs(3, 0)).toBe(600);
});

import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Activity, createActivity } from '../../../../src/lib/local/activity.js';
import { createFaults, type FaultHooks } from '../../../../src/lib/local/faults.js';
import { Delivery } from '../../../../src/lib/local/services/cloudwatch-logs/delivery.js';
import type {
  LogGroup,
  LogStream,
  SubscriptionFilter,
} from '../../../../src/lib/local/services/cloudwatch-logs/log-group.js';
import { AwsError } from '../../../../src/lib/local/wire/aws-error.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { parseFilterPattern } from '../../../../src/lib/shared/filter-pattern/parse-filter-pattern.js';
import { serviceEnvironment } from '../../service-environment.js';

interface Delivered {
  filter: string;
  key: string;
  atMs: number;
  messages: string[];
}

let clock: DrivenClock;
let faults: FaultHooks;
let activity: Activity;
let said: string[];
let delivered: Delivered[];
/** Called before each try; what it throws is the destination's answer. */
let onTry: (messages: string[]) => void | Promise<void>;
let tries: number;
let delivery: Delivery;
beforeEach(() => {
  clock = new DrivenClock(1_000_000);
  [said, delivered, tries] = [[], [], 0];
  onTry = () => {};
  faults = createFaults();
  activity = createActivity();
  delivery = new Delivery(serviceEnvironment({ clock, faults, activity, log: (line) => said.push(line) }));
});
afterEach(() => delivery.close());

function filterNamed(filterName: string, more: Partial<SubscriptionFilter> = {}, pattern = ''): SubscriptionFilter {
  return {
    filterName,
    logGroupName: '/g',
    pattern: parseFilterPattern(pattern),
    destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
    destination: {
      vendor: 'kinesis',
      mostBytes: 1_048_576,
      async deliver(envelope, key) {
        const { logEvents } = JSON.parse(gunzipSync(envelope).toString()) as { logEvents: { message: string }[] };
        const messages = logEvents.map(({ message }) => message);
        tries += 1;
        await onTry(messages);
        delivered.push({ filter: filterName, key, atMs: clock.now(), messages });
      },
      check: async () => {},
    },
    roleArn: undefined,
    distribution: 'ByLogStream',
    applyOnTransformedLogs: false,
    creationTime: 0,
    ...more,
  };
}

let eventId = 0;
function offer(filters: readonly SubscriptionFilter[], messages: readonly string[], streamName = 'a'): void {
  const group = { subscriptionFilters: new Map(filters.map((filter) => [filter.filterName, filter])) };
  const events = messages.map((message) => ({ timestamp: 1, ingestionTime: 1, sequence: ++eventId, message }));
  delivery.offer(group as unknown as LogGroup, { name: streamName } as LogStream, events as never);
}

/** Lets everything run that is not waiting for the clock. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};
const all = (): string[] => delivered.flatMap(({ messages }) => messages);
const throttled = (): never => {
  throw new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded for shard.');
};

test('what a shard throttles waits, doubling to two seconds, and keeps the order of its log stream', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const waits = [20, 40, 80, 160, 320, 640, 1280, 2000, 2000];
  let left = waits.length;
  onTry = () => (left-- > 0 ? throttled() : undefined);
  offer([filterNamed('f')], ['one']);
  offer([filterNamed('f')], ['two']);
  for (const [index, ms] of waits.entries()) {
    await turns();
    expect(tries).toBe(index + 1);
    clock.advance(ms - 1);
    await turns();
    expect(tries).toBe(index + 1);
    expect(activity.pending()).toHaveLength(2);
    clock.advance(1);
  }
  await turns();
  expect(all()).toEqual(['one', 'two']);
  expect(activity.pending()).toEqual([]);
  vi.restoreAllMocks();
});

test('a throttled log stream holds up no other one, and no other filter', async () => {
  onTry = (messages) => (messages.includes('stuck') ? throttled() : undefined);
  offer([filterNamed('f')], ['stuck']);
  offer([filterNamed('f')], ['behind it']);
  offer([filterNamed('f')], ['of another stream'], 'b');
  offer([filterNamed('g')], ['of another filter']);
  await turns();
  expect(all()).toEqual(['of another stream', 'of another filter']);
  expect(said).toEqual([]);
});

test('a throttled delivery is given up after a day, and says so', async () => {
  onTry = () => throttled();
  offer([filterNamed('f')], ['old']);
  await turns();
  const begun = clock.now();
  while (said.length === 0 && clock.now() - begun < 25 * 3_600_000) {
    // Steps that end no later than the last try of the day, then its own.
    clock.advance(clock.now() - begun < 23 * 3_600_000 ? 23 * 3_600_000 : 60_000);
    await turns();
  }
  expect(clock.now() - begun).toBeGreaterThan(24 * 3_600_000);
  expect(said).toEqual([
    expect.stringMatching(
      /^cloudwatch-logs: subscription filter f of \/g lost 1 log event\(s\) for arn:.*Rate exceeded/,
    ),
  ]);
});

test.each([
  ['AccessDeniedException', undefined, 1],
  ['NotImplemented', 501, 1],
  ['Odd', 500, 2],
  ['Odd', 499, 1],
  ['LimitExceededException', 400, 2],
])('%s with status %s is tried %i times', async (code, status, times) => {
  let left = 1;
  onTry = () => {
    if (left-- > 0) throw new AwsError(code, 'no', status === undefined ? {} : { status });
  };
  offer([filterNamed('f')], ['x']);
  await turns();
  clock.advance(20);
  await turns();
  expect([tries, said.length]).toEqual([times, 2 - times]);
});

test('an error that is none of AWS is told and loses that delivery alone', async () => {
  onTry = (messages) => {
    if (messages.includes('bad')) throw new TypeError('a bug');
  };
  offer([filterNamed('f')], ['bad']);
  offer([filterNamed('f')], ['good']);
  await turns();
  expect(all()).toEqual(['good']);
  expect(said).toEqual([expect.stringContaining('lost 1 log event(s)')]);
});

const big = (n: number): string => `${n} ${randomBytes(700_000).toString('base64')}`;
const numbers = (messages: readonly string[]): number[] => messages.map((message) => Number.parseInt(message, 10));

test('64 MiB may wait; what is beyond is lost and told, and what comes when there is room again is not', async () => {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  onTry = () => released;
  const filter = filterNamed('f');
  // An envelope of a message is 700 kB, and a little for what gzip and base64 add: 95 of them are more than 64 MiB.
  const count = 100;
  for (let n = 0; n < count; n += 1) offer([filter], [big(n)]);
  await turns();
  release();
  await turns();
  const kept = all().length;
  expect(kept).toBeGreaterThan(90);
  expect(kept).toBeLessThan(96);
  expect(numbers(all())).toEqual(Array.from({ length: kept }, (_, n) => n));
  clock.advance(5000);
  const lost = said.map((line) => Number(/lost (\d+)/.exec(line)?.[1]));
  expect(lost.reduce((sum, more) => sum + more, 0)).toBe(count - kept);
  expect(said[0]).toContain('more than 64.0 MiB are waiting for their destinations');
  for (let n = count; n < count + 3; n += 1) offer([filter], [big(n)]);
  await turns();
  expect(numbers(all().slice(kept))).toEqual([count, count + 1, count + 2]);
  expect(said).toHaveLength(lost.length);
});

test('more than 64 MiB one after the other lose nothing', async () => {
  const filter = filterNamed('f');
  for (let n = 0; n < 100; n += 1) {
    offer([filter], [big(n)]);
    await turns();
  }
  expect(numbers(all())).toEqual(Array.from({ length: 100 }, (_, n) => n));
  expect(said).toEqual([]);
});

test('losses are told at once, then together after five seconds, and the next one at once again', async () => {
  onTry = () => {
    throw new AwsError('ResourceNotFoundException', 'gone');
  };
  const lost = (): (string | undefined)[] => said.map((line) => /lost (\d+)/.exec(line)?.[1]);
  for (const messages of [['1', '2'], ['3'], ['4']]) offer([filterNamed('f')], messages);
  await turns();
  // Each filter tells its own: one object a filter, as in a log group.
  expect(lost()).toEqual(['2', '1', '1']);
  said.length = 0;
  const filter = filterNamed('f');
  for (const messages of [['1', '2'], ['3'], ['4', '5']]) offer([filter], messages);
  await turns();
  expect(lost()).toEqual(['2']);
  clock.advance(4999);
  expect(lost()).toEqual(['2']);
  clock.advance(1);
  expect(lost()).toEqual(['2', '3']);
  offer([filter], ['6']);
  await turns();
  expect(lost()).toEqual(['2', '3', '1']);
  clock.advance(5000);
  expect(lost()).toEqual(['2', '3', '1']);
});

test('closing ends what waits for a retry, says what was lost since, and takes nothing more', async () => {
  onTry = () => throttled();
  offer([filterNamed('f')], ['waiting']);
  await turns();
  await delivery.close();
  expect(said).toEqual([]);
  offer([filterNamed('f')], ['late']);
  await turns();
  expect(tries).toBe(1);
});

test('closing tells what was lost and not told so far', async () => {
  onTry = () => {
    throw new AwsError('ResourceNotFoundException', 'gone');
  };
  const filter = filterNamed('f');
  for (const message of ['1', '2', '3']) offer([filter], [message]);
  await turns();
  await delivery.close();
  expect(said.map((line) => /lost (\d+)/.exec(line)?.[1])).toEqual(['1', '2']);
});

test('only what the pattern lets through goes out, and nothing at all if it lets nothing through', async () => {
  offer([filterNamed('f', {}, 'ERROR')], ['ERROR one', 'fine', 'ERROR two']);
  offer([filterNamed('f', {}, 'ERROR')], ['fine']);
  await turns();
  expect(delivered.map(({ messages }) => messages)).toEqual([['ERROR one', 'ERROR two']]);
});

test('the partition key is the stream’s, and the envelope’s own with Random', async () => {
  for (const stream of ['a', 'b', 'a']) offer([filterNamed('f')], ['x'], stream);
  for (const _ of [1, 2]) offer([filterNamed('r', { distribution: 'Random' })], ['x']);
  await turns();
  const keys = (filter: string) => new Set(delivered.filter((one) => one.filter === filter).map(({ key }) => key)).size;
  expect(keys('f')).toBe(2);
  expect(keys('r')).toBe(2);
});

test('faults: dropped, doubled, turned round, held back until the next or for 200 ms, delayed for a second', async () => {
  const filter = filterNamed('f');
  faults.add({ at: 'logs.deliver', kind: 'drop', match: 'dropped' });
  faults.add({ at: 'logs.deliver', kind: 'duplicate', match: 'doubled' });
  faults.add({ at: 'logs.deliver', kind: 'reorder', match: 'turned' });
  offer([filter], ['dropped']);
  offer([filter], ['doubled']);
  offer([filter], ['turned', 'round']);
  await turns();
  expect(all()).toEqual(['doubled', 'doubled', 'round', 'turned']);

  delivered = [];
  faults.add({ at: 'logs.deliver', kind: 'reorder', match: 'held', times: 2 });
  offer([filter], ['held']);
  await turns();
  expect(activity.pending()).toHaveLength(1);
  offer([filter], ['next']);
  await turns();
  expect(all()).toEqual(['next', 'held']);
  offer([filter], ['held again']);
  clock.advance(199);
  await turns();
  expect(all()).toEqual(['next', 'held']);
  clock.advance(1);
  await turns();
  expect(all()).toEqual(['next', 'held', 'held again']);
  expect(activity.pending()).toEqual([]);

  delivered = [];
  const begun = clock.now();
  faults.add({ at: 'logs.deliver', kind: 'delay', match: 'slow' });
  offer([filter], ['slow']);
  await turns();
  clock.advance(999);
  await turns();
  expect(all()).toEqual([]);
  clock.advance(1);
  await turns();
  expect(delivered).toEqual([expect.objectContaining({ messages: ['slow'], atMs: begun + 1000 })]);
});

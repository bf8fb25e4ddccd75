import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  PutLogEventsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { type LogsFixture, startLogs } from './start-logs.js';

const HOUR_MS = 3_600_000;
const clock = new DrivenClock(Date.UTC(2026, 10, 21));
let parts: LogsFixture;
beforeAll(async () => {
  parts = await startLogs({ clock });
});
afterAll(() => parts.close());

const putBatch = (logEvents: { timestamp: number; message: string }[], logStreamName = 's') =>
  parts.logs.send(new PutLogEventsCommand({ logGroupName: '/put', logStreamName, logEvents }));

describe('PutLogEvents', () => {
  beforeAll(() => parts.createGroup('/put', 's', 'window'));
  const now = clock.now();
  const events = (count: number, message = 'x') => Array.from({ length: count }, () => ({ timestamp: now, message }));

  it('takes 10,000 events and 1 MiB, each event counted with 26 bytes more', async () => {
    await putBatch(events(10_000, 'x'.repeat(78)));
    await putBatch([{ timestamp: now, message: 'x'.repeat(1_048_576 - 26) }]);
  });

  it.each<[string, () => { timestamp: number; message: string }[], string]>([
    [
      'no events',
      () => [],
      "at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    ['10,001 events', () => events(10_001), 'Member must have length less than or equal to 10000'],
    [
      'more than 1 MiB',
      () => events(10_000, 'x'.repeat(79)),
      'Upload too large: 1050000 bytes exceeds limit of 1048576',
    ],
    [
      'an event of more than 1 MiB',
      () => [{ timestamp: now, message: `é${'x'.repeat(1_048_576 - 27)}` }],
      'Log event too large: 1048577 bytes exceeds limit of 1048576',
    ],
    ['an empty message', () => [{ timestamp: now, message: '' }], "Value '' at 'logEvents.1.member.message'"],
    [
      'events out of order',
      () => [
        { timestamp: now, message: 'b' },
        { timestamp: now - 1, message: 'a' },
      ],
      'Log events in a single PutLogEvents request must be in chronological order.',
    ],
    [
      'more than a day in one batch',
      () => [
        { timestamp: now - 24 * HOUR_MS - 1, message: 'a' },
        { timestamp: now, message: 'b' },
      ],
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    ],
  ])('refuses %s', async (_, batch, message) => {
    await expect(putBatch(batch())).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  it('stores what is neither too old nor too new, and tells the rest', async () => {
    const first = await putBatch(
      [now - 14 * 24 * HOUR_MS - 2, now - 14 * 24 * HOUR_MS - 1, now - 14 * 24 * HOUR_MS].map((timestamp, index) => ({
        timestamp,
        message: `old ${index}`,
      })),
      'window',
    );
    expect(first.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2 });
    const second = await putBatch(
      [now, now + 2 * HOUR_MS, now + 2 * HOUR_MS + 1].map((timestamp, index) => ({
        timestamp,
        message: `new ${index}`,
      })),
      'window',
    );
    expect(second.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 2 });
    const found = await parts.logs.send(
      new GetLogEventsCommand({ logGroupName: '/put', logStreamName: 'window', startFromHead: true }),
    );
    expect(found.events?.map(({ message }) => message)).toEqual(['old 2', 'new 0', 'new 1']);
  });

  it('measures the day that a batch may span by what it stores', async () => {
    const ages = [40 * 24 * HOUR_MS, 23 * HOUR_MS, 0];
    const logEvents = ages.map((age) => ({ timestamp: now - age, message: 'x' }));
    expect((await putBatch(logEvents)).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  });

  it('names what is missing', async () => {
    await expect(parts.put('/nowhere', 's', ['x'])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    await expect(parts.put('/put', 'nowhere', ['x'])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });
});

describe('GetLogEvents', () => {
  const start = clock.now() - HOUR_MS;
  beforeAll(async () => {
    await parts.createGroup('/get', 's', 'empty');
    for (let n = 0; n < 10; n += 1) await parts.put('/get', 's', [`${n}`], start + n * 1000);
  });
  const get = async (more: Partial<GetLogEventsCommandInput> = {}) => {
    const found = await parts.logs.send(new GetLogEventsCommand({ logGroupName: '/get', logStreamName: 's', ...more }));
    return {
      text: (found.events ?? []).map(({ message }) => message).join(''),
      forward: found.nextForwardToken ?? '',
      backward: found.nextBackwardToken ?? '',
    };
  };

  it('gives the newest first, unless asked to start from the head', async () => {
    expect((await get({ limit: 3 })).text).toBe('789');
    expect((await get({ limit: 3, startFromHead: true })).text).toBe('012');
    expect((await get()).text).toBe('0123456789');
  });

  it('pages forwards to the end, where the same token comes back, and goes on from there', async () => {
    let page = await get({ limit: 4, startFromHead: true });
    expect(page.forward).toMatch(/^f\/\d{56}\/s$/);
    expect(page.backward).toMatch(/^b\/\d{56}\/s$/);
    page = await get({ limit: 4, nextToken: page.forward });
    expect(page.text).toBe('4567');
    page = await get({ limit: 4, nextToken: page.forward });
    expect(page.text).toBe('89');
    const end = page.forward;
    page = await get({ nextToken: end });
    expect(page).toMatchObject({ text: '', forward: end });
    await parts.put('/get', 's', ['!'], start + 9000);
    expect((await get({ nextToken: end })).text).toBe('!');
  });

  it('pages backwards, and from there forwards again', async () => {
    let page = await get({ limit: 3, endTime: start + 8500 });
    expect(page.text).toBe('678');
    page = await get({ limit: 3, nextToken: page.backward });
    expect(page.text).toBe('345');
    const { forward } = page;
    page = await get({ limit: 4, nextToken: page.backward });
    expect(page.text).toBe('012');
    page = await get({ nextToken: page.backward });
    expect(page.text).toBe('');
    expect((await get({ limit: 2, nextToken: forward })).text).toBe('67');
  });

  it('includes startTime and not endTime', async () => {
    expect((await get({ startTime: start + 2000, endTime: start + 5000 })).text).toBe('234');
  });

  it('takes the group by its ARN, of this region and account', async () => {
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:/get';
    expect((await get({ logGroupName: undefined, logGroupIdentifier: arn, limit: 1 })).text).toMatch(/^.$/);
    for (const other of [arn.replace('us-east-1', 'eu-west-1'), arn.replace('000000000000', '111111111111')]) {
      await expect(get({ logGroupName: undefined, logGroupIdentifier: other })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    }
    await expect(get({ logGroupIdentifier: arn })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    });
  });

  it('gives a token for a stream that is empty, which finds what comes', async () => {
    const { forward } = await get({ logStreamName: 'empty' });
    await parts.put('/get', 'empty', ['came'], start);
    expect((await get({ logStreamName: 'empty', nextToken: forward })).text).toBe('came');
  });

  it.each<[string, Partial<GetLogEventsCommandInput>, string]>([
    ['a made-up token', { nextToken: 'made up' }, 'The specified nextToken is invalid.'],
    ['a limit of 10,001', { limit: 10_001 }, 'less than or equal to 10000'],
    [
      'an ARN with :*',
      { logGroupName: undefined, logGroupIdentifier: 'arn:aws:logs:us-east-1:000000000000:log-group:/get:*' },
      'Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*',
    ],
  ])('refuses %s', async (_, more, message) => {
    await expect(get(more)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });
});

describe('FilterLogEvents', () => {
  const start = clock.now() - HOUR_MS;
  beforeAll(async () => {
    await parts.createGroup('/filter', 'a-1', 'a-2', 'b');
    // Interleaved in time, arriving a stream after the other.
    for (const [offset, stream] of ['a-1', 'a-2', 'b'].entries()) {
      for (let n = 0; n < 4; n += 1) {
        await parts.put('/filter', stream, [JSON.stringify({ stream, n })], start + n * 1000 + offset);
      }
    }
  });
  const filter = async (more: Partial<FilterLogEventsCommandInput> = {}) => {
    const input: FilterLogEventsCommandInput = { logGroupName: '/filter', ...more };
    const found: string[] = [];
    const ids: string[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client: parts.logs }, input)) {
      for (const { message = '', eventId = '', logStreamName } of events) {
        const { stream, n } = JSON.parse(message) as { stream: string; n: number };
        expect(stream).toBe(logStreamName);
        found.push(`${stream}:${n}`);
        ids.push(eventId);
      }
    }
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    return found;
  };
  const all = [0, 1, 2, 3].flatMap((n) => ['a-1', 'a-2', 'b'].map((stream) => `${stream}:${n}`));

  it('merges the streams by time', async () => {
    expect(await filter()).toEqual(all);
    expect(await filter({ logStreamNames: ['b', 'a-2'] })).toEqual(all.filter((name) => !name.startsWith('a-1')));
    expect(await filter({ logStreamNamePrefix: 'a' })).toEqual(all.filter((name) => name.startsWith('a')));
  });

  it.each([1, 2, 5])('gives each event once in pages of %i', async (limit) => {
    expect(await filter({ limit })).toEqual(all);
    expect(await filter({ limit, filterPattern: '{ $.n >= 2 }' })).toEqual(all.filter((name) => /[23]$/.test(name)));
  });

  it('includes startTime and endTime', async () => {
    expect(await filter({ startTime: start + 1001, endTime: start + 2000 })).toEqual(['a-2:1', 'b:1', 'a-1:2']);
  });

  it('does not skip an event that comes to an instant already passed on', async () => {
    await parts.createGroup('/filter/same', 's');
    const input = { logGroupName: '/filter/same', limit: 1 };
    await parts.put('/filter/same', 's', ['one', 'two'], start);
    const first = await parts.logs.send(new FilterLogEventsCommand(input));
    expect(first.events?.[0]?.message).toBe('one');
    const second = await parts.logs.send(new FilterLogEventsCommand({ ...input, nextToken: first.nextToken }));
    expect(second.events?.[0]?.message).toBe('two');
  });

  it.each<[string, Partial<FilterLogEventsCommandInput>, string, string]>([
    [
      'names and a prefix',
      { logStreamNames: ['b'], logStreamNamePrefix: 'a' },
      'InvalidParameterException',
      'cannot both',
    ],
    ['a stream that is not there', { logStreamNames: ['x'] }, 'ResourceNotFoundException', 'log stream does not exist'],
    ['a bad pattern', { filterPattern: 'a:b' }, 'InvalidParameterException', "Invalid character(s) in term ':'"],
    ['an end before the start', { startTime: 2, endTime: 1 }, 'InvalidParameterException', 'startTime'],
    [
      'a group that is not there',
      { logGroupName: '/x' },
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    ],
  ])('refuses %s', async (_, more, name, message) => {
    await expect(filter(more)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });
});

describe('memory', () => {
  it('is bounded: the oldest events go, and the endpoint says so once', async () => {
    const small = await startLogs({ memoryBytes: 4 * 64 * 1024 });
    try {
      await small.createGroup('/full', 'a', 'b');
      for (let n = 0; n < 100; n += 1) await small.put('/full', n % 2 === 0 ? 'a' : 'b', [`${n} ${'x'.repeat(2000)}`]);
      const { events = [] } = await small.logs.send(new FilterLogEventsCommand({ logGroupName: '/full' }));
      const left = events.map(({ message }) => Number(message?.split(' ')[0]));
      expect(left.length).toBeGreaterThan(20);
      expect(left.length).toBeLessThan(32);
      expect(left).toEqual(Array.from({ length: left.length }, (_, index) => 100 - left.length + index));
      expect(small.said.filter((line) => line.includes('oldest'))).toEqual([
        'cloudwatch-logs: stored log events reached 64.0 KiB; the oldest are let go from now on',
      ]);
    } finally {
      await small.close();
    }
  });

  it('is bounded over all regions: the oldest go, whichever region they are in', async () => {
    const small = await startLogs({ memoryBytes: 4 * 64 * 1024 });
    try {
      await small.createGroup('/old', 'a');
      for (let n = 0; n < 20; n += 1) await small.put('/old', 'a', [`${n} ${'x'.repeat(2000)}`]);
      const other = new CloudWatchLogsClient({
        endpoint: small.endpoint.url,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      const at = { logGroupName: '/new', logStreamName: 'a' };
      await other.send(new CreateLogGroupCommand({ logGroupName: at.logGroupName }));
      await other.send(new CreateLogStreamCommand(at));
      for (let n = 0; n < 20; n += 1) {
        const logEvents = [{ timestamp: Date.now(), message: `${n} ${'x'.repeat(2000)}` }];
        await other.send(new PutLogEventsCommand({ ...at, logEvents }));
      }
      const count = async (client: CloudWatchLogsClient, logGroupName: string): Promise<number> =>
        (await client.send(new FilterLogEventsCommand({ logGroupName }))).events?.length ?? 0;
      expect(await count(other, '/new')).toBe(20);
      expect(await count(small.logs, '/old')).toBeLessThan(15);
      other.destroy();
    } finally {
      await small.close();
    }
  });
});

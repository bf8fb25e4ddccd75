import {
  type CloudWatchLogsClient,
  StartLiveTailCommand,
  type StartLiveTailCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogsFixture, startLogs } from './start-logs.js';

const ARN = 'arn:aws:logs:us-east-1:000000000000:log-group:/live';
let parts: LogsFixture;
beforeAll(async () => {
  parts = await startLogs();
  await parts.createGroup('/live', 'a', 'b');
});
afterAll(() => parts.close());

const start = (more: Partial<StartLiveTailCommandInput> = {}) =>
  parts.logs.send(new StartLiveTailCommand({ logGroupIdentifiers: [ARN], ...more }));

describe('StartLiveTail', () => {
  it('streams what matches as it arrives', async () => {
    await parts.put('/live', 'a', ['before, so not shown ERROR']);
    const { responseStream } = await start({ logEventFilterPattern: 'ERROR', logStreamNamePrefixes: ['a'] });
    const kinds: string[] = [];
    const results: object[] = [];
    for await (const event of responseStream ?? []) {
      kinds.push(Object.keys(event)[0] ?? '');
      if (event.sessionStart) {
        expect(event.sessionStart).toMatchObject({ logGroupIdentifiers: [ARN], logEventFilterPattern: 'ERROR' });
        await parts.put('/live', 'a', ['ERROR one', 'fine']);
        await parts.put('/live', 'b', ['ERROR of another stream']);
      }
      results.push(...(event.sessionUpdate?.sessionResults ?? []));
      if (results.length > 0) break;
    }
    expect(kinds).toEqual(['sessionStart', 'sessionUpdate']);
    expect(results).toEqual([
      {
        logGroupIdentifier: '000000000000:/live',
        logStreamName: 'a',
        message: 'ERROR one',
        timestamp: expect.any(Number),
        ingestionTime: expect.any(Number),
      },
    ]);
  });

  it('allows fifteen sessions at a time, and counts those of clients that are gone no more', async () => {
    const own = await startLogs();
    try {
      await own.createGroup('/live');
      const client = own.newClient();
      const open = (with_: CloudWatchLogsClient) =>
        with_.send(new StartLiveTailCommand({ logGroupIdentifiers: [ARN] }));
      await Promise.all(Array.from({ length: 15 }, () => open(client)));
      await expect(open(own.logs)).rejects.toMatchObject({ name: 'LimitExceededException' });
      client.destroy();
      for (const deadline = Date.now() + 8000; ; ) {
        const opened = await open(own.logs).catch((error: Error) => error);
        if (!(opened instanceof Error)) break;
        if (Date.now() > deadline) throw opened;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await own.close();
    }
  });

  it.each<[string, Partial<StartLiveTailCommandInput>, string]>([
    ['a group that is not there', { logGroupIdentifiers: [`${ARN}-not`] }, 'ResourceNotFoundException'],
    ['a name in the place of an ARN', { logGroupIdentifiers: ['/live'] }, 'InvalidParameterException'],
    ['an ARN with :*', { logGroupIdentifiers: [`${ARN}:*`] }, 'InvalidParameterException'],
    ['a bad pattern', { logEventFilterPattern: '{ $.a }' }, 'InvalidParameterException'],
    ['streams of two groups', { logGroupIdentifiers: [ARN, ARN], logStreamNames: ['a'] }, 'InvalidParameterException'],
  ])('refuses %s', async (_, more, name) => {
    await expect(start(more)).rejects.toMatchObject({ name });
  });
});

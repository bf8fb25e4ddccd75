import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { followLogEvents } from '../../src/lib/function/follow-log-events.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { type Clock, systemClock } from '../../src/lib/shared/clock.js';
import type { Target } from '../../src/lib/target/target.js';

let endpoint: Endpoint;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
  logs = new CloudWatchLogsClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/g' }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: '/g', logStreamName: 's' }));
});
afterAll(async () => {
  logs.destroy();
  await endpoint.close();
});

const waits: number[] = [];
/** Waits a moment, however long it was asked to. */
const hasty: Clock = {
  ...systemClock,
  sleep(ms, signal) {
    waits.push(ms);
    return systemClock.sleep(5, signal);
  },
};
const follow = (signal: AbortSignal) =>
  followLogEvents(logs, {
    logGroup: '/g',
    sinceMs: Date.now() - 60_000,
    target: { kind: 'local', region: 'us-east-1' } as Target,
    clock: hasty,
    signal,
  });

it('waits where the service throttles, longer than between two looks, and goes on', async () => {
  endpoint.faults.add({
    at: 'cloudwatch-logs.FilterLogEvents',
    kind: 'error',
    code: 'ThrottlingException',
    message: 'Rate exceeded',
    times: 3,
  });
  await logs.send(
    new PutLogEventsCommand({
      logGroupName: '/g',
      logStreamName: 's',
      logEvents: [{ timestamp: Date.now(), message: 'after all' }],
    }),
  );
  const stop = new AbortController();
  for await (const { message } of follow(stop.signal)) {
    expect(message).toBe('after all');
    break;
  }
  expect(waits).toEqual([5000, 5000, 5000]);
});

it('ends with any other error', async () => {
  endpoint.faults.add({ at: 'cloudwatch-logs.FilterLogEvents', kind: 'error', code: 'AccessDeniedException' });
  await expect(follow(new AbortController().signal).next()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

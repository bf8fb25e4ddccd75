import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseCheck } from '../../src/lib/e2e/check-file/load-check-file.js';
import { parseCheckFile } from '../../src/lib/e2e/check-file/parse-check-file.js';
import { longestRetryMs } from '../../src/lib/e2e/longest-retry.js';
import { openSession } from '../../src/lib/e2e/open-session.js';
import { createPhases } from '../../src/lib/e2e/phases.js';
import { systemClock } from '../../src/lib/shared/clock.js';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
  await standing.makeFunction('reader', 'export const handler = async () => {};');
});
afterAll(() => standing.close());

async function retryOf(stream: string, settings: object | undefined): Promise<number> {
  await standing.makeStream(stream, 1);
  const lambda = await standing.clients.lambda();
  if (settings)
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
        FunctionName: 'reader',
        StartingPosition: 'LATEST',
        ...settings,
      }),
    );
  const text = `send: { put: ${stream}, payload: "{marker}" }\nhops: [{ taken: { stream: ${stream} } }]\n`;
  const file = parseCheckFile(text, '/project/pipectl.yaml');
  const phases = createPhases(systemClock, () => {});
  const session = await openSession(
    {
      file,
      check: chooseCheck(file),
      clients: standing.clients,
      clock: systemClock,
      environment: {},
      deploy: false,
      keep: false,
      disposable: true,
      recorderWishes: { addresses: new Map(), failModes: new Map() },
      signal: new AbortController().signal,
      onEvent: () => {},
    },
    phases,
  );
  try {
    return await longestRetryMs(session);
  } finally {
    await session.close(phases);
  }
}

it.each([
  ['no mapping', undefined, 0],
  ['without end', { MaximumRetryAttempts: -1 }, Number.POSITIVE_INFINITY],
  ['until records are too old', { MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: 60 }, 60_000],
  ['no retry, with a batching window', { MaximumRetryAttempts: 0, MaximumBatchingWindowInSeconds: 5 }, 8000],
  // Three attempts of the function's 3 s, and pauses of 1 s and 2 s.
  ['two retries', { MaximumRetryAttempts: 2 }, 12_000],
])('the longest retry: %s', async (name, settings, expected) => {
  expect(await retryOf(name.replace(/\W+/g, '-'), settings)).toBe(expected);
});

// boto3 from PyPI: everything it can do with Kinesis, waiters and paginators included, and the bounds of Kinesis and CloudWatch Logs.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { describeWith } from './needs.js';
import { pythonTools } from './python.js';
import { awsEnvironment, fixture, run } from './tools.js';

describeWith(['python3'], 'boto3', () => {
  let endpoint: Endpoint;
  let bin: string;
  beforeAll(async () => {
    bin = await pythonTools('boto3');
    endpoint = await startEndpoint();
  }, 180_000);
  afterAll(() => endpoint.close());

  test('does everything of Kinesis', async () => {
    const out = await run(join(bin, 'python'), [fixture('kinesis_everything.py')], {
      env: awsEnvironment(endpoint.url),
    });
    const checks = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; ok: boolean; error?: string });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThanOrEqual(22);
  }, 90_000);

  test.each([
    ['kinesis', 400],
    ['logs', 300],
  ])(
    'is refused whatever breaks a constraint of the published model of %s',
    async (service, atLeast) => {
      // -B: one fixture imports another, and the folder is to stay as it is.
      const out = await run(join(bin, 'python'), ['-B', fixture(`${service}_constraints.py`)], {
        env: awsEnvironment(endpoint.url),
      });
      const lines = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { tried?: number });
      expect(lines.slice(0, -1)).toEqual([]);
      expect(lines.at(-1)?.tried).toBeGreaterThan(atLeast);
    },
    90_000,
  );
});

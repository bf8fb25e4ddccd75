// DynamoDB and its streams by boto3 from PyPI: the table resource, conditions, paginators, waiters, batches, transactions.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { describeWith } from './needs.js';
import { pythonTools } from './python.js';
import { awsEnvironment, fixture, run } from './tools.js';

describeWith(['python3'], 'boto3 and DynamoDB', () => {
  let endpoint: Endpoint;
  let bin: string;
  beforeAll(async () => {
    bin = await pythonTools('boto3');
    endpoint = await startEndpoint();
  }, 180_000);
  afterAll(() => endpoint.close());

  test('agree', async () => {
    const out = await run(join(bin, 'python'), [fixture('dynamodb.py')], { env: awsEnvironment(endpoint.url) });
    const checks = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; ok: boolean; error?: string });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBe(8);
  }, 120_000);
});

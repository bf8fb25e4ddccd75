// Kinesis by the AWS SDK for Go v2.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { describeWith } from './needs.js';
import { awsEnvironment, cacheFolder, fixture, run } from './tools.js';

describeWith(['go'], 'the SDK for Go', () => {
  let endpoint: Endpoint;
  let program: string;
  beforeAll(async () => {
    program = join(await cacheFolder('go'), 'kinesis');
    await run('go', ['build', '-o', program, '.'], { cwd: fixture('go') });
    endpoint = await startEndpoint();
  }, 240_000);
  afterAll(() => endpoint.close());

  test('makes a stream, waits, writes, reads, pages, subscribes, and knows the error it meets', async () => {
    const seen: unknown = JSON.parse(await run(program, [], { env: awsEnvironment(endpoint.url) }));
    expect(seen).toEqual({
      failed: 0,
      shards: 3,
      read: 10,
      data: Buffer.of(0, 255, 9).toString('base64'),
      arrivedAgoMs: expect.any(Number),
      pushed: 10,
      missing: 'Stream nowhere under account 000000000000 not found.',
    });
    expect((seen as { arrivedAgoMs: number }).arrivedAgoMs).toBeLessThan(30_000);
  }, 60_000);
});

// Kinesis by the AWS SDK for Rust.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { describeWith } from './needs.js';
import { awsEnvironment, cacheFolder, fixture, run } from './tools.js';

describeWith(['cargo'], 'the SDK for Rust', () => {
  let endpoint: Endpoint;
  let target: string;
  beforeAll(async () => {
    target = await cacheFolder('rust');
    await run('cargo', ['build', '--quiet', '--locked'], { cwd: fixture('rust'), env: { CARGO_TARGET_DIR: target } });
    endpoint = await startEndpoint();
  }, 300_000);
  afterAll(() => endpoint.close());

  test('makes a stream, writes, reads, is pushed records, and knows the error it meets', async () => {
    const program = join(target, 'debug', 'pipectl-interop');
    const seen = JSON.parse(await run(program, [], { env: awsEnvironment(endpoint.url) })) as { arrived: number };
    const arrived = expect.any(Number);
    expect(seen).toEqual({ failed: 0, read: 10, data: [0, 255, 9], arrived, pushed: 10, missing: true });
    expect(Math.abs(seen.arrived - Date.now() / 1000)).toBeLessThan(60);
  }, 60_000);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { identifyServer } from '../../src/lib/e2e/identify-server.js';
import { serverCaveats } from '../../src/lib/e2e/server-caveats.js';
import { waitForServer } from '../../src/lib/e2e/wait-for-server.js';
import { systemClock } from '../../src/lib/shared/clock.js';
import type { Target } from '../../src/lib/target/target.js';
import { freePort } from './free-port.js';

let server: Server | undefined;
afterEach(() => server?.close());
const signal = new AbortController().signal;

async function serve(health: unknown, port = 0): Promise<Target> {
  server = createServer((request, response) => {
    if (request.url === '/_localstack/health' && health !== undefined) response.end(JSON.stringify(health));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  return target(taken);
}

const target = (port: number): Target => ({
  kind: 'localstack',
  endpointUrl: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  profile: undefined,
  why: 'test',
});

describe('identifyServer', () => {
  it.each([
    [{ services: {}, edition: 'community', version: '4.14.0' }, 'LocalStack 4.14.0 (community)'],
    [{ services: {}, edition: 'unknown', version: '4.14.0' }, 'LocalStack 4.14.0'],
    [{ services: {}, edition: 'light', version: '1.5.33' }, 'MiniStack 1.5.33'],
    [{ services: {}, edition: 'pipectl', version: '0.1.0' }, 'pipectl local 0.1.0'],
  ])('%j', async (health, name) => {
    expect(await identifyServer(await serve(health), signal)).toBe(name);
  });
  it('calls what does not say by its URL, and AWS by its name', async () => {
    const mute = await serve(undefined);
    expect(await identifyServer(mute, signal)).toBe(mute.endpointUrl);
    expect(await identifyServer({ ...mute, endpointUrl: undefined }, signal)).toBe('AWS');
  });
  it('knows what stand-ins lack, and of others nothing', () => {
    expect(serverCaveats('LocalStack 4.14.0 (community)').join()).toContain('shard limits');
    expect(serverCaveats('LocalStack 4.14.0 (community)').join()).toContain('every line pass');
    expect(serverCaveats('LocalStack 4.14.0 (pro)').join()).not.toContain('every line pass');
    expect(serverCaveats('MiniStack 1.5.33').join()).toContain('MaximumRetryAttempts');
    expect(serverCaveats('pipectl local 0.1.0')).toEqual([]);
    expect(serverCaveats('AWS')).toEqual([]);
  });
});

describe('waitForServer', () => {
  const wait = (where: Target, withinMs: number, told: string[] = []) =>
    waitForServer(where, { clock: systemClock, signal, withinMs, onWaiting: (text) => told.push(text) });

  it('says what to do when nothing answers', async () => {
    const nowhere = target(await freePort());
    const told: string[] = [];
    await expect(wait(nowhere, 600, told)).rejects.toMatchObject({
      exitCode: 1,
      message: `Nothing answers at ${nowhere.endpointUrl}/_localstack/health.`,
      hint: expect.stringMatching(/localstack start.*\n.*leave --localstack out/),
    });
    expect(told).toEqual([`waiting for ${nowhere.endpointUrl}/_localstack/health`]);
  });

  it('waits for one that is only just starting', async () => {
    const port = await freePort();
    const waiting = wait(target(port), 20_000);
    await systemClock.sleep(300);
    await serve({ services: { kinesis: 'available' }, version: '4.14.0' }, port);
    await waiting;
  });

  it('names services that are switched off', async () => {
    const where = await serve({ services: { kinesis: 'running', logs: 'disabled', lambda: 'disabled' } });
    await expect(wait(where, 0)).rejects.toThrow(`${where.endpointUrl} runs with logs, lambda switched off.`);
  });
});

import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HttpRecorder, HttpRecorderSpec } from '../../src/lib/e2e/recorder/create-http-recorder.js';
import type { RecorderPlan, StartedRecorders } from '../../src/lib/e2e/recorder/recorder.js';
import { startHttpRecorders } from '../../src/lib/e2e/recorder/start-http-recorders.js';
import { type FailMode, parseFailModes } from '../../src/lib/project/fail-mode.js';
import type { RecorderAddress } from '../../src/lib/project/recorder-address.js';
import { systemClock } from '../../src/lib/shared/clock.js';
import { freePort } from './free-port.js';

type Recorders = StartedRecorders<HttpRecorder>;

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

const waitedFor: string[] = [];
async function startAll(...plans: RecorderPlan<HttpRecorderSpec>[]): Promise<Recorders> {
  const recorders = await startHttpRecorders(plans, {
    clock: systemClock,
    signal: new AbortController().signal,
    onWaiting: (text) => waitedFor.push(text),
  });
  running.push(recorders);
  return recorders;
}

const named = (recorders: Recorders, name: string): HttpRecorder => {
  const recorder = recorders.byName.get(name);
  if (!recorder) throw new Error(`no recorder ${name}`);
  return recorder;
};

async function start(fail = '', more: { token?: string; format?: 'ndjson' | 'json' } = {}) {
  const modes: FailMode[] = fail === '' ? [] : (parseFailModes(fail) ?? []);
  const spec = { kind: 'path' as const, path: '/v0/events', format: more.format ?? ('ndjson' as const), fail: modes };
  const recorders = await startAll({ name: 'r', spec: { ...spec, ...(more.token && { token: more.token }) } });
  const recorder = named(recorders, 'r');
  const rows: string[] = [];
  recorder.onRow((text) => rows.push(text));
  const post = async (body: string | Buffer, init: RequestInit = {}, suffix = ''): Promise<number | string> => {
    try {
      const response = await fetch(`${recorder.url}${suffix}`, {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(300),
        ...init,
      });
      await response.text();
      return response.status;
    } catch (error) {
      return (error as Error).name;
    }
  };
  return { recorder, rows, post };
}

describe('the recorder', () => {
  it('takes NDJSON, whatever the query, plain or gzipped', async () => {
    const { rows, post, recorder: own } = await start();
    expect(await post('{"a":1}\n{"a":2}\n', {}, '?name=events')).toBe(202);
    expect(await post(gzipSync('{"a":3}\n'), { headers: { 'content-encoding': 'gzip' } })).toBe(202);
    expect(rows).toEqual(['{"a":1}', '{"a":2}', '{"a":3}']);
    expect(own.taken).toBe(2);
  });

  it('takes JSON documents', async () => {
    const { rows, post } = await start('', { format: 'json' });
    expect(await post('[{"a":1},{"a":2}]')).toBe(202);
    expect(rows).toEqual(['{"a":1}', '{"a":2}']);
  });

  it('refuses what is wrong, and remembers why', async () => {
    const { rows, post, recorder: own } = await start('', { token: 't0k3n' });
    const authorized = { headers: { authorization: 'Bearer t0k3n' } };
    expect(await post('{}')).toBe(403);
    expect(await post('{', authorized)).toBe(400);
    expect(await post('{}', { ...authorized, method: 'PUT' })).toBe(405);
    expect(await post('{}', authorized, '/deeper')).toBe(404);
    expect(await post('{}', authorized)).toBe(202);
    expect(rows).toEqual(['{}']);
    expect(own.refusals.map(({ status, asked }) => [status, asked])).toEqual([
      [403, false],
      [400, false],
      [405, false],
      [404, false],
    ]);
    expect(own.refusals[0]?.why).not.toContain('t0k3n');
  });

  it.each([
    ['503 x2', [503, 503, 202, 202], 2],
    ['500 always', [500, 500, 500, 500], 0],
    ['late 503 x1', [503, 202, 202, 202], 4],
    ['reset x1', ['TypeError', 202, 202, 202], 3],
    ['hang x1, 429 x1', ['TimeoutError', 429, 202, 202], 2],
  ])('fails as it is told: %s', async (fail, expected, taken) => {
    const { rows, post } = await start(fail);
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await post(`{"id":"pe2e0123456789e${n}z"}`));
    expect(answers).toEqual(expected);
    expect(rows).toHaveLength(taken);
  });

  it('counts from the first request that holds an event, also in base64', async () => {
    const { post } = await start('503 x1');
    const event = Buffer.from('pe2e0123456789e0z').toString('base64');
    const answers = [];
    for (const id of ['prime', 'pe2e0123456789c0z', 'pe2e0123456789d0z', event, event])
      answers.push(await post(JSON.stringify({ id })));
    expect(answers).toEqual([202, 202, 202, 503, 202]);
  });

  it('fails a share of the requests, the same ones each time', async () => {
    const refused = async (): Promise<number[]> => {
      const { post } = await start('503 30%');
      const answers = [];
      for (let request = 0; request < 40; request += 1) answers.push(await post('{}'));
      return answers.flatMap((status, index) => (status === 503 ? [index] : []));
    };
    const first = await refused();
    expect(first.length).toBeGreaterThan(4);
    expect(first.length).toBeLessThan(22);
    expect(await refused()).toEqual(first);
  });

  it('says when its port is taken by somebody else', async () => {
    const other = createServer((_, response) => void response.end());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const second = startAll(plan('s', '/', { base: undefined, host: '127.0.0.1', port }));
    await expect(second).rejects.toMatchObject({
      exitCode: 1,
      message: `Port ${port} is taken, so the recorder s cannot listen there.`,
    });
    other.close();
  });

  it('waits for a port that the recorder of another run has, which does not take that for a request', async () => {
    const port = await freePort();
    const address = { base: undefined, host: '127.0.0.1', port };
    const first = await startAll(plan('first', '/in', address));
    const second = startAll(plan('second', '/in', address));
    await vi.waitFor(() =>
      expect(waitedFor.at(-1)).toBe(
        `another run of e2e has a recorder at port ${port}; waiting up to 5m for it to end`,
      ),
    );
    expect(named(first, 'first').refusals).toEqual([]);
    await first.close();
    expect(named(await second, 'second').url).toBe(`http://127.0.0.1:${port}/in`);
  });
});

const plan = (name: string, path: string, address?: RecorderAddress): RecorderPlan<HttpRecorderSpec> => ({
  name,
  spec: { kind: 'path', path, format: 'ndjson', fail: [] },
  address,
});

describe('several recorders', () => {
  const post = async (url: string, body: string): Promise<number> => {
    const response = await fetch(url, { method: 'POST', body });
    await response.text();
    return response.status;
  };
  const rowsOf = (recorders: Recorders, name: string): string[] => {
    const rows: string[] = [];
    named(recorders, name).onRow((text) => rows.push(text));
    return rows;
  };

  it('have a port each unless told otherwise', async () => {
    const recorders = await startAll(plan('a', '/'), plan('b', '/'));
    const ports = ['a', 'b'].map((name) => new URL(named(recorders, name).url).port);
    expect(new Set(ports).size).toBe(2);
  });

  it('share a port that is named for both, each at its path', async () => {
    const address = { base: undefined, host: '127.0.0.1', port: await freePort() };
    const recorders = await startAll(plan('a', '/v0/events', address), plan('b', '/rows', address));
    const [a, b] = [rowsOf(recorders, 'a'), rowsOf(recorders, 'b')];
    expect(named(recorders, 'b').url).toBe(`http://127.0.0.1:${address.port}/rows`);
    expect(await post(named(recorders, 'a').url, '{"to":"a"}')).toBe(202);
    expect(await post(named(recorders, 'b').url, '{"to":"b"}')).toBe(202);
    expect(await post(`http://127.0.0.1:${address.port}/elsewhere`, '{}')).toBe(404);
    expect([a, b]).toEqual([['{"to":"a"}'], ['{"to":"b"}']]);
    expect(named(recorders, 'a').refusals.map(({ why }) => why)).toEqual([
      'events go to /v0/events, not to /elsewhere',
    ]);
  });

  it('cannot share a path of one port', async () => {
    const address = { base: undefined, host: '127.0.0.1', port: await freePort() };
    await expect(startAll(plan('a', '/', address), plan('b', '/', address))).rejects.toMatchObject({
      exitCode: 2,
      message: `The recorders a and b both listen at / of port ${address.port}.`,
    });
  });

  it('leave nothing listening when one of them cannot start', async () => {
    const [taken, free] = [await freePort(), await freePort()];
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
    running.push({ close: () => new Promise((resolve) => other.close(() => resolve())) });
    other.on('connection', (socket) => socket.destroy());
    const both = startAll(
      plan('a', '/', { base: undefined, host: '127.0.0.1', port: free }),
      plan('b', '/', { base: undefined, host: '127.0.0.1', port: taken }),
    );
    await expect(both).rejects.toThrow('the recorder b cannot listen there');
    await expect(post(`http://127.0.0.1:${free}/`, '{}')).rejects.toThrow('fetch failed');
  });

  it.each([
    ['as they come', '', (path: string) => path],
    ['with its own path taken away', '/hook', (path: string) => path.replace(/^\/hook/, '')],
    ['with its own path left', '/hook', (path: string) => path],
  ])('stand behind one reverse proxy that hands requests on %s', async (_, prefix, rewrite) => {
    const port = await freePort();
    const proxy = await reverseProxy(port, rewrite);
    const address = { base: `${proxy.url}${prefix}`, host: '127.0.0.1', port };
    const recorders = await startAll(plan('a', '/v0/events', address), plan('b', '/rows', address));
    const [a, b] = [rowsOf(recorders, 'a'), rowsOf(recorders, 'b')];
    expect(named(recorders, 'a').url).toBe(`${proxy.url}${prefix}/v0/events`);
    expect(await post(`${named(recorders, 'a').url}?name=x`, '{"to":"a"}\n')).toBe(202);
    expect(await post(named(recorders, 'b').url, '{"to":"b"}\n')).toBe(202);
    expect([a, b]).toEqual([['{"to":"a"}'], ['{"to":"b"}']]);
  });

  /** What stands at the far end of a tunnel: takes requests at a port of its own and hands them to `port`. */
  async function reverseProxy(port: number, rewrite: (path: string) => string): Promise<{ url: string }> {
    const server = createServer((request, response) => {
      const onwards = httpRequest(
        {
          ...{ host: '127.0.0.1', port, method: request.method, path: rewrite(request.url ?? '/') },
          headers: { ...request.headers, 'x-forwarded-for': '203.0.113.7' },
        },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(onwards);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running.push({
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
});

import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type Recorder, startRecorder } from '../../src/lib/e2e/recorder/start-recorder.js';
import { type FailMode, parseFailModes } from '../../src/lib/project/fail-mode.js';
import { systemClock } from '../../src/lib/shared/clock.js';

let recorder: Recorder | undefined;
afterEach(async () => recorder?.close());

async function start(fail = '', more: { token?: string; format?: 'ndjson' | 'json' } = {}) {
  const modes: FailMode[] = fail === '' ? [] : (parseFailModes(fail) ?? []);
  const spec = { path: '/v0/events', format: more.format ?? ('ndjson' as const), fail: modes };
  recorder = await startRecorder({
    name: 'r',
    clock: systemClock,
    spec: { ...spec, ...(more.token && { token: more.token }) },
  });
  const rows: string[] = [];
  recorder.onRow((text) => rows.push(text));
  const post = async (body: string | Buffer, init: RequestInit = {}, suffix = ''): Promise<number | string> => {
    try {
      const response = await fetch(`${recorder?.url}${suffix}`, {
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
    for (let request = 0; request < 4; request += 1) answers.push(await post(`{"request":${request}}`));
    expect(answers).toEqual(expected);
    expect(rows).toHaveLength(taken);
  });

  it('fails a share of the requests, the same ones each time', async () => {
    const refused = async (): Promise<number[]> => {
      const { post } = await start('503 30%');
      const answers = [];
      for (let request = 0; request < 40; request += 1) answers.push(await post('{}'));
      await recorder?.close();
      return answers.flatMap((status, index) => (status === 503 ? [index] : []));
    };
    const first = await refused();
    expect(first.length).toBeGreaterThan(4);
    expect(first.length).toBeLessThan(22);
    expect(await refused()).toEqual(first);
  });

  it('says when its port is taken', async () => {
    const { recorder: own } = await start();
    const port = Number(new URL(own.url).port);
    const second = startRecorder({
      name: 's',
      clock: systemClock,
      spec: { path: '/', format: 'json', fail: [] },
      reachableAt: { base: undefined, host: '127.0.0.1', port },
    });
    await expect(second).rejects.toMatchObject({
      exitCode: 1,
      message: `Port ${port} is taken, so the recorder s cannot listen there.`,
    });
  });
});

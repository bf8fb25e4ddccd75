import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SplitShardCommand, UpdateMaxRecordSizeCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { succeeded } from '../../src/lib/produce/load-result.js';
import { produce } from '../../src/lib/produce/produce.js';
import { localKinesis } from '../stream/local-kinesis.js';
import { makeStream, planOf, readAll } from './local-load.js';

const local = localKinesis({ limits: 'off' });
const limited = localKinesis({ limits: 'on' });
const folder = mkdtempSync(join(tmpdir(), 'pipectl-produce-'));
const never = new AbortController().signal;
const linesOf = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const jsonOf = (data: Buffer): Record<string, unknown> => JSON.parse(data.toString()) as Record<string, unknown>;

describe('what was sent is there', () => {
  it('exactly so many, each once, spread over the shards', async () => {
    await makeStream(local.kinesis, 'exact', 3);
    const result = await produce(planOf(local.endpoint.url, 'exact', { count: 5003 }), { signal: never });
    expect(result.records).toMatchObject({ sent: 5003, acknowledged: 5003, failed: 0, rejected: 0, resent: 0 });
    expect(succeeded(result)).toBe(true);
    const stored = await readAll(local.kinesis, 'exact');
    expect(stored).toHaveLength(5003);
    expect(new Set(stored.map(({ data }) => data.toString())).size).toBeGreaterThan(5000);
    for (const shard of result.shards)
      expect(stored.filter(({ shardId }) => shardId === shard.shardId)).toHaveLength(shard.records);
  });

  it('the same bytes and keys for the same seed, also from two workers', async () => {
    await makeStream(local.kinesis, 'seed-a');
    await makeStream(local.kinesis, 'seed-b');
    const more = { count: 700, data: { kind: 'schema', name: 'transaction' } as const };
    await produce(planOf(local.endpoint.url, 'seed-a', more), { signal: never });
    const shared = await produce(planOf(local.endpoint.url, 'seed-b', { ...more, workers: 2 }), { signal: never });
    expect(shared.records.acknowledged).toBe(700);
    const linesOf = async (stream: string) =>
      (await readAll(local.kinesis, stream)).map(({ partitionKey, data }) => `${partitionKey} ${data}`).sort();
    expect(await linesOf('seed-b')).toEqual(await linesOf('seed-a'));
  });

  it('a file, byte for byte, and what is not JSON in it is reported and fails the run', async () => {
    await makeStream(local.kinesis, 'lines');
    const path = join(folder, 'events.ndjson');
    const failures = join(folder, 'failures.ndjson');
    writeFileSync(path, '{"id":"a",  "n":1}\nbroken\n{"id":"b","city":"Zürich"}\n{"n":3}\n');
    const result = await produce(
      planOf(local.endpoint.url, 'lines', {
        count: undefined,
        data: { kind: 'lines', path, json: true, timeField: undefined, speed: 1 },
        keys: { kind: 'field', path: ['id'] },
      }),
      { signal: never, failuresFile: failures },
    );
    expect(result.records).toMatchObject({ acknowledged: 2, rejected: 2 });
    expect(succeeded(result)).toBe(false);
    const stored = await readAll(local.kinesis, 'lines');
    expect(stored.map(({ partitionKey, data }) => [partitionKey, data.toString()])).toEqual([
      ['a', '{"id":"a",  "n":1}'],
      ['b', '{"id":"b","city":"Zürich"}'],
    ]);
    const lines = linesOf(failures);
    expect(lines).toMatchObject([
      { line: 2, code: 'Malformed', data: Buffer.from('broken').toString('base64') },
      { line: 4, code: 'Malformed', message: 'no id to take the partition key from' },
    ]);
  });

  it('a file that ends before the duration is over, with nothing missing', async () => {
    await makeStream(local.kinesis, 'short-file');
    const path = join(folder, 'short.ndjson');
    writeFileSync(path, '{"n":1}\n\n{"n":2}\n{"n":3}\n');
    const plan = planOf(local.endpoint.url, 'short-file', {
      rate: { unit: 'records', perSecond: 100 },
      count: undefined,
      durationMs: 60_000,
      data: { kind: 'lines', path, json: true, timeField: undefined, speed: 1 },
    });
    for (const workers of [1, 2]) {
      const result = await produce({ ...plan, workers }, { signal: never });
      expect(result).toMatchObject({ reached: true, due: 3, unsent: 0, records: { acknowledged: 3, blank: 1 } });
      expect(succeeded(result)).toBe(true);
    }
  });

  it('a ramp down to nothing, which ends the run', async () => {
    await makeStream(local.kinesis, 'fading');
    const ramp = { from: 100, to: 0, overMs: 400 };
    const result = await produce(planOf(local.endpoint.url, 'fading', { ramp, count: undefined }), { signal: never });
    expect(result).toMatchObject({ due: 20, scheduledMs: 400, reached: true, records: { acknowledged: 20 } });
  });

  it('a file to its end also with one call in flight, and no line feed at the end', async () => {
    await makeStream(local.kinesis, 'narrow-file');
    const path = join(folder, 'narrow.ndjson');
    writeFileSync(path, Array.from({ length: 9000 }, (_, n) => JSON.stringify({ n, pad: 'x'.repeat(200) })).join('\n'));
    const data = { kind: 'lines', path, json: true, timeField: undefined, speed: 1 } as const;
    const plan = planOf(local.endpoint.url, 'narrow-file', { count: undefined, data, maxInFlight: 1 });
    expect((await produce(plan, { signal: never })).records.acknowledged).toBe(9000);
  });

  it('records larger than the stream takes are reported, larger ones where it takes them are sent', async () => {
    await makeStream(local.kinesis, 'large');
    const path = join(folder, 'large.ndjson');
    const big = JSON.stringify({ pad: 'x'.repeat(2 * 1024 * 1024) });
    writeFileSync(path, `{"n":1}\n${big}\n{"n":3}\n`);
    const plan = planOf(local.endpoint.url, 'large', {
      count: undefined,
      data: { kind: 'lines', path, json: true, timeField: undefined, speed: 1 },
    });
    const failures = join(folder, 'oversized.ndjson');
    const small = await produce(plan, { signal: never, failuresFile: failures });
    expect(small.records).toMatchObject({ acknowledged: 2, rejected: 1 });
    expect(linesOf(failures)).toEqual([
      {
        line: 2,
        n: 1,
        partitionKey: expect.any(String),
        code: 'Oversized',
        message: expect.stringContaining('at most 1048576'),
        data: Buffer.from(big).toString('base64'),
      },
    ]);
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/large';
    await local.kinesis.send(new UpdateMaxRecordSizeCommand({ StreamARN: arn, MaxRecordSizeInKiB: 4096 }));
    await expect
      .poll(
        async () => (await produce({ ...plan, recordLimitBytes: 4096 * 1024 }, { signal: never })).records.acknowledged,
      )
      .toBe(3);
  });
});

describe('what is refused', () => {
  it('is sent again, alone, until it is in: nothing lost, nothing doubled', async () => {
    await makeStream(limited.kinesis, 'tight');
    const result = await produce(
      planOf(limited.endpoint.url, 'tight', {
        count: 2500,
        maxAttempts: 1,
        data: { kind: 'schema', name: 'log-event' },
      }),
      { signal: never },
    );
    expect(result.records).toMatchObject({ acknowledged: 2500, failed: 0 });
    expect(result.records.throttled).toBeGreaterThan(0);
    expect(result.records.resent).toBe(result.records.throttled);
    expect(result.shards[0]?.throttled).toBe(result.records.throttled);
    const stored = await readAll(limited.kinesis, 'tight');
    expect(new Set(stored.map(({ data }) => jsonOf(data).requestId)).size).toBe(2500);
    expect(stored).toHaveLength(2500);
  });

  it('goes on at the pace of the children where its shard splits on the way', async () => {
    await makeStream(limited.kinesis, 'splitting');
    const shards = [
      {
        shardId: 'shardId-000000000000',
        hashShare: 1,
        range: { startHashKey: '0', endHashKey: String(2n ** 128n - 1n) },
      },
    ];
    let split: Promise<unknown> | undefined;
    const result = await produce(planOf(limited.endpoint.url, 'splitting', { count: 9000, maxAttempts: 1, shards }), {
      signal: never,
      onMoment: () => {
        split ??= limited.kinesis.send(
          new SplitShardCommand({
            StreamName: 'splitting',
            ShardToSplit: 'shardId-000000000000',
            NewStartingHashKey: String(2n ** 127n),
          }),
        );
      },
    });
    await split;
    expect(result.records).toMatchObject({ sent: 9000, acknowledged: 9000, failed: 0 });
    expect(result.shards.map(({ shardId }) => shardId)).toEqual(
      [0, 1, 2].map((index) => `shardId-00000000000${index}`),
    );
    expect(await readAll(limited.kinesis, 'splitting')).toHaveLength(9000);
  });

  it('is given up when its attempts are used up, written to the failures file, and fails the run', async () => {
    await makeStream(limited.kinesis, 'hopeless');
    const failures = join(folder, 'hopeless.ndjson');
    const result = await produce(
      planOf(limited.endpoint.url, 'hopeless', {
        count: 4000,
        rate: { unit: 'records', perSecond: 50_000 },
        maxAttempts: 1,
      }),
      {
        signal: never,
        failuresFile: failures,
      },
    );
    const { acknowledged, failed, sent } = result.records;
    expect(sent).toBe(4000);
    expect(acknowledged + failed).toBe(4000);
    expect(failed).toBeGreaterThan(1000);
    expect(succeeded(result)).toBe(false);
    const lines = linesOf(failures);
    expect(lines).toHaveLength(failed);
    expect(lines[0]).toMatchObject({ code: 'ProvisionedThroughputExceededException', attempts: 1 });
    const stored = await readAll(limited.kinesis, 'hopeless');
    const all = [...stored.map(({ data }) => data.toString('base64')), ...lines.map((line) => line.data)];
    expect(new Set(all).size).toBeGreaterThan(3990);
    expect(all).toHaveLength(4000);
  });

  it.runIf(process.platform === 'linux')(
    'is still counted when the failures file is full, and that is told',
    async () => {
      const told: string[] = [];
      const plan = planOf(local.endpoint.url, 'no-such-stream', { count: 20 });
      const result = await produce(plan, {
        signal: never,
        failuresFile: '/dev/full',
        onIncompleteFile: (problem) => told.push(problem),
      });
      expect(result.records.failed).toBe(20);
      expect(told).toEqual(['--failures: /dev/full is not complete: no space is left on its device.']);
    },
  );

  it('because it is too large, every one of them, ends a run that would have no end', async () => {
    await makeStream(local.kinesis, 'all-large');
    // With its key a record of 1 MiB is a little more than that.
    const plan = planOf(local.endpoint.url, 'all-large', { count: undefined, sizeBytes: 1024 * 1024 });
    const result = await produce(plan, { signal: never });
    expect(result.endedBy?.message).toBe('the first 100 records were all larger than the stream takes');
    expect(result.records).toMatchObject({ sent: 0, rejected: 100 });
  });

  it('by an error that nothing mends ends the run and says why', async () => {
    const result = await produce(planOf(local.endpoint.url, 'no-such-stream', { count: 100_000 }), { signal: never });
    expect(result.endedBy).toMatchObject({ code: 'ResourceNotFoundException' });
    expect(result.records.acknowledged).toBe(0);
    expect(succeeded(result)).toBe(false);
  });

  it('by a service that fails for a moment is sent again', async () => {
    await makeStream(local.kinesis, 'shaky');
    local.endpoint.faults.add({
      at: 'kinesis.PutRecords',
      kind: 'error',
      code: 'InternalFailureException',
      message: 'now and then',
      times: 3,
    });
    const result = await produce(planOf(local.endpoint.url, 'shaky', { count: 2000 }), { signal: never });
    expect(result.records).toMatchObject({ acknowledged: 2000, failed: 0, failedCalls: 3 });
    expect(await readAll(local.kinesis, 'shaky')).toHaveLength(2000);
  });
});

describe('order', () => {
  it('is kept for each partition key while records are refused and sent again', async () => {
    await makeStream(limited.kinesis, 'ordered');
    const path = join(folder, 'ordered.ndjson');
    const lines = Array.from({ length: 1500 }, (_, n) => JSON.stringify({ key: `k${n % 40}`, n }));
    writeFileSync(path, lines.join('\n'));
    const result = await produce(
      planOf(limited.endpoint.url, 'ordered', {
        count: undefined,
        data: { kind: 'lines', path, json: true, timeField: undefined, speed: 1 },
        keys: { kind: 'field', path: ['key'] },
        ordered: true,
        maxAttempts: 1,
      }),
      { signal: never },
    );
    expect(result.records).toMatchObject({ acknowledged: 1500, failed: 0 });
    expect(result.records.throttled).toBeGreaterThan(0);
    const last = new Map<string, number>();
    for (const { partitionKey, data } of await readAll(limited.kinesis, 'ordered')) {
      const n = Number(jsonOf(data).n);
      expect(n).toBeGreaterThan(last.get(partitionKey) ?? -1);
      last.set(partitionKey, n);
    }
  });
});

describe('the schedule', () => {
  it('sends each record when it is due, and no more than are due', async () => {
    await makeStream(local.kinesis, 'paced');
    const moments: number[] = [];
    const result = await produce(
      planOf(local.endpoint.url, 'paced', {
        count: undefined,
        rate: { unit: 'records', perSecond: 2000 },
        durationMs: 2500,
      }),
      { signal: never, onMoment: ({ totalSent, elapsedMs }) => moments.push(totalSent - (elapsedMs * 2000) / 1000) },
    );
    expect(result.records.acknowledged).toBe(5000);
    expect(result).toMatchObject({ reached: true, unsent: 0, target: { unit: 'records', perSecond: 2000 } });
    for (const ahead of moments.slice(0, -1)) expect(ahead).toBeLessThanOrEqual(16);
  });

  it('tells that a rate was not reached, and how much was not sent', async () => {
    await makeStream(limited.kinesis, 'narrow');
    const result = await produce(
      planOf(limited.endpoint.url, 'narrow', {
        count: undefined,
        rate: { unit: 'records', perSecond: 3000 },
        durationMs: 2000,
        maxAttempts: 100,
      }),
      { signal: never },
    );
    expect(result.reached).toBe(false);
    expect(result.achievedPerSecond).toBeLessThan(2500);
    expect(result.records.acknowledged + result.records.failed + (result.unsent ?? 0)).toBe(6000);
  });

  it('measures latency from the time a record was due, not from when it was sent', async () => {
    await makeStream(local.kinesis, 'slow');
    local.endpoint.faults.add({ at: 'kinesis.PutRecords', kind: 'delay', delayMs: 600, times: 1 });
    const result = await produce(
      planOf(local.endpoint.url, 'slow', {
        count: undefined,
        rate: { unit: 'records', perSecond: 500 },
        durationMs: 1000,
        maxInFlight: 1,
      }),
      { signal: never },
    );
    expect(result.records.acknowledged).toBe(500);
    // One call took 600 ms; all the records that fell due meanwhile waited too, and say so.
    expect(result.callMs?.p90).toBeLessThan(300);
    expect(result.callMs?.p90).toBeGreaterThan(0);
    expect(result.callMs?.max).toBeGreaterThanOrEqual(590);
    expect(result.latencyMs?.p50).toBeGreaterThan(100);
  });

  it('is cut short by an abort: what is in flight is flushed and counted', async () => {
    await makeStream(local.kinesis, 'interrupted');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 400);
    const result = await produce(
      planOf(local.endpoint.url, 'interrupted', { count: undefined, rate: { unit: 'records', perSecond: 1000 } }),
      { signal: stop.signal },
    );
    expect(result).toMatchObject({ interrupted: true, reached: true });
    expect(result.records.acknowledged).toBe(result.records.sent);
    expect(await readAll(local.kinesis, 'interrupted')).toHaveLength(result.records.acknowledged);
  });
});

describe('workers', () => {
  it('end the run with the error of the one that cannot begin, in its own words', async () => {
    const plan = planOf(local.endpoint.url, 'no-such-stream', { count: 10, aggregate: true, workers: 2 });
    await expect(produce(plan, { signal: never })).rejects.toMatchObject({
      name: 'OperationError',
      message: expect.stringContaining('no-such-stream'),
    });
  });

  it('keep the pace, the count and Ctrl-C between them', async () => {
    await makeStream(local.kinesis, 'together');
    const stop = new AbortController();
    const plan = planOf(local.endpoint.url, 'together', {
      count: undefined,
      rate: { unit: 'records', perSecond: 500 },
      workers: 2,
    });
    const running = produce(plan, {
      signal: stop.signal,
      onMoment: ({ totalAcknowledged }) => {
        if (totalAcknowledged > 0) stop.abort();
      },
    });
    const result = await running;
    expect(result).toMatchObject({ interrupted: true, records: { failed: 0 } });
    expect(result.records.acknowledged).toBe(result.records.sent);
    expect(await readAll(local.kinesis, 'together')).toHaveLength(result.records.acknowledged);
  });
});

describe('an endpoint that has stopped answering', () => {
  it('is left five seconds after Ctrl-C, and what it may have taken is called uncertain', async () => {
    const server = createServer((request, response) => {
      // The calls that open connections are answered, the records never.
      if (request.headers['x-amz-target']?.toString().endsWith('ListShards')) response.end('{"Shards":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const stop = new AbortController();
    const started = performance.now();
    setTimeout(() => stop.abort(), 300);
    const plan = planOf(`http://127.0.0.1:${port}`, 'mute', {
      rate: { unit: 'records', perSecond: 100 },
      maxInFlight: 3,
    });
    const result = await produce({ ...plan, count: undefined }, { signal: stop.signal });
    server.close();
    server.closeAllConnections();
    expect(performance.now() - started).toBeLessThan(20_000); // a call's own time-out is 30 s
    expect(result).toMatchObject({ interrupted: true, records: { acknowledged: 0, calls: 3, failedCalls: 3 } });
    expect(result.records.uncertain).toBe(result.records.sent);
    expect(result.failureCodes).toEqual({ NotSent: result.records.sent });
  });
});

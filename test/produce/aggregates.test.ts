import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListShardsCommand, MergeShardsCommand, type Shard, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../src/lib/decode/decode-record.js';
import { succeeded } from '../../src/lib/produce/load-result.js';
import { produce } from '../../src/lib/produce/produce.js';
import { checkAgainstStream } from '../../src/lib/produce/stream-traits.js';
import { UsageError } from '../../src/lib/shared/errors.js';
import { hashHexOf } from '../../src/lib/stream/hash-key.js';
import { localKinesis } from '../stream/local-kinesis.js';
import { makeStream, planOf, readAll } from './local-load.js';

const local = localKinesis({ limits: 'off' });
const folder = mkdtempSync(join(tmpdir(), 'pipectl-aggregates-'));
const never = new AbortController().signal;

describe('aggregates', () => {
  const rangesOf = async (stream: string) => {
    const { Shards = [] } = await local.kinesis.send(new ListShardsCommand({ StreamName: stream }));
    return new Map(Shards.map(({ ShardId, HashKeyRange }) => [ShardId ?? '', HashKeyRange]));
  };
  /** By their place in the key space. */
  const openShards = async (stream: string): Promise<string[]> => {
    const { Shards = [] } = await local.kinesis.send(new ListShardsCommand({ StreamName: stream }));
    return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined)
      .sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
      .map(({ ShardId = '' }) => ShardId);
  };
  const startOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.StartingHashKey ?? 0);
  /** As the KCL hands out user records: parents first, and without those whose keys are another shard's. Shards' ids grow from parent to child. */
  const readAsKcl = async (stream: string) => {
    const ranges = await rangesOf(stream);
    const taken: { key: string; n: number }[] = [];
    let dropped = 0;
    for (const { shardId, data } of await readAll(local.kinesis, stream)) {
      const range = ranges.get(shardId);
      for (const { partitionKey = '', text = '' } of decodeRecord(data).items) {
        const hash = BigInt(`0x${hashHexOf(partitionKey)}`);
        if (hash < BigInt(range?.StartingHashKey ?? 0) || hash > BigInt(range?.EndingHashKey ?? 0)) dropped += 1;
        else taken.push({ key: partitionKey, n: Number((JSON.parse(text) as { n: number }).n) });
      }
    }
    return { taken, dropped };
  };

  it.each([false, true])(
    'hold every user record once, on the shard its key belongs to (ordered: %s)',
    async (ordered) => {
      const stream = `aggregated-${ordered}`;
      await makeStream(local.kinesis, stream, 4);
      const result = await produce(
        planOf(local.endpoint.url, stream, {
          count: 20_000,
          aggregate: true,
          ordered,
          keys: { kind: 'zipf', exponent: 1, keys: 300 },
        }),
        { signal: never },
      );
      expect(result.records).toMatchObject({ acknowledged: 20_000, rerouted: 0 });
      expect(result.records.kinesisRecords).toBeLessThan(100);
      const ranges = await rangesOf(stream);
      let users = 0;
      for (const { shardId, data } of await readAll(local.kinesis, stream)) {
        const range = ranges.get(shardId);
        for (const item of decodeRecord(data).items) {
          users += 1;
          expect(item.layers).toEqual(['kpl', 'json']);
          const hash = BigInt(`0x${hashHexOf(item.partitionKey ?? '')}`);
          expect(hash >= BigInt(range?.StartingHashKey ?? 0) && hash <= BigInt(range?.EndingHashKey ?? 0)).toBe(true);
        }
      }
      expect(users).toBe(20_000);
    },
  );

  it.each([false, true])(
    'reach consumers that look at keys, each record once, through splits and merges (ordered: %s)',
    async (ordered) => {
      const stream = `resharded-${ordered}`;
      await makeStream(local.kinesis, stream, 2);
      const running = produce(
        planOf(local.endpoint.url, stream, {
          data: { kind: 'template', text: '{"n":"{{n}}","id":"{{uuid}}"}', name: 'numbered' },
          rate: { unit: 'records', perSecond: 4000 },
          count: undefined,
          durationMs: 2000,
          aggregate: true,
          ordered,
          keys: { kind: 'zipf', exponent: 0.8, keys: 300 },
        }),
        { signal: never },
      );
      const steps = [
        (id: string[]) =>
          new SplitShardCommand({ StreamName: stream, ShardToSplit: id[0], NewStartingHashKey: String(2n ** 126n) }),
        (id: string[]) =>
          new SplitShardCommand({
            StreamName: stream,
            ShardToSplit: id[2],
            NewStartingHashKey: String(3n * 2n ** 126n),
          }),
        (id: string[]) =>
          new MergeShardsCommand({ StreamName: stream, ShardToMerge: id[1], AdjacentShardToMerge: id[2] }),
      ];
      for (const step of steps) {
        await new Promise((resolve) => setTimeout(resolve, 350));
        await local.kinesis.send(step(await openShards(stream)) as SplitShardCommand);
      }
      const result = await running;
      expect(result.records).toMatchObject({ sent: 8000, acknowledged: 8000, failed: 0 });
      expect(result.records.rerouted).toBeGreaterThan(0);
      expect(result.records.resent).toBe(result.records.rerouted);
      expect(succeeded(result)).toBe(true);
      const { taken, dropped } = await readAsKcl(stream);
      expect(taken.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 8000 }, (_, n) => n));
      expect(dropped).toBe(result.records.rerouted);
      if (!ordered) return;
      const last = new Map<string, number>();
      for (const { key, n } of taken) {
        expect(n).toBeGreaterThan(last.get(key) ?? -1);
        last.set(key, n);
      }
    },
  );

  it.each([false, true])('are given up where no shard ever has their keys (ordered: %s)', async (ordered) => {
    // It lists two shards, and puts everything on the first.
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const half = 2n ** 127n;
        const shards = [0n, half].map((start, index) => ({
          ShardId: `shardId-00000000000${index}`,
          HashKeyRange: { StartingHashKey: String(start), EndingHashKey: String(start + half - 1n) },
          SequenceNumberRange: { StartingSequenceNumber: '1' },
        }));
        const entries = (): unknown[] =>
          (JSON.parse(Buffer.concat(chunks).toString()) as { Records: unknown[] }).Records;
        const answer = String(request.headers['x-amz-target']).endsWith('PutRecords')
          ? {
              FailedRecordCount: 0,
              Records: entries().map(() => ({ SequenceNumber: '1', ShardId: shards[0]?.ShardId })),
            }
          : { Shards: shards };
        response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const plan = planOf(url, 'stubborn', { count: 50, aggregate: true, ordered, maxAttempts: 1 });
    const result = await produce(plan, { signal: never });
    server.close();
    const { failed, acknowledged, rerouted } = result.records;
    expect(acknowledged).toBeGreaterThan(0);
    expect(rerouted).toBe(failed);
    expect(acknowledged + failed).toBe(50);
    expect(result.failureCodes).toEqual({ WrongShard: failed });
  });

  it('wait in bounded memory where an order is to be kept and nothing sets a pace', async () => {
    await makeStream(local.kinesis, 'unpaced-order');
    const plan = planOf(local.endpoint.url, 'unpaced-order', {
      count: undefined,
      durationMs: 300,
      aggregate: true,
      ordered: true,
    });
    const result = await produce(plan, { signal: never });
    expect(result.records.acknowledged).toBe(result.records.sent);
    expect(result.records.sent).toBeGreaterThan(0);
  });

  it('are refused where AWS ignores partition keys', () => {
    const traits = { recordLimitBytes: 1, autoDistribution: true, openShards: 4, shards: undefined };
    const data = { kind: 'schema', name: 'xy' } as const;
    const plan = { stream: 'auto', aggregate: true, ordered: false, data, typicalBytes: 1 };
    expect(() => checkAgainstStream(plan, traits)).toThrow(UsageError);
    expect(() => checkAgainstStream({ ...plan, aggregate: false, ordered: true }, traits)).toThrow(/--ordered/);
    expect(() => checkAgainstStream({ ...plan, aggregate: false }, traits)).not.toThrow();
  });

  it('in an aggregate is told record by record, with the data of each', async () => {
    const failures = join(folder, 'aggregates.ndjson');
    await makeStream(local.kinesis, 'refusing');
    local.endpoint.faults.add({
      at: 'kinesis.PutRecords',
      kind: 'error',
      code: 'InternalFailureException',
      message: 'not today',
      times: 1,
    });
    const path = join(folder, 'numbered.ndjson');
    writeFileSync(path, Array.from({ length: 20 }, (_, n) => `{"n":${n}}\n`).join('\n')); // every other line is blank
    const plan = planOf(local.endpoint.url, 'refusing', {
      data: { kind: 'lines', path, json: true, timeField: undefined, speed: 1 },
      count: undefined,
      aggregate: true,
      maxAttempts: 1,
    });
    const result = await produce(plan, { signal: never, failuresFile: failures });
    expect(result.records).toMatchObject({ acknowledged: 0, failed: 20 });
    const lines = readFileSync(failures, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ n, line, data }) => [n, line, Buffer.from(data, 'base64').toString()])).toEqual(
      Array.from({ length: 20 }, (_, n) => [2 * n, 2 * n + 1, `{"n":${n}}`]),
    );
    for (const { partitionKey } of lines) expect(partitionKey).toMatch(/^[0-9a-f]{8}$/);
  });
});

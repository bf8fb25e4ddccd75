// The Kinesis Producer Library (Java with a native core, from Maven), which speaks TLS only. It works out each key's shard by itself
// and sends again what lands elsewhere: one attempt a record proves that shard ids, hash ranges and answers fit.

import { createHash } from 'node:crypto';
import { Agent } from 'node:https';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isKplAggregate, readKplAggregate } from '../../src/lib/decode/kpl-aggregate.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { classPathOf } from './maven.js';
import { describeWith } from './needs.js';
import { run } from './tools.js';

const COUNT = 5_000;
const SHARDS = 4;

describeWith(['mvn', 'java'], 'the Kinesis Producer Library', () => {
  let endpoint: Endpoint;
  let kinesis: KinesisClient;
  let classPath: string;

  beforeAll(async () => {
    classPath = await classPathOf('kpl', 'Producer.java');
    endpoint = await startEndpoint({ tls: true, limits: 'off' });
    kinesis = new KinesisClient({
      region: 'us-east-1',
      endpoint: endpoint.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca: endpoint.certificate ?? '' }) }),
    });
  }, 240_000);
  afterAll(async () => {
    kinesis.destroy();
    await endpoint.close();
  });

  const produce = async (stream: string, aggregate: boolean): Promise<unknown> => {
    await kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: SHARDS }));
    const args = ['-cp', classPath, 'Producer', String(endpoint.port), stream, String(COUNT), String(aggregate)];
    return JSON.parse((await run('java', args)).trim().split('\n').at(-1) ?? '');
  };

  test('sends each record once, to the shard its key hashes to', async () => {
    expect(await produce('plain', false)).toEqual({ successful: COUNT, attempts: COUNT, shards: SHARDS });
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'plain' }));
    const seen = new Set<string>();
    let total = 0;
    for (const { ShardId, HashKeyRange } of Shards) {
      const low = BigInt(HashKeyRange?.StartingHashKey ?? -1);
      const high = BigInt(HashKeyRange?.EndingHashKey ?? -1);
      for (const record of await readShard('plain', ShardId ?? '')) {
        const hash = BigInt(`0x${createHash('md5').update(record.key).digest('hex')}`);
        expect(hash >= low && hash <= high, record.key).toBe(true);
        seen.add(record.data.toString());
        total += 1;
      }
    }
    expect([seen.size, total]).toEqual([COUNT, COUNT]);
  }, 60_000);

  test('aggregates, and still sends each record once', async () => {
    expect(await produce('aggregated', true)).toEqual({ successful: COUNT, attempts: COUNT, shards: SHARDS });
    const seen = new Set<string>();
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'aggregated' }));
    let stored = 0;
    for (const { ShardId } of Shards) {
      for (const { data } of await readShard('aggregated', ShardId ?? '')) {
        stored += 1;
        const users = isKplAggregate(data) ? readKplAggregate(data).map((user) => user.data) : [data];
        for (const user of users) seen.add(Buffer.from(user).toString());
      }
    }
    expect(seen.size).toBe(COUNT);
    expect(stored).toBeLessThan(COUNT);
  }, 60_000);

  async function readShard(stream: string, shard: string): Promise<{ key: string; data: Buffer }[]> {
    const start = { StreamName: stream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start));
    const records: { key: string; data: Buffer }[] = [];
    for (;;) {
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      for (const { Data, PartitionKey } of page.Records ?? []) {
        records.push({ key: PartitionKey ?? '', data: Buffer.from(Data ?? []) });
      }
      if (page.MillisBehindLatest === 0) return records;
      ShardIterator = page.NextShardIterator;
    }
  }
});

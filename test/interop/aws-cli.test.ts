// Kinesis by the AWS CLI from PyPI, a process a command: what a person types, what a script waits for.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { describeWith } from './needs.js';
import { pythonTools } from './python.js';
import { awsEnvironment, run } from './tools.js';

describeWith(['python3'], 'the AWS CLI', () => {
  let endpoint: Endpoint;
  let bin: string;
  beforeAll(async () => {
    bin = await pythonTools('aws-cli');
    endpoint = await startEndpoint();
  }, 180_000);
  afterAll(() => endpoint.close());

  const aws = async (...args: string[]): Promise<Record<string, unknown>> => {
    const out = await run(join(bin, 'aws'), args, { env: awsEnvironment(endpoint.url) });
    return out.trim() === '' ? {} : JSON.parse(out);
  };
  const kinesis = (...args: string[]): Promise<Record<string, unknown>> => aws('kinesis', ...args);
  const STREAM = ['--stream-name', 'orders'];
  const first = 'shardId-000000000000';

  test('creates, waits, describes, lists', async () => {
    await kinesis('create-stream', ...STREAM, '--shard-count', '2', '--tags', 'team=data');
    await kinesis('wait', 'stream-exists', ...STREAM);
    const { StreamDescription } = await kinesis('describe-stream', ...STREAM, '--max-items', '1');
    expect(StreamDescription).toMatchObject({ StreamName: 'orders', StreamStatus: 'ACTIVE' });
    expect((StreamDescription as { Shards: unknown[] }).Shards).toHaveLength(1);
    expect(await kinesis('list-streams', '--page-size', '1')).toMatchObject({ StreamNames: ['orders'] });
    expect((await kinesis('list-shards', ...STREAM)).Shards).toHaveLength(2);
    expect(await kinesis('list-tags-for-stream', ...STREAM)).toMatchObject({ Tags: [{ Key: 'team', Value: 'data' }] });
  }, 60_000);

  test('puts text and files, gets base64', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'pipectl-cli-')), 'record');
    await writeFile(file, Buffer.of(0, 255, 7));
    const data = `fileb://${file}`;
    const put = await kinesis(
      'put-record',
      ...STREAM,
      '--partition-key',
      'k',
      '--explicit-hash-key',
      '0',
      '--data',
      data,
    );
    expect(put).toMatchObject({ ShardId: first });
    const records = JSON.stringify([
      { Data: 'a', PartitionKey: 'k', ExplicitHashKey: '0' },
      { Data: 'b', PartitionKey: 'k', ExplicitHashKey: '0' },
    ]);
    expect(await kinesis('put-records', ...STREAM, '--records', records)).toMatchObject({ FailedRecordCount: 0 });
    const at = ['--shard-id', first, '--shard-iterator-type', 'AT_SEQUENCE_NUMBER', '--starting-sequence-number'];
    const { ShardIterator } = await kinesis('get-shard-iterator', ...STREAM, ...at, String(put.SequenceNumber));
    const { Records } = await kinesis('get-records', '--shard-iterator', String(ShardIterator));
    const read = (Records as { Data: string }[]).map(({ Data }) => [...Buffer.from(Data, 'base64')]);
    expect(read).toEqual([[0, 255, 7], [97], [98]]);
    await rm(dirname(file), { recursive: true });
  }, 60_000);

  test('consumers, resharding, deleting', async () => {
    const { StreamDescriptionSummary } = await kinesis('describe-stream-summary', ...STREAM);
    const arn = (StreamDescriptionSummary as { StreamARN: string }).StreamARN;
    const { Consumer } = await kinesis('register-stream-consumer', '--stream-arn', arn, '--consumer-name', 'reader');
    expect(Consumer).toMatchObject({ ConsumerName: 'reader' });
    expect((await kinesis('list-stream-consumers', '--stream-arn', arn)).Consumers).toHaveLength(1);
    await kinesis('update-shard-count', ...STREAM, '--target-shard-count', '4', '--scaling-type', 'UNIFORM_SCALING');
    await kinesis('wait', 'stream-exists', ...STREAM);
    const filter = ['--shard-filter', 'Type=AT_LATEST'];
    expect((await kinesis('list-shards', ...STREAM, ...filter)).Shards).toHaveLength(4);
    await kinesis('delete-stream', ...STREAM, '--enforce-consumer-deletion');
    await kinesis('wait', 'stream-not-exists', ...STREAM);
  }, 90_000);

  test('an error reads as AWS words it', async () => {
    await expect(kinesis('describe-stream', '--stream-name', 'nowhere')).rejects.toThrow(
      'An error occurred (ResourceNotFoundException) when calling the DescribeStream operation: ' +
        'Stream nowhere under account 000000000000 not found.',
    );
  }, 30_000);
});

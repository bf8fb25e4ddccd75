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
  const used = new Set<string>();
  const kinesis = (command: string, ...args: string[]): Promise<Record<string, unknown>> => {
    used.add(command);
    return aws('kinesis', command, ...args);
  };
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

  test('settings: retention, encryption, monitoring, record size, mode', async () => {
    const NAMED = ['--stream-name', 'settings'];
    const summary = async (): Promise<Record<string, unknown>> =>
      (await kinesis('describe-stream-summary', ...NAMED)).StreamDescriptionSummary as Record<string, unknown>;
    const active = ['stream-exists', ...NAMED] as const;
    await kinesis('create-stream', ...NAMED, '--shard-count', '2');
    await kinesis('wait', ...active);
    const arn = String((await summary()).StreamARN);
    await kinesis('increase-stream-retention-period', ...NAMED, '--retention-period-hours', '48');
    await kinesis('wait', ...active);
    await kinesis('decrease-stream-retention-period', ...NAMED, '--retention-period-hours', '36');
    await kinesis('wait', ...active);
    const metrics = ['--shard-level-metrics', 'IncomingBytes', 'OutgoingBytes'];
    expect(await kinesis('enable-enhanced-monitoring', ...NAMED, ...metrics)).toMatchObject({
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    });
    await kinesis('wait', ...active);
    await kinesis('disable-enhanced-monitoring', ...NAMED, '--shard-level-metrics', 'IncomingBytes');
    await kinesis('wait', ...active);
    await kinesis('update-max-record-size', '--stream-arn', arn, '--max-record-size-in-ki-b', '2048');
    await kinesis('wait', ...active);
    const key = ['--encryption-type', 'KMS', '--key-id', 'alias/aws/kinesis'];
    await kinesis('start-stream-encryption', ...NAMED, ...key);
    await kinesis('wait', ...active);
    expect(await summary()).toMatchObject({
      RetentionPeriodHours: 36,
      EnhancedMonitoring: [{ ShardLevelMetrics: ['OutgoingBytes'] }],
      MaxRecordSizeInKiB: 2048,
      EncryptionType: 'KMS',
      KeyId: 'alias/aws/kinesis',
    });
    await kinesis('stop-stream-encryption', ...NAMED, ...key);
    await kinesis('wait', ...active);
    await kinesis(
      'merge-shards',
      ...NAMED,
      '--shard-to-merge',
      first,
      '--adjacent-shard-to-merge',
      'shardId-000000000001',
    );
    await kinesis('wait', ...active);
    await kinesis(
      'split-shard',
      ...NAMED,
      '--shard-to-split',
      'shardId-000000000002',
      '--new-starting-hash-key',
      '4096',
    );
    await kinesis('wait', ...active);
    await kinesis('update-stream-mode', '--stream-arn', arn, '--stream-mode-details', 'StreamMode=ON_DEMAND');
    await kinesis('wait', ...active);
    expect(await kinesis('describe-account-settings')).toMatchObject({
      MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
    });
    await kinesis('update-account-settings', '--minimum-throughput-billing-commitment', 'Status=ENABLED');
    await kinesis('update-stream-warm-throughput', ...NAMED, '--warm-throughput-mi-bps', '5');
    await kinesis('wait', ...active);
    expect(await summary()).toMatchObject({ StreamModeDetails: { StreamMode: 'ON_DEMAND' }, OpenShardCount: 5 });
    expect(await kinesis('describe-limits')).toMatchObject({ OnDemandStreamCount: 1 });
  }, 120_000);

  test('tags, policies and consumers of a stream', async () => {
    const NAMED = ['--stream-name', 'tagged'];
    await kinesis('create-stream', ...NAMED, '--shard-count', '1');
    await kinesis('wait', 'stream-exists', ...NAMED);
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/tagged';
    const resource = ['--resource-arn', arn];
    await kinesis('add-tags-to-stream', ...NAMED, '--tags', 'a=1,b=2');
    await kinesis('tag-resource', ...resource, '--tags', 'c=3');
    await kinesis('remove-tags-from-stream', ...NAMED, '--tag-keys', 'a');
    await kinesis('untag-resource', ...resource, '--tag-keys', 'b');
    expect(await kinesis('list-tags-for-resource', ...resource)).toEqual({ Tags: [{ Key: 'c', Value: '3' }] });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kinesis:PutRecord', Resource: arn }],
    });
    await kinesis('put-resource-policy', ...resource, '--policy', Policy);
    expect(await kinesis('get-resource-policy', ...resource)).toEqual({ Policy });
    await kinesis('delete-resource-policy', ...resource);
    const consumer = ['--stream-arn', arn, '--consumer-name', 'reader'];
    await kinesis('register-stream-consumer', ...consumer);
    expect(await kinesis('describe-stream-consumer', ...consumer)).toMatchObject({
      ConsumerDescription: { ConsumerName: 'reader', ConsumerStatus: 'ACTIVE', StreamARN: arn },
    });
    await kinesis('deregister-stream-consumer', ...consumer);
  }, 120_000);

  test('no command was left out', async () => {
    const told = await aws('kinesis', 'nonsense').catch((error: Error) => error.message);
    // In two columns, behind the line that announces them.
    const choices =
      String(told)
        .split('valid choices are:')
        .at(-1)
        ?.split(/[\s|]+/) ?? [];
    const commands = choices.filter((word) => /^[a-z]+(-[a-z]+)+$|^wait$/.test(word));
    expect(commands.length).toBeGreaterThan(35);
    expect(commands.filter((command) => !used.has(command))).toEqual([]);
  }, 30_000);

  test('an error reads as AWS words it', async () => {
    await expect(kinesis('describe-stream', '--stream-name', 'nowhere')).rejects.toThrow(
      'An error occurred (ResourceNotFoundException) when calling the DescribeStream operation: ' +
        'Stream nowhere under account 000000000000 not found.',
    );
  }, 30_000);
});

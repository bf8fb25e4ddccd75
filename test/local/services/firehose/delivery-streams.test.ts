import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { CreateStreamCommand, PutRecordsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpackSnappyBlock } from '../../../../src/lib/decode/snappy-block.js';
import { unframeSnappy } from '../../../../src/lib/decode/snappy-frames.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { ROLE, until } from '../lambda/start-lambda.js';
import { AT_ONCE, BUCKET, type FirehoseFixture, LINES, startFirehose } from './start-firehose.js';

const clock = new DrivenClock();
let fixture: FirehoseFixture;
beforeAll(async () => {
  fixture = await startFirehose({ clock });
});
afterAll(() => fixture.close());

const put = (DeliveryStreamName: string, text: string | Buffer) =>
  fixture.firehose.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from(text) } }));
const describeStream = async (DeliveryStreamName: string) =>
  (await fixture.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription;
const oneObject = (prefix: string) => until(async () => (await fixture.keys(prefix))[0]);
const pending = async (): Promise<string[]> => {
  const answer = await fetch(`${fixture.endpoint.url}/_pipectl/settled`);
  return ((await answer.json()) as { pending: { what: string }[] }).pending.map(({ what }) => what);
};
const settled = (name: string) =>
  until(async () => ((await pending()).includes(`delivery stream ${name}`) ? undefined : true));

describe('a delivery stream', () => {
  test('is described as AWS does, with its defaults', async () => {
    await fixture.stream('plain', { Prefix: 'plain/' }, { Tags: [{ Key: 'team', Value: 'cold' }] });
    const found = await describeStream('plain');
    expect(found).toMatchObject({
      DeliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/plain',
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'DirectPut',
      VersionId: '1',
      HasMoreDestinations: false,
    });
    expect(found?.Destinations?.[0]).toMatchObject({
      DestinationId: 'destinationId-000000000001',
      ExtendedS3DestinationDescription: {
        BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
        CompressionFormat: 'UNCOMPRESSED',
        EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
        S3BackupMode: 'Disabled',
        Prefix: 'plain/',
      },
    });
    const { DeliveryStreamNames } = await fixture.firehose.send(new ListDeliveryStreamsCommand({}));
    expect(DeliveryStreamNames).toContain('plain');
    await expect(fixture.stream('plain')).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  test('has tags', async () => {
    await fixture.stream('tagged', {}, { Tags: [{ Key: 'a', Value: '1' }] });
    const named = { DeliveryStreamName: 'tagged' };
    await fixture.firehose.send(new TagDeliveryStreamCommand({ ...named, Tags: [{ Key: 'b', Value: '2' }] }));
    await fixture.firehose.send(new UntagDeliveryStreamCommand({ ...named, TagKeys: ['a'] }));
    const { Tags } = await fixture.firehose.send(new ListTagsForDeliveryStreamCommand(named));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });

  test('waits for its interval, by the clock of the endpoint, and says that it waits', async () => {
    await fixture.stream('slow', { Prefix: 'slow/', BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } });
    await put('slow', 'one');
    await put('slow', 'two');
    expect(await pending()).toContain('delivery stream slow');
    expect(await fixture.keys('slow/')).toEqual([]);
    clock.advance(60_000);
    expect((await fixture.object(await oneObject('slow/'))).toString()).toBe('onetwo');
    await settled('slow');
  });

  test('hands on what reaches its size', async () => {
    await fixture.stream('full', { Prefix: 'full/', BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
    await put('full', Buffer.alloc(1_000_000, 'a'));
    await put('full', Buffer.alloc(600_000, 'b'));
    expect(await fixture.object(await oneObject('full/'))).toHaveLength(1_000_000);
    await fixture.firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'full' }));
    await until(async () => ((await fixture.keys('full/')).length === 2 ? true : undefined));
  });

  test('delivers what it has taken before it is deleted', async () => {
    await fixture.stream('gone', { Prefix: 'gone/', ProcessingConfiguration: LINES });
    await put('gone', 'kept');
    await fixture.firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'gone' }));
    await until(async () => (await describeStream('gone').catch(() => undefined)) === undefined || undefined);
    expect(await fixture.read('gone/')).toEqual(['kept']);
    await expect(put('gone', 'late')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Firehose gone under account 000000000000 not found.',
    });
  });

  test('delivers by the settings that it had when it took a record', async () => {
    await fixture.stream('moved', { Prefix: 'before/' });
    const update = {
      DeliveryStreamName: 'moved',
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: 'destinationId-000000000001',
      ExtendedS3DestinationUpdate: { Prefix: 'after/', BufferingHints: AT_ONCE },
    };
    await put('moved', 'old');
    await fixture.firehose.send(new UpdateDestinationCommand(update));
    await put('moved', 'new');
    expect(await oneObject('before/')).toMatch(/moved-1-/);
    expect(await oneObject('after/')).toMatch(/moved-2-/);
    await expect(fixture.firehose.send(new UpdateDestinationCommand(update))).rejects.toMatchObject({
      name: 'ConcurrentModificationException',
    });
  });

  test('writes to a bucket that comes later', async () => {
    await fixture.stream('retried', { Prefix: 'retried/', BufferingHints: AT_ONCE });
    fixture.endpoint.faults.add({ at: 'firehose.deliver', kind: 'error', times: 3, match: 'retried/' });
    await put('retried', 'x');
    for (let tries = 0; tries < 3; tries += 1) {
      await until(() => (fixture.lines.some((line) => line.includes('S3.SlowDown')) ? true : undefined));
      clock.advance(2000);
    }
    await until(async () => {
      clock.advance(2000);
      return (await fixture.keys('retried/'))[0];
    });
    expect(await fixture.keys('retried/')).toHaveLength(1);
  });
});

describe('compression', () => {
  const text = 'a line of text that comes again and again\n'.repeat(9000);

  test.each([
    ['GZIP', '.gz'],
    ['ZIP', '.zip'],
    ['Snappy', '.snappy'],
    ['HADOOP_SNAPPY', '.hsnappy'],
  ] as const)('%s ends in %s and comes apart again', async (CompressionFormat, extension) => {
    const name = `packed-${CompressionFormat}`;
    await fixture.stream(name, { Prefix: `${name}/`, CompressionFormat, BufferingHints: AT_ONCE });
    await put(name, text);
    const key = await oneObject(`${name}/`);
    expect(key.endsWith(extension)).toBe(true);
    const body = await fixture.object(key);
    expect(body.length).toBeLessThan(text.length / 5);
    expect(await UNPACK[CompressionFormat](body)).toBe(text);
  });

  test('a file extension takes the place of the usual one', async () => {
    const own = { FileExtension: '.json.gz', CompressionFormat: 'GZIP' as const, BufferingHints: AT_ONCE };
    await fixture.stream('named', { Prefix: 'named/', ...own });
    await put('named', '{}');
    expect(await oneObject('named/')).toMatch(/[0-9a-f]{12}\.json\.gz$/);
  });
});

const UNPACK = {
  GZIP: async (body: Buffer) => (await import('node:zlib')).gunzipSync(body).toString(),
  ZIP: async (body: Buffer) => {
    const { unzipOne } = await import('./unzip-one.js');
    return unzipOne(body);
  },
  Snappy: async (body: Buffer) => Buffer.from(unframeSnappy(body, 1e9)).toString(),
  HADOOP_SNAPPY: async (body: Buffer) => {
    const parts: Buffer[] = [];
    for (let at = 0; at < body.length; ) {
      const packedBytes = body.readUInt32BE(at + 4);
      const part = Buffer.from(unpackSnappyBlock(body.subarray(at + 8, at + 8 + packedBytes), 1e9));
      expect(part).toHaveLength(body.readUInt32BE(at));
      parts.push(part);
      at += 8 + packedBytes;
    }
    return Buffer.concat(parts).toString();
  },
};

describe('puts', () => {
  test('a batch of what is too fast fails in part, and is counted', async () => {
    await fixture.stream('fast', { Prefix: 'fast/' });
    const Records = Array.from({ length: 4 }, () => ({ Data: Buffer.alloc(1_000_000) }));
    const batch = () => fixture.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'fast', Records }));
    const batches = await Promise.all([batch(), batch(), batch(), batch()]);
    const failed = batches
      .flatMap(({ RequestResponses = [] }) => RequestResponses)
      .filter(({ ErrorCode }) => ErrorCode);
    expect(failed.length).toBeGreaterThan(0);
    expect(batches.reduce((sum, { FailedPutCount = 0 }) => sum + FailedPutCount, 0)).toBe(failed.length);
    expect(failed[0]).toEqual({ ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' });
  });

  test('what is too large or too much is refused', async () => {
    await fixture.stream('bounded');
    await expect(put('bounded', Buffer.alloc(1_024_001))).rejects.toMatchObject({ name: 'ValidationException' });
    const batch = (Records: { Data: Buffer }[]) =>
      fixture.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'bounded', Records }));
    await expect(batch(Array.from({ length: 501 }, () => ({ Data: Buffer.from('x') })))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(batch(Array.from({ length: 5 }, () => ({ Data: Buffer.alloc(1_000_000) })))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: 'Records size exceeds 4 MB limit',
    });
  });
});

describe('a delivery stream that reads a Kinesis stream', () => {
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => String(from + index));
  const send = (values: string[]) =>
    fixture.kinesis.send(
      new PutRecordsCommand({
        StreamName: 'source',
        Records: values.map((value) => ({ Data: Buffer.from(value), PartitionKey: value })),
      }),
    );

  test('delivers what comes after its creation, across a reshard and an update', async () => {
    await fixture.kinesis.send(new CreateStreamCommand({ StreamName: 'source', ShardCount: 1 }));
    await until(async () => {
      clock.advance(100);
      return send(['before']).then(
        () => true,
        () => undefined,
      );
    });
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/source';
    const creating = fixture.stream(
      'reader',
      { Prefix: 'read/', ProcessingConfiguration: LINES, BufferingHints: AT_ONCE },
      {
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { KinesisStreamARN: arn, RoleARN: ROLE },
      },
    );
    await creating;
    expect((await describeStream('reader'))?.Source?.KinesisStreamSourceDescription?.KinesisStreamARN).toBe(arn);
    await send(numbers(0, 100));
    await fixture.kinesis.send(
      new SplitShardCommand({
        StreamName: 'source',
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: (2n ** 127n).toString(),
      }),
    );
    await until(() =>
      send(numbers(100, 200)).then(
        () => true,
        () => undefined,
      ),
    );
    await until(async () => ((await fixture.read('read/')).length >= 200 ? true : undefined));
    await settled('reader');
    expect((await fixture.read('read/')).sort()).toEqual(numbers(0, 200).sort());
    await expect(put('reader', 'x')).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    });
  });
});

describe('what is not here is refused by its name', () => {
  const base = { DeliveryStreamName: 'refused' };
  const s3 = { BucketARN: `arn:aws:s3:::${BUCKET}`, RoleARN: ROLE };

  test('other destinations', async () => {
    const IcebergDestinationConfiguration = {
      RoleARN: ROLE,
      CatalogConfiguration: { CatalogARN: 'arn:aws:glue:us-east-1:000000000000:catalog' },
      S3Configuration: s3,
    };
    await expect(
      fixture.firehose.send(new CreateDeliveryStreamCommand({ ...base, IcebergDestinationConfiguration })),
    ).rejects.toThrow(/IcebergDestinationConfiguration is not implemented/);
  });

  test.each([
    ['S3BackupMode Enabled', { S3BackupMode: 'Enabled' as const }],
    ['DynamicPartitioningConfiguration', { DynamicPartitioningConfiguration: { Enabled: true } }],
    ['DataFormatConversionConfiguration', { DataFormatConversionConfiguration: { Enabled: true } }],
  ])('what would be forgotten: %s', async (name, more) => {
    const ExtendedS3DestinationConfiguration = { ...s3, ...more };
    await expect(
      fixture.firehose.send(new CreateDeliveryStreamCommand({ ...base, ExtendedS3DestinationConfiguration })),
    ).rejects.toThrow(`${name} is not implemented at this endpoint`);
  });

  test('one half of the buffering hints', async () => {
    const ExtendedS3DestinationConfiguration = { ...s3, BufferingHints: { SizeInMBs: 1 } };
    await expect(
      fixture.firehose.send(new CreateDeliveryStreamCommand({ ...base, ExtendedS3DestinationConfiguration })),
    ).rejects.toThrow(/both SizeInMBs and IntervalInSeconds/);
  });
});

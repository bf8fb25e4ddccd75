// A real endpoint with real clients, and the few steps that every test of delivery streams takes.
import { gunzipSync } from 'node:zlib';
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamCommandInput,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  FirehoseClient,
} from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { EndpointOptions } from '../../../../src/lib/local/start-endpoint.js';
import { ROLE, startLambda, until } from '../lambda/start-lambda.js';

export const BUCKET = 'cold';

/** What `startFirehose` answers, beside what tests of functions have. */
export type FirehoseFixture = Awaited<ReturnType<typeof startFirehose>>;

export async function startFirehose(options: EndpointOptions = {}) {
  const fixture = await startLambda(options);
  const config = {
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const firehose = new FirehoseClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const active = (DeliveryStreamName: string): Promise<void> =>
    until(async () => {
      const { DeliveryStreamDescription: found } = await firehose.send(
        new DescribeDeliveryStreamCommand({ DeliveryStreamName }),
      );
      return found?.DeliveryStreamStatus === 'ACTIVE' ? true : undefined;
    }).then(() => {});
  const keys = async (Prefix = ''): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const object = async (Key: string): Promise<Buffer> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  return {
    ...fixture,
    firehose,
    s3,
    active,
    keys,
    object,
    /** The lines of all objects below a prefix, in the order of their keys. */
    async read(prefix?: string): Promise<string[]> {
      const bodies = await Promise.all((await keys(prefix)).map(object));
      const texts = bodies.map((body) => (body[0] === 0x1f ? gunzipSync(body) : body).toString('utf8'));
      return texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    },
    /** Makes a delivery stream into the bucket, and waits until it is active. */
    async stream(
      DeliveryStreamName: string,
      own: Partial<ExtendedS3DestinationConfiguration> = {},
      more: Partial<CreateDeliveryStreamCommandInput> = {},
    ): Promise<void> {
      const ExtendedS3DestinationConfiguration = { BucketARN: `arn:aws:s3:::${BUCKET}`, RoleARN: ROLE, ...own };
      await firehose.send(
        new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration, ...more }),
      );
      await active(DeliveryStreamName);
    },
    async close(): Promise<void> {
      firehose.destroy();
      s3.destroy();
      await fixture.close();
    },
  };
}

/** Hands objects on at the first record. */
export const AT_ONCE = { SizeInMBs: 1, IntervalInSeconds: 0 };

/** What puts a newline behind every record. */
export const LINES = {
  Enabled: true,
  Processors: [
    {
      Type: 'AppendDelimiterToRecord' as const,
      Parameters: [{ ParameterName: 'Delimiter' as const, ParameterValue: '\\n' }],
    },
  ],
};

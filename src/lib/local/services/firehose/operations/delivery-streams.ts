import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose';
import { defineOperation } from '../../../define-operation.js';
import { parseArn } from '../../../kit/arn.js';
import { newTags } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Answer } from '../../../wire/handlers.js';
import type { DeliveryStream } from '../delivery-stream.js';
import { checkSettings, describeDestination } from '../destination-settings.js';
import { invalidArgument } from '../firehose-errors.js';
import type { FirehoseState } from '../firehose-state.js';
import { TAG_RULES } from '../tag-rules.js';

const MOST_LISTED = 10;

export const createDeliveryStream = defineOperation('firehose', 'CreateDeliveryStream').as({
  notHere: [
    'RedshiftDestinationConfiguration',
    'ElasticsearchDestinationConfiguration',
    'AmazonopensearchserviceDestinationConfiguration',
    'AmazonOpenSearchServerlessDestinationConfiguration',
    'SplunkDestinationConfiguration',
    'SnowflakeDestinationConfiguration',
    'IcebergDestinationConfiguration',
    'HttpEndpointDestinationConfiguration',
    'MSKSourceConfiguration',
    'DatabaseSourceConfiguration',
  ],
  async run(state: FirehoseState, input, context) {
    const { DeliveryStreamName: name, DeliveryStreamType: type = 'DirectPut' } = input;
    const { region, accountId } = context;
    const s3 = input.ExtendedS3DestinationConfiguration ?? input.S3DestinationConfiguration;
    if (!s3 || (input.ExtendedS3DestinationConfiguration && input.S3DestinationConfiguration)) {
      throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
    }
    const source = sourceOf(type, input.KinesisStreamSourceConfiguration);
    const settings = { s3 };
    checkSettings(settings);
    const tags = newTags(input.Tags, TAG_RULES);
    if (source) await checkSource(state, source.arn, region);
    if (state.in(region).has(name)) {
      throw new AwsError('ResourceInUseException', `Firehose ${name} under accountId ${accountId} already exists`);
    }
    const arn = state.arnOf(name, context);
    const stream = state.create({ name, arn, region, accountId, settings, source, tags });
    const { KeyType, KeyARN } = input.DeliveryStreamEncryptionConfigurationInput ?? {};
    if (KeyType) stream.encryption = { KeyType, KeyARN };
    return { DeliveryStreamARN: arn };
  },
});

function sourceOf(
  type: string,
  given: { KinesisStreamARN?: string | undefined; RoleARN?: string | undefined } | undefined,
): { arn: string; roleArn: string } | undefined {
  if (type === 'DirectPut') {
    if (given)
      throw invalidArgument(
        'KinesisStreamSourceConfiguration is only applicable for KinesisStreamAsSource delivery stream type',
      );
    return undefined;
  }
  if (type !== 'KinesisStreamAsSource')
    throw invalidArgument(`DeliveryStreamType ${type} is not implemented at this endpoint.`);
  if (!given?.KinesisStreamARN)
    throw invalidArgument(
      'KinesisStreamSourceConfiguration is required for KinesisStreamAsSource delivery stream type',
    );
  return { arn: given.KinesisStreamARN, roleArn: given.RoleARN ?? '' };
}

async function checkSource({ environment }: FirehoseState, arn: string, region: string): Promise<void> {
  const source = parseArn(arn)?.service === 'kinesis' ? await environment.ports.eventSource(arn) : undefined;
  if (!source) throw invalidArgument(`KinesisStreamARN ${arn} is not a stream's ARN.`);
  await source.open(arn, region);
}

export const describeDeliveryStream = defineOperation('firehose', 'DescribeDeliveryStream').as({
  run(state: FirehoseState, { DeliveryStreamName: name }, context) {
    return { DeliveryStreamDescription: describe(state.stream(name, context)) };
  },
});

function describe(stream: DeliveryStream): Answer<DeliveryStreamDescription> {
  const { name, arn, source, encryption, updatedMs } = stream;
  return {
    DeliveryStreamName: name,
    DeliveryStreamARN: arn,
    DeliveryStreamStatus: stream.status,
    DeliveryStreamEncryptionConfiguration: encryption
      ? ({
          ...encryption,
          Status: 'ENABLED',
        } as Answer<DeliveryStreamDescription>['DeliveryStreamEncryptionConfiguration'])
      : { Status: 'DISABLED' },
    DeliveryStreamType: source ? 'KinesisStreamAsSource' : 'DirectPut',
    VersionId: String(stream.version),
    CreateTimestamp: new Date(stream.createdMs),
    ...(updatedMs !== undefined && { LastUpdateTimestamp: new Date(updatedMs) }),
    ...(source && {
      Source: {
        KinesisStreamSourceDescription: {
          KinesisStreamARN: source.arn,
          RoleARN: source.roleArn,
          DeliveryStartTimestamp: new Date(stream.createdMs),
        },
      },
    }),
    Destinations: [describeDestination(stream.settings)],
    HasMoreDestinations: false,
  };
}

export const listDeliveryStreams = defineOperation('firehose', 'ListDeliveryStreams').as({
  constraints: { Limit: { range: [1, 10_000] } },
  run(state: FirehoseState, input, { region }) {
    const { Limit = MOST_LISTED, DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: after = '' } = input;
    const streams = [...state.in(region).values()].filter(
      ({ source }) => type === undefined || (type === 'KinesisStreamAsSource') === (source !== undefined),
    );
    const names = streams
      .map(({ name }) => name)
      .sort()
      .filter((name) => name > after);
    return { DeliveryStreamNames: names.slice(0, Limit), HasMoreDeliveryStreams: names.length > Limit };
  },
});

export const deleteDeliveryStream = defineOperation('firehose', 'DeleteDeliveryStream').as({
  gaps: ['What a deleted delivery stream has taken is delivered before it goes; AWS may lose it.'],
  run(state: FirehoseState, { DeliveryStreamName: name }, context) {
    const stream = state.stream(name, context);
    if (stream.status === 'CREATING') {
      throw new AwsError(
        'ResourceInUseException',
        `Firehose ${name} under accountId ${context.accountId} is in CREATING state`,
      );
    }
    if (stream.status !== 'DELETING') state.delete(stream, context.region);
    return {};
  },
});

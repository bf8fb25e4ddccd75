import type {
  DestinationDescription,
  ExtendedS3DestinationConfiguration,
  ProcessingConfiguration,
  S3DestinationConfiguration,
} from '@aws-sdk/client-firehose';
import type { Intervals } from '../../intervals.js';
import { parseArn } from '../../kit/arn.js';
import type { Answer } from '../../wire/handlers.js';
import type { BucketWish } from './bucket-stage.js';
import { COMPRESSIONS, type Compression, EXTENSIONS } from './compress-object.js';
import { invalidArgument } from './firehose-errors.js';
import { checkPrefixes, type KeyRules, type PartitionKeys } from './object-key.js';

/** How a delivery stream delivers, as it was asked for. */
export interface DestinationSettings {
  s3: ExtendedS3DestinationConfiguration;
}

const MEBIBYTE = 1024 * 1024;
const NO_PARTITIONS: PartitionKeys = { partitionKeyFromQuery: undefined, partitionKeyFromLambda: undefined };

/** @throws AwsError InvalidArgumentException for settings that AWS refuses, or that are not implemented here */
export function checkSettings({ s3 }: DestinationSettings): void {
  checkBucket(s3, NO_PARTITIONS);
  checkProcessing(s3.ProcessingConfiguration);
  if (s3.S3BackupMode === 'Enabled') throw notHere('S3BackupMode Enabled');
  if (s3.DynamicPartitioningConfiguration?.Enabled === true) throw notHere('DynamicPartitioningConfiguration');
  const conversion = s3.DataFormatConversionConfiguration;
  if (conversion && conversion.Enabled !== false) throw notHere('DataFormatConversionConfiguration');
}

/** What AWS takes and this endpoint would forget is refused: taken in silence, it would be missed in the bucket. */
const notHere = (what: string): Error => invalidArgument(`${what} is not implemented at this endpoint.`);

/** @throws AwsError InvalidArgumentException */
function checkBucket(s3: S3DestinationConfiguration, partitionKeys: PartitionKeys): void {
  if (parseArn(s3.BucketARN ?? '')?.service !== 's3')
    throw invalidArgument(`BucketARN ${s3.BucketARN} is not a bucket's ARN.`);
  if (!COMPRESSIONS.includes((s3.CompressionFormat ?? 'UNCOMPRESSED') as Compression)) {
    throw invalidArgument(`CompressionFormat ${s3.CompressionFormat} is not one of ${COMPRESSIONS.join(', ')}.`);
  }
  checkHints(s3.BufferingHints, [1, 128]);
  checkPrefixes(keyRules(s3), partitionKeys);
}

/** @throws AwsError InvalidArgumentException. https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
function checkHints(
  hints: { SizeInMBs?: number | undefined; IntervalInSeconds?: number | undefined } | undefined,
  [least, most]: readonly [number, number],
): void {
  const { SizeInMBs: size, IntervalInSeconds: seconds } = hints ?? {};
  if ((size === undefined) !== (seconds === undefined)) {
    throw invalidArgument('BufferingHints must have both SizeInMBs and IntervalInSeconds, or neither.');
  }
  if (size !== undefined && (size < least || size > most)) {
    throw invalidArgument(`SizeInMBs ${size} is not between ${least} and ${most}.`);
  }
  if (seconds !== undefined && (seconds < 0 || seconds > 900)) {
    throw invalidArgument(`IntervalInSeconds ${seconds} is not between 0 and 900.`);
  }
}

function checkProcessing(processing: ProcessingConfiguration | undefined): void {
  for (const { Type } of activeProcessors(processing)) {
    if (Type === 'AppendDelimiterToRecord') continue;
    throw notHere(`The processor ${Type}`);
  }
}

const activeProcessors = (processing: ProcessingConfiguration | undefined) =>
  processing?.Enabled === true ? (processing.Processors ?? []) : [];

/** The parameters of a processor, if the settings have it. */
function processorOf(
  processing: ProcessingConfiguration | undefined,
  type: string,
): ReadonlyMap<string, string> | undefined {
  const processor = activeProcessors(processing).find(({ Type }) => Type === type);
  return (
    processor && new Map(processor.Parameters?.map((each) => [each.ParameterName ?? '', each.ParameterValue ?? '']))
  );
}

function keyRules(s3: ExtendedS3DestinationConfiguration): KeyRules {
  const compression = (s3.CompressionFormat ?? 'UNCOMPRESSED') as Compression;
  return {
    prefix: s3.Prefix ?? '',
    errorPrefix: s3.ErrorOutputPrefix || undefined,
    timeZone: s3.CustomTimeZone || 'UTC',
    extension: s3.FileExtension || EXTENSIONS[compression] || '',
  };
}

/** What the settings ask of the stage that writes objects. */
export function bucketWish(s3: ExtendedS3DestinationConfiguration, intervals: Intervals): BucketWish {
  const { SizeInMBs = 5, IntervalInSeconds = 300 } = s3.BufferingHints ?? {};
  // "\n" comes with a backslash, as the console writes it, or as the character.
  const delimiter = processorOf(s3.ProcessingConfiguration, 'AppendDelimiterToRecord')?.get('Delimiter') ?? '\\n';
  const appends = processorOf(s3.ProcessingConfiguration, 'AppendDelimiterToRecord') !== undefined;
  return {
    bucketArn: s3.BucketARN ?? '',
    rules: keyRules(s3),
    hints: { bytes: SizeInMBs * MEBIBYTE, intervalMs: intervals.cap(IntervalInSeconds * 1000) },
    compression: (s3.CompressionFormat ?? 'UNCOMPRESSED') as Compression,
    delimiter: Buffer.from(appends ? delimiter.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : ''),
  };
}

const plainS3 = ({ BucketARN, RoleARN, ...s3 }: ExtendedS3DestinationConfiguration) => ({
  BucketARN,
  RoleARN,
  Prefix: s3.Prefix ?? '',
  ...(s3.ErrorOutputPrefix !== undefined && { ErrorOutputPrefix: s3.ErrorOutputPrefix }),
  BufferingHints: s3.BufferingHints ?? { SizeInMBs: 5, IntervalInSeconds: 300 },
  CompressionFormat: s3.CompressionFormat ?? 'UNCOMPRESSED',
  EncryptionConfiguration: s3.EncryptionConfiguration ?? { NoEncryptionConfig: 'NoEncryption' },
  CloudWatchLoggingOptions: s3.CloudWatchLoggingOptions ?? { Enabled: false },
});

/** As DescribeDeliveryStream shows it, with AWS's defaults. */
export function describeDestination({ s3 }: DestinationSettings): Answer<DestinationDescription> {
  const plain = plainS3(s3);
  const extended = {
    ...plain,
    ProcessingConfiguration: s3.ProcessingConfiguration ?? { Enabled: false, Processors: [] },
    S3BackupMode: s3.S3BackupMode ?? 'Disabled',
    ...(s3.DataFormatConversionConfiguration && {
      DataFormatConversionConfiguration: s3.DataFormatConversionConfiguration,
    }),
    ...(s3.DynamicPartitioningConfiguration && {
      DynamicPartitioningConfiguration: s3.DynamicPartitioningConfiguration,
    }),
    ...(s3.S3BackupConfiguration && { S3BackupDescription: plainS3(s3.S3BackupConfiguration) }),
    FileExtension: s3.FileExtension ?? '',
    CustomTimeZone: s3.CustomTimeZone ?? 'UTC',
  };
  return {
    DestinationId: DESTINATION_ID,
    S3DestinationDescription: plain,
    ExtendedS3DestinationDescription: extended,
  } as Answer<DestinationDescription>;
}

/** A delivery stream has one destination, and it is always this. */
export const DESTINATION_ID = 'destinationId-000000000001';

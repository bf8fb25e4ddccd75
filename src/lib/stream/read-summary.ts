import { isKinesisError } from '../target/kinesis-call.js';
import { type KinesisControl, timeOf } from '../target/kinesis-control.js';

/** What DescribeStreamSummary tells of a stream; what older endpoints leave out has AWS's default of their time. */
export interface StreamSummary {
  arn: string | undefined;
  /** CREATING, DELETING, ACTIVE or UPDATING. */
  status: string;
  mode: 'PROVISIONED' | 'ON_DEMAND';
  /** Undefined where the endpoint does not count them. */
  openShards: number | undefined;
  retentionHours: number;
  /** Undefined for endpoints from before October 2025: they know one size and do not name it. */
  maxRecordKiB: number | undefined;
  encryption: string;
  createdAt: Date | undefined;
}

/** @returns undefined when there is no such stream */
export async function readSummary(
  kinesis: KinesisControl,
  name: string,
  signal?: AbortSignal,
): Promise<StreamSummary | undefined> {
  try {
    const { StreamDescriptionSummary: summary } = await kinesis.call(
      'DescribeStreamSummary',
      { StreamName: name },
      signal,
    );
    return {
      arn: summary?.StreamARN,
      status: summary?.StreamStatus ?? 'UNKNOWN',
      // Endpoints from before November 2021 know one mode and do not name it.
      mode: summary?.StreamModeDetails?.StreamMode === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED',
      openShards: summary?.OpenShardCount,
      retentionHours: summary?.RetentionPeriodHours ?? 24,
      maxRecordKiB: summary?.MaxRecordSizeInKiB,
      encryption: summary?.EncryptionType ?? 'NONE',
      createdAt: timeOf(summary?.StreamCreationTimestamp),
    };
  } catch (error) {
    if (isKinesisError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

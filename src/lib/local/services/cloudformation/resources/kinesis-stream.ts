import type { MetricsName, StreamDescriptionSummary } from '@aws-sdk/client-kinesis';
import { tagChanges, tagMap } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, isNotFound, type ResourceRequest } from '../resource-type.js';
import type { KinesisStreamProperties } from '../schema/resource-properties.js';
import { waitUntil } from '../wait-until.js';

const DEFAULT_RETENTION_HOURS = 24;

type Surroundings = Pick<ResourceRequest<unknown>, 'calls' | 'clock' | 'signal'>;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html */
export const kinesisStream = defineResourceType<KinesisStreamProperties>({
  type: 'AWS::Kinesis::Stream',
  effective: [
    'Name',
    'ShardCount',
    'RetentionPeriodHours',
    'StreamModeDetails',
    'StreamEncryption',
    'DesiredShardLevelMetrics',
    'MaxRecordSizeInKiB',
    'WarmThroughputMiBps',
    'Tags',
  ],
  attributes: ['Arn'],
  nameProperty: 'Name',

  async create(request) {
    const { calls, properties } = request;
    const name = properties.Name ?? request.generateName({ maxLength: 128 });
    const isOnDemand = properties.StreamModeDetails?.StreamMode === 'ON_DEMAND';
    await calls.kinesis.CreateStream({
      StreamName: name,
      ShardCount: properties.ShardCount ?? (isOnDemand ? undefined : 1),
      StreamModeDetails: properties.StreamModeDetails ?? { StreamMode: 'PROVISIONED' },
      MaxRecordSizeInKiB: properties.MaxRecordSizeInKiB,
      WarmThroughputMiBps: properties.WarmThroughputMiBps,
      Tags: tagMap(request),
    });
    request.initiated(name);
    await untilActive(name, request);
    await setRetention(name, DEFAULT_RETENTION_HOURS, properties.RetentionPeriodHours, request);
    if (properties.StreamEncryption) await startEncryption(name, properties.StreamEncryption, request);
    if (properties.DesiredShardLevelMetrics?.length) {
      await calls.kinesis.EnableEnhancedMonitoring({
        StreamName: name,
        ShardLevelMetrics: properties.DesiredShardLevelMetrics as MetricsName[],
      });
      await untilActive(name, request);
    }
    return { physicalId: name, attributes: { Arn: (await summaryOf(name, request))?.StreamARN } };
  },

  async update(request) {
    const { calls, physicalId: name, properties, previous } = request;
    // What stands is asked, not taken from `previous`: a rollback begins wherever the update stopped.
    const standing = await summaryOf(name, request);
    const arn = standing?.StreamARN;
    if (request.changed('StreamModeDetails')) {
      await calls.kinesis.UpdateStreamMode({
        StreamARN: arn,
        StreamModeDetails: properties.StreamModeDetails ?? { StreamMode: 'PROVISIONED' },
      });
      await untilActive(name, request);
    }
    const isProvisioned = properties.StreamModeDetails?.StreamMode !== 'ON_DEMAND';
    const { ShardCount: shards } = properties;
    const isResharded = request.changed('ShardCount') && shards !== standing?.OpenShardCount;
    if (isProvisioned && isResharded && shards !== undefined) {
      await calls.kinesis.UpdateShardCount({
        StreamName: name,
        TargetShardCount: shards,
        ScalingType: 'UNIFORM_SCALING',
      });
      await untilActive(name, request);
    }
    if (request.changed('RetentionPeriodHours')) {
      const hours = standing?.RetentionPeriodHours ?? DEFAULT_RETENTION_HOURS;
      await setRetention(name, hours, properties.RetentionPeriodHours, request);
    }
    if (request.changed('StreamEncryption')) {
      if (previous.StreamEncryption && standing?.EncryptionType === 'KMS') {
        await calls.kinesis.StopStreamEncryption({ StreamName: name, ...previous.StreamEncryption });
        await untilActive(name, request);
      }
      if (properties.StreamEncryption) await startEncryption(name, properties.StreamEncryption, request);
    }
    if (request.changed('DesiredShardLevelMetrics')) {
      const wanted = (properties.DesiredShardLevelMetrics ?? []) as MetricsName[];
      const had = await enabledMetrics(name, request);
      const extra = had.filter(
        (metric) => previous.DesiredShardLevelMetrics?.includes(metric) && !wanted.includes(metric),
      );
      if (extra.length > 0) {
        await calls.kinesis.DisableEnhancedMonitoring({ StreamName: name, ShardLevelMetrics: extra });
        await untilActive(name, request);
      }
      if (wanted.length > 0) {
        await calls.kinesis.EnableEnhancedMonitoring({ StreamName: name, ShardLevelMetrics: wanted });
        await untilActive(name, request);
      }
    }
    if (request.changed('MaxRecordSizeInKiB')) {
      await calls.kinesis.UpdateMaxRecordSize({
        StreamARN: arn,
        MaxRecordSizeInKiB: properties.MaxRecordSizeInKiB ?? 1024,
      });
      await untilActive(name, request);
    }
    if (request.changed('WarmThroughputMiBps') && properties.WarmThroughputMiBps !== undefined) {
      await calls.kinesis.UpdateStreamWarmThroughput({
        StreamARN: arn,
        WarmThroughputMiBps: properties.WarmThroughputMiBps,
      });
      await untilActive(name, request);
    }
    const { add, remove } = tagChanges(request);
    if (Object.keys(add).length > 0) await calls.kinesis.AddTagsToStream({ StreamName: name, Tags: add });
    if (remove.length > 0) await calls.kinesis.RemoveTagsFromStream({ StreamName: name, TagKeys: remove });
    return { physicalId: name, attributes: { Arn: arn } };
  },

  async delete(request) {
    const { calls, physicalId } = request;
    await deleteIfThere(async () => {
      await calls.kinesis.DeleteStream({ StreamName: physicalId, EnforceConsumerDeletion: true });
      await waitUntil(
        `Deletion of stream ${physicalId}`,
        request,
        async () => (await statusOf(physicalId, request)) === undefined,
      );
    });
  },
});

async function statusOf(name: string, { calls }: Pick<Surroundings, 'calls'>): Promise<string | undefined> {
  try {
    const answer = await calls.kinesis.DescribeStreamSummary({ StreamName: name });
    return answer.StreamDescriptionSummary?.StreamStatus;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function enabledMetrics(name: string, { calls }: Pick<Surroundings, 'calls'>): Promise<MetricsName[]> {
  const found = await summaryOf(name, { calls });
  return (found?.EnhancedMonitoring ?? []).flatMap(({ ShardLevelMetrics: metrics = [] }) => metrics);
}

const untilActive = (name: string, surroundings: Surroundings): Promise<void> =>
  waitUntil(`Stream ${name}`, surroundings, async () => (await statusOf(name, surroundings)) === 'ACTIVE');

async function summaryOf(
  name: string,
  { calls }: Pick<Surroundings, 'calls'>,
): Promise<StreamDescriptionSummary | undefined> {
  const answer = await calls.kinesis.DescribeStreamSummary({ StreamName: name });
  return answer.StreamDescriptionSummary;
}

async function setRetention(
  name: string,
  fromHours: number,
  toHours: number = DEFAULT_RETENTION_HOURS,
  surroundings: Surroundings,
): Promise<void> {
  if (toHours === fromHours) return;
  const input = { StreamName: name, RetentionPeriodHours: toHours };
  if (toHours > fromHours) await surroundings.calls.kinesis.IncreaseStreamRetentionPeriod(input);
  else await surroundings.calls.kinesis.DecreaseStreamRetentionPeriod(input);
  await untilActive(name, surroundings);
}

async function startEncryption(
  name: string,
  encryption: { EncryptionType: 'KMS'; KeyId: string },
  surroundings: Surroundings,
): Promise<void> {
  await surroundings.calls.kinesis.StartStreamEncryption({ StreamName: name, ...encryption });
  await untilActive(name, surroundings);
}

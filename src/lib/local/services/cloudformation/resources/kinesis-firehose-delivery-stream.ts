import type { CreateDeliveryStreamInput, ExtendedS3DestinationUpdate } from '@aws-sdk/client-firehose';
import { tagChanges, tagList } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, isNotFound, type ResourceRequest } from '../resource-type.js';
import type { KinesisFirehoseDeliveryStreamProperties } from '../schema/resource-properties.js';
import { waitUntil } from '../wait-until.js';

type Surroundings = Pick<ResourceRequest<unknown>, 'calls' | 'clock' | 'signal'>;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html */
export const kinesisFirehoseDeliveryStream = defineResourceType<KinesisFirehoseDeliveryStreamProperties>({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  effective: [
    'DeliveryStreamName',
    'DeliveryStreamType',
    'KinesisStreamSourceConfiguration',
    'ExtendedS3DestinationConfiguration',
    'S3DestinationConfiguration',
    'DeliveryStreamEncryptionConfigurationInput',
    'Tags',
  ],
  attributes: ['Arn'],
  nameProperty: 'DeliveryStreamName',

  async create(request) {
    const { calls, properties } = request;
    const name = properties.DeliveryStreamName ?? request.generateName({ maxLength: 64 });
    // The types of a template's properties say less than the SDK's; the service checks what they hold.
    await calls.firehose.CreateDeliveryStream({
      ...properties,
      DeliveryStreamName: name,
      Tags: tagList(request),
    } as CreateDeliveryStreamInput);
    request.initiated(name);
    await waitUntil(
      `Delivery stream ${name}`,
      request,
      async () => (await described(name, request))?.DeliveryStreamStatus === 'ACTIVE',
    );
    return { physicalId: name, attributes: { Arn: (await described(name, request))?.DeliveryStreamARN } };
  },

  async update(request) {
    const { calls, physicalId: name, properties } = request;
    const standing = await described(name, request);
    if (request.changed('ExtendedS3DestinationConfiguration') || request.changed('S3DestinationConfiguration')) {
      const wanted = properties.ExtendedS3DestinationConfiguration ?? properties.S3DestinationConfiguration;
      await calls.firehose.UpdateDestination({
        DeliveryStreamName: name,
        CurrentDeliveryStreamVersionId: standing?.VersionId,
        DestinationId: standing?.Destinations?.[0]?.DestinationId,
        ExtendedS3DestinationUpdate: wanted as ExtendedS3DestinationUpdate,
      });
    }
    const { add, remove } = tagChanges(request);
    const added = Object.entries(add).map(([Key, Value]) => ({ Key, Value }));
    if (added.length > 0) await calls.firehose.TagDeliveryStream({ DeliveryStreamName: name, Tags: added });
    if (remove.length > 0) await calls.firehose.UntagDeliveryStream({ DeliveryStreamName: name, TagKeys: remove });
    return { physicalId: name, attributes: { Arn: standing?.DeliveryStreamARN } };
  },

  async delete(request) {
    const { calls, physicalId: name } = request;
    await deleteIfThere(async () => {
      await calls.firehose.DeleteDeliveryStream({ DeliveryStreamName: name });
      await waitUntil(
        `Deletion of delivery stream ${name}`,
        request,
        async () => (await described(name, request)) === undefined,
      );
    });
  },
});

async function described(name: string, { calls }: Pick<Surroundings, 'calls'>) {
  try {
    const answer = await calls.firehose.DescribeDeliveryStream({ DeliveryStreamName: name });
    return answer.DeliveryStreamDescription;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

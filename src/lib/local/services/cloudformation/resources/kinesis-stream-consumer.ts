import { tagMap } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, isNotFound, type ResourceRequest } from '../resource-type.js';
import type { KinesisStreamConsumerProperties } from '../schema/resource-properties.js';
import { waitUntil } from '../wait-until.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-streamconsumer.html */
export const kinesisStreamConsumer = defineResourceType<KinesisStreamConsumerProperties>({
  type: 'AWS::Kinesis::StreamConsumer',
  effective: ['ConsumerName', 'StreamARN', 'Tags'],
  nameProperty: 'ConsumerName',
  nameWithin: 'StreamARN',

  async create(request) {
    const { calls, properties } = request;
    const { Consumer: made } = await calls.kinesis.RegisterStreamConsumer({
      StreamARN: properties.StreamARN,
      ConsumerName: properties.ConsumerName,
      Tags: tagMap(request),
    });
    const arn = made?.ConsumerARN ?? '';
    request.initiated(arn);
    await waitUntil(`Consumer ${arn}`, request, async () => (await statusOf(arn, request)) === 'ACTIVE');
    return {
      physicalId: arn,
      attributes: {
        ConsumerARN: arn,
        ConsumerCreationTimestamp: String(Math.floor((made?.ConsumerCreationTimestamp?.getTime() ?? 0) / 1000)),
        ConsumerName: properties.ConsumerName,
        ConsumerStatus: 'ACTIVE',
        StreamARN: properties.StreamARN,
      },
    };
  },

  async delete(request) {
    const { calls, physicalId } = request;
    await deleteIfThere(() => calls.kinesis.DeregisterStreamConsumer({ ConsumerARN: physicalId }));
    await waitUntil(
      `Deletion of consumer ${physicalId}`,
      request,
      async () => (await statusOf(physicalId, request)) === undefined,
    );
  },
});

async function statusOf(arn: string, { calls }: Pick<ResourceRequest<unknown>, 'calls'>): Promise<string | undefined> {
  try {
    const { ConsumerDescription: found } = await calls.kinesis.DescribeStreamConsumer({ ConsumerARN: arn });
    return found?.ConsumerStatus;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

import { tagChanges, tagMap } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, isNotFound, type ResourceRequest } from '../resource-type.js';
import type { LambdaEventSourceMappingProperties } from '../schema/resource-properties.js';
import { waitUntil } from '../wait-until.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html */
export const lambdaEventSourceMapping = defineResourceType<LambdaEventSourceMappingProperties>({
  type: 'AWS::Lambda::EventSourceMapping',
  effective: [
    'FunctionName',
    'EventSourceArn',
    'StartingPosition',
    'StartingPositionTimestamp',
    'Enabled',
    'BatchSize',
    'MaximumBatchingWindowInSeconds',
    'ParallelizationFactor',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'BisectBatchOnFunctionError',
    'TumblingWindowInSeconds',
    'FunctionResponseTypes',
    'FilterCriteria',
    'DestinationConfig',
    'KmsKeyArn',
    'MetricsConfig',
    'ScalingConfig',
    'Tags',
  ],

  async create(request) {
    const { calls, properties } = request;
    const { Tags: _tags, StartingPositionTimestamp: seconds, ...rest } = properties;
    const created = await calls.lambda.CreateEventSourceMapping({
      ...rest,
      ...(seconds !== undefined && { StartingPositionTimestamp: new Date(seconds * 1000) }),
      Tags: tagMap(request),
    });
    const id = created.UUID ?? '';
    request.initiated(id);
    await untilSettled(id, request);
    return { physicalId: id, attributes: { Id: id, EventSourceMappingArn: created.EventSourceMappingArn } };
  },

  async update(request) {
    const { calls, physicalId: id, properties, previous } = request;
    const updated = await calls.lambda.UpdateEventSourceMapping({
      UUID: id,
      FunctionName: properties.FunctionName,
      Enabled: properties.Enabled ?? true,
      BatchSize: properties.BatchSize ?? 100,
      MaximumBatchingWindowInSeconds: properties.MaximumBatchingWindowInSeconds ?? 0,
      ParallelizationFactor: properties.ParallelizationFactor ?? 1,
      MaximumRecordAgeInSeconds: properties.MaximumRecordAgeInSeconds ?? -1,
      MaximumRetryAttempts: properties.MaximumRetryAttempts ?? -1,
      BisectBatchOnFunctionError: properties.BisectBatchOnFunctionError ?? false,
      TumblingWindowInSeconds: properties.TumblingWindowInSeconds ?? 0,
      FunctionResponseTypes: properties.FunctionResponseTypes ?? [],
      // Empty ones take away what was there before; what was never there is not mentioned.
      FilterCriteria: properties.FilterCriteria ?? (previous.FilterCriteria && { Filters: [] }),
      DestinationConfig: properties.DestinationConfig ?? (previous.DestinationConfig && { OnFailure: {} }),
    });
    await untilSettled(id, request);
    const { add, remove } = tagChanges(request);
    const arn = updated.EventSourceMappingArn;
    if (Object.keys(add).length > 0) await calls.lambda.TagResource({ Resource: arn, Tags: add });
    if (remove.length > 0) await calls.lambda.UntagResource({ Resource: arn, TagKeys: remove });
    return { physicalId: id, attributes: { Id: id, EventSourceMappingArn: arn } };
  },

  async delete(request) {
    const { calls, physicalId } = request;
    await deleteIfThere(() => calls.lambda.DeleteEventSourceMapping({ UUID: physicalId }));
    await waitUntil(
      `Deletion of mapping ${physicalId}`,
      request,
      async () => (await stateOf(physicalId, request)) === undefined,
    );
  },
});

type Surroundings = Pick<ResourceRequest<unknown>, 'calls' | 'clock' | 'signal'>;

async function stateOf(id: string, { calls }: Surroundings): Promise<string | undefined> {
  try {
    return (await calls.lambda.GetEventSourceMapping({ UUID: id })).State;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const SETTLED: readonly (string | undefined)[] = ['Enabled', 'Disabled'];

const untilSettled = (id: string, surroundings: Surroundings): Promise<void> =>
  waitUntil(`Event source mapping ${id}`, surroundings, async () => SETTLED.includes(await stateOf(id, surroundings)));

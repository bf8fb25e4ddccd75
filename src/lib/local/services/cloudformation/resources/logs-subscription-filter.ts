import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { AlreadyExists } from '../run/failure-reason.js';
import type { LogsSubscriptionFilterProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-subscriptionfilter.html */
export const logsSubscriptionFilter = defineResourceType<LogsSubscriptionFilterProperties>({
  type: 'AWS::Logs::SubscriptionFilter',
  effective: [
    'LogGroupName',
    'FilterName',
    'FilterPattern',
    'DestinationArn',
    'RoleArn',
    'Distribution',
    'ApplyOnTransformedLogs',
    'EmitSystemFields',
    'FieldSelectionCriteria',
  ],
  nameProperty: 'FilterName',
  nameWithin: 'LogGroupName',

  async create(request) {
    const name = request.properties.FilterName ?? request.generateName({ maxLength: 512 });
    await refuseExisting(name, request);
    await put(name, request);
    return { physicalId: name };
  },

  async update(request) {
    await put(request.physicalId, request);
    return { physicalId: request.physicalId };
  },

  async delete({ calls, physicalId, properties }) {
    await deleteIfThere(() =>
      calls['cloudwatch-logs'].DeleteSubscriptionFilter({
        logGroupName: properties.LogGroupName,
        filterName: physicalId,
      }),
    );
  },
});

/** Putting a filter of a name that is there replaces it. */
async function refuseExisting(
  name: string,
  { calls, properties }: ResourceRequest<LogsSubscriptionFilterProperties>,
): Promise<void> {
  const { subscriptionFilters = [] } = await calls['cloudwatch-logs'].DescribeSubscriptionFilters({
    logGroupName: properties.LogGroupName,
    filterNamePrefix: name,
  });
  if (subscriptionFilters.some(({ filterName }) => filterName === name))
    throw new AlreadyExists('AWS::Logs::SubscriptionFilter', `${name}|${properties.LogGroupName}`);
}

async function put(
  name: string,
  { calls, properties }: ResourceRequest<LogsSubscriptionFilterProperties>,
): Promise<void> {
  await calls['cloudwatch-logs'].PutSubscriptionFilter({
    logGroupName: properties.LogGroupName,
    filterName: name,
    filterPattern: properties.FilterPattern,
    destinationArn: properties.DestinationArn,
    roleArn: properties.RoleArn,
    distribution: properties.Distribution,
    applyOnTransformedLogs: properties.ApplyOnTransformedLogs,
    emitSystemFields: properties.EmitSystemFields,
    fieldSelectionCriteria: properties.FieldSelectionCriteria,
  });
}

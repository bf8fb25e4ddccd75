import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { AlreadyExists } from '../run/failure-reason.js';
import { boolean, listOf, oneOf, text } from '../shape.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-subscriptionfilter.html */
export const logsSubscriptionFilter = defineResourceType({
  type: 'AWS::Logs::SubscriptionFilter',
  properties: {
    LogGroupName: text.required().replaces(),
    FilterName: text.replaces(),
    FilterPattern: text.required(),
    DestinationArn: text.required(),
    RoleArn: text,
    Distribution: oneOf('Random', 'ByLogStream'),
    ApplyOnTransformedLogs: boolean,
    EmitSystemFields: listOf(text),
    FieldSelectionCriteria: text,
  },
  attributes: [],
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
async function refuseExisting(name: string, { calls, properties }: ResourceRequest<FilterProperties>): Promise<void> {
  const { subscriptionFilters = [] } = await calls['cloudwatch-logs'].DescribeSubscriptionFilters({
    logGroupName: properties.LogGroupName,
    filterNamePrefix: name,
  });
  if (subscriptionFilters.some(({ filterName }) => filterName === name))
    throw new AlreadyExists('AWS::Logs::SubscriptionFilter', `${name}|${properties.LogGroupName}`);
}

interface FilterProperties {
  LogGroupName: string;
  FilterPattern: string;
  DestinationArn: string;
  RoleArn?: string;
  Distribution?: 'Random' | 'ByLogStream';
  ApplyOnTransformedLogs?: boolean;
  EmitSystemFields?: string[];
  FieldSelectionCriteria?: string;
}

async function put(name: string, { calls, properties }: ResourceRequest<FilterProperties>): Promise<void> {
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

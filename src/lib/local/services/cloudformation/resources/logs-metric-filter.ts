import type { StandardUnit } from '@aws-sdk/client-cloudwatch-logs';
import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { AlreadyExists } from '../run/failure-reason.js';
import type { LogsMetricFilterProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html */
export const logsMetricFilter = defineResourceType<LogsMetricFilterProperties>({
  type: 'AWS::Logs::MetricFilter',
  effective: [
    'LogGroupName',
    'FilterName',
    'FilterPattern',
    'MetricTransformations',
    'ApplyOnTransformedLogs',
    'EmitSystemFieldDimensions',
    'FieldSelectionCriteria',
  ],
  nameProperty: 'FilterName',
  nameWithin: 'LogGroupName',

  async create(request) {
    const name = request.properties.FilterName ?? request.generateName({ maxLength: 512 });
    const { LogGroupName } = request.properties;
    const { metricFilters = [] } = await request.calls['cloudwatch-logs'].DescribeMetricFilters({
      logGroupName: LogGroupName,
      filterNamePrefix: name,
    });
    // Putting a filter of a name that is there replaces it.
    if (metricFilters.some(({ filterName }) => filterName === name))
      throw new AlreadyExists('AWS::Logs::MetricFilter', `${LogGroupName}|${name}`);
    await put(name, request);
    return { physicalId: name };
  },

  async update(request) {
    await put(request.physicalId, request);
    return { physicalId: request.physicalId };
  },

  async delete({ calls, physicalId, properties: { LogGroupName } }) {
    await deleteIfThere(() =>
      calls['cloudwatch-logs'].DeleteMetricFilter({ logGroupName: LogGroupName, filterName: physicalId }),
    );
  },
});

async function put(
  name: string,
  { calls, properties: wanted }: ResourceRequest<LogsMetricFilterProperties>,
): Promise<void> {
  await calls['cloudwatch-logs'].PutMetricFilter({
    logGroupName: wanted.LogGroupName,
    filterName: name,
    filterPattern: wanted.FilterPattern,
    metricTransformations: wanted.MetricTransformations.map((transformation) => ({
      metricName: transformation.MetricName,
      metricNamespace: transformation.MetricNamespace,
      metricValue: transformation.MetricValue,
      defaultValue: transformation.DefaultValue,
      dimensions:
        transformation.Dimensions &&
        Object.fromEntries(transformation.Dimensions.map(({ Key, Value }) => [Key, Value])),
      unit: transformation.Unit as StandardUnit | undefined,
    })),
    applyOnTransformedLogs: wanted.ApplyOnTransformedLogs,
    emitSystemFieldDimensions: wanted.EmitSystemFieldDimensions,
    fieldSelectionCriteria: wanted.FieldSelectionCriteria,
  });
}

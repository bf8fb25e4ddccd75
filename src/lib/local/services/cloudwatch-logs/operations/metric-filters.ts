import type { MetricTransformation, PutMetricFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { FilterPattern } from '../../../../shared/filter-pattern/filter-pattern.js';
import { LogMessage } from '../../../../shared/filter-pattern/log-message.js';
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Checked } from '../../../wire/handlers.js';
import { checkRegexes } from '../check-regexes.js';
import { DESCRIBE_LIMIT, FILTER_NAME, FILTER_PATTERN, INVALID, LOG_GROUP_NAME } from '../constraints.js';
import type { MetricFilter } from '../log-group.js';
import type { LogsState } from '../logs-state.js';
import { paginate } from '../page.js';
import { readPattern } from '../read-pattern.js';

type PutMetricFilterInput = Checked<PutMetricFilterCommandInput>;

const MOST_FILTERS = 100;
/** "One metric filter can include as many as three dimensions." */
const MOST_DIMENSIONS = 3;
const SIZES = [
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
];
const UNITS = [
  ...['Seconds', 'Microseconds', 'Milliseconds', ...SIZES, 'Percent', 'Count'],
  ...[...SIZES, 'Count'].map((unit) => `${unit}/Second`),
  'None',
];
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const METRIC_NAME = { max: 255, pattern: '[^:*$]*' };
/** The reference says that it holds no colon either; AWS takes `A.B-c_d/1#2:metricNamespace`. */
const METRIC_NAMESPACE = { max: 255, pattern: '[^*$]*' };

export const putMetricFilter = defineOperation('cloudwatch-logs', 'PutMetricFilter').as({
  constraints: {
    logGroupName: LOG_GROUP_NAME,
    filterName: FILTER_NAME,
    filterPattern: FILTER_PATTERN,
    metricTransformations: {
      min: 1,
      max: 1,
      members: {
        metricName: METRIC_NAME,
        metricNamespace: METRIC_NAMESPACE,
        metricValue: { max: 100 },
        dimensions: { keys: { max: 255 }, values: { max: 255 } },
        unit: { enum: UNITS },
      },
    },
  },
  notHere: ['fieldSelectionCriteria', 'emitSystemFieldDimensions'],
  run(logs: LogsState, input, { region }) {
    const pattern = readPattern(input.filterPattern, 'metric filter');
    const group = logs.in(region).standardGroup(input.logGroupName);
    for (const transformation of input.metricTransformations) checkTransformation(transformation, pattern);
    if (!group.metricFilters.has(input.filterName) && group.metricFilters.size >= MOST_FILTERS) {
      throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
    }
    checkRegexes(group, input.filterName, pattern.regexCount);
    group.metricFilters.set(input.filterName, {
      filterName: input.filterName,
      logGroupName: group.name,
      pattern,
      metricTransformations: input.metricTransformations as MetricTransformation[],
      applyOnTransformedLogs: input.applyOnTransformedLogs ?? false,
      creationTime: group.metricFilters.get(input.filterName)?.creationTime ?? logs.clock.now(),
    });
    return {};
  },
});

export const describeMetricFilters = defineOperation('cloudwatch-logs', 'DescribeMetricFilters').as({
  constraints: {
    logGroupName: LOG_GROUP_NAME,
    filterNamePrefix: FILTER_NAME,
    limit: DESCRIBE_LIMIT,
    metricName: METRIC_NAME,
    metricNamespace: METRIC_NAMESPACE,
  },
  run(logs: LogsState, input, { region }) {
    if ((input.metricName === undefined) !== (input.metricNamespace === undefined)) {
      throw new AwsError(INVALID, 'metricName and metricNamespace must be given together.');
    }
    const store = logs.in(region);
    const groups = input.logGroupName === undefined ? store.groups.values() : [store.standardGroup(input.logGroupName)];
    // "The results are ASCII-sorted by filter name."
    const keyOf = (filter: MetricFilter): string => `${filter.filterName}\0${filter.logGroupName}`;
    const wanted = [...groups]
      .flatMap((group) => [...group.metricFilters.values()])
      .filter(
        ({ filterName, metricTransformations }) =>
          filterName.startsWith(input.filterNamePrefix ?? '') &&
          (input.metricName === undefined ||
            metricTransformations.some(
              ({ metricName, metricNamespace }) =>
                metricName === input.metricName && metricNamespace === input.metricNamespace,
            )),
      );
    const { items, ...next } = paginate(wanted, input, { of: `DescribeMetricFilters ${input.logGroupName}`, keyOf });
    return {
      metricFilters: items.map(({ pattern, ...filter }) => ({ ...filter, filterPattern: pattern.text })),
      ...next,
    };
  },
});

export const deleteMetricFilter = defineOperation('cloudwatch-logs', 'DeleteMetricFilter').as({
  constraints: { logGroupName: LOG_GROUP_NAME, filterName: FILTER_NAME },
  run(logs: LogsState, input, { region }) {
    if (!logs.in(region).standardGroup(input.logGroupName).metricFilters.delete(input.filterName)) {
      throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
    }
    return {};
  },
});

export const testMetricFilter = defineOperation('cloudwatch-logs', 'TestMetricFilter').as({
  constraints: { filterPattern: FILTER_PATTERN, logEventMessages: { min: 1, max: 50, item: { min: 1 } } },
  run(_state, input) {
    const pattern = readPattern(input.filterPattern, 'metric filter');
    const matches = input.logEventMessages.flatMap((eventMessage, index) =>
      pattern.matches(new LogMessage(eventMessage))
        ? [{ eventNumber: index + 1, eventMessage, extractedValues: pattern.extract(eventMessage) }]
        : [],
    );
    return { matches };
  },
});

function checkTransformation(
  { metricValue, dimensions, defaultValue }: PutMetricFilterInput['metricTransformations'][number],
  pattern: FilterPattern,
): void {
  const count = Object.keys(dimensions ?? {}).length;
  const fail = (message: string): AwsError => new AwsError(INVALID, message);
  // https://github.com/aws-cloudformation/cfn-lint/issues/1525
  if (!metricValue.startsWith('$') && !NUMBER.test(metricValue)) {
    throw fail(`Invalid metric transformation: ${metricValue} is no number and no field, which begins with $.`);
  }
  if (count > MOST_DIMENSIONS) throw fail(`A metric filter can have no more than ${MOST_DIMENSIONS} dimensions.`);
  if (count > 0 && pattern.kind !== 'json' && pattern.kind !== 'space-delimited') {
    throw fail('The specified filter pattern does not support dimensions');
  }
  if (count > 0 && defaultValue !== undefined) {
    throw fail('Invalid metric transformation: dimensions and default value are mutually exclusive properties.');
  }
}

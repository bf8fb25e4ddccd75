import type { MetricTransformation, PutMetricFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../../shared/clock.js';
import type { FilterPattern } from '../../../shared/filter-pattern/filter-pattern.js';
import { LogMessage } from '../../../shared/filter-pattern/log-message.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked, Handlers } from '../../wire/handlers.js';
import {
  checkInput,
  DESCRIBE_LIMIT,
  FILTER_NAME,
  FILTER_PATTERN,
  INVALID,
  LOG_GROUP_NAME,
  refuseMembers,
} from './constraints.js';
import type { MetricFilter } from './log-group.js';
import type { LogStore } from './log-store.js';
import { byKey, pageByKey } from './page-by-key.js';
import { readPattern } from './read-pattern.js';
import { checkRegexes } from './subscription-filters.js';

type MetricFilterHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  'PutMetricFilter' | 'DescribeMetricFilters' | 'DeleteMetricFilter' | 'TestMetricFilter'
>;

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

/** Metric filters are checked, kept and given back; no metric comes of them. */
export function metricFilters(storeIn: (region: string) => LogStore, clock: Clock): MetricFilterHandlers {
  return {
    PutMetricFilter(input, { region }) {
      checkInput(input, {
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
      });
      refuseMembers(input, 'fieldSelectionCriteria', 'emitSystemFieldDimensions');
      const pattern = readPattern(input.filterPattern, 'metric filter');
      const group = storeIn(region).standardGroup(input.logGroupName);
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
        creationTime: group.metricFilters.get(input.filterName)?.creationTime ?? clock.now(),
      });
      return {};
    },

    DescribeMetricFilters(input, { region }) {
      checkInput(input, {
        logGroupName: LOG_GROUP_NAME,
        filterNamePrefix: FILTER_NAME,
        limit: DESCRIBE_LIMIT,
        metricName: METRIC_NAME,
        metricNamespace: METRIC_NAMESPACE,
      });
      if ((input.metricName === undefined) !== (input.metricNamespace === undefined)) {
        throw new AwsError(INVALID, 'metricName and metricNamespace must be given together.');
      }
      const store = storeIn(region);
      const groups =
        input.logGroupName === undefined ? store.groups.values() : [store.standardGroup(input.logGroupName)];
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
        )
        .sort(byKey(keyOf));
      const { items, nextToken } = pageByKey(wanted, keyOf, { limit: input.limit ?? 50, token: input.nextToken });
      return {
        metricFilters: items.map(({ pattern, ...filter }) => ({ ...filter, filterPattern: pattern.text })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },

    DeleteMetricFilter(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME, filterName: FILTER_NAME });
      if (!storeIn(region).standardGroup(input.logGroupName).metricFilters.delete(input.filterName)) {
        throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
      }
      return {};
    },

    TestMetricFilter(input) {
      checkInput(input, { filterPattern: FILTER_PATTERN, logEventMessages: { min: 1, max: 50, item: { min: 1 } } });
      const pattern = readPattern(input.filterPattern, 'metric filter');
      const matches = input.logEventMessages.flatMap((eventMessage, index) =>
        pattern.matches(new LogMessage(eventMessage))
          ? [{ eventNumber: index + 1, eventMessage, extractedValues: pattern.extract(eventMessage) }]
          : [],
      );
      return { matches };
    },
  };
}

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

import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../../shared/clock.js';
import { LogMessage } from '../../../shared/filter-pattern/log-message.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { DESCRIBE_LIMIT, FILTER_NAME, FILTER_PATTERN, INVALID, LOG_GROUP_NAME } from './constraints.js';
import type { LogStore, MetricFilter } from './log-store.js';
import { byKey, pageByKey } from './page-by-key.js';
import { readPattern } from './read-pattern.js';
import { checkRegexes } from './subscription-filters.js';

type MetricFilterHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  'PutMetricFilter' | 'DescribeMetricFilters' | 'DeleteMetricFilter' | 'TestMetricFilter'
>;

const MOST_FILTERS = 100;
const METRIC_NAME = { max: 255, pattern: '[^:*$]*' };

/** Metric filters are checked, kept and given back; no metric comes of them. */
export function metricFilters(storeIn: (region: string) => LogStore, clock: Clock): MetricFilterHandlers {
  return {
    PutMetricFilter(input, { region }) {
      validate(
        input,
        {
          logGroupName: LOG_GROUP_NAME,
          filterName: FILTER_NAME,
          filterPattern: FILTER_PATTERN,
          metricTransformations: {
            min: 1,
            max: 1,
            members: { metricName: METRIC_NAME, metricNamespace: METRIC_NAME, metricValue: { max: 100 } },
          },
        },
        INVALID,
      );
      const pattern = readPattern(input.filterPattern);
      const group = storeIn(region).group(input.logGroupName);
      const dimensions = input.metricTransformations.some(({ dimensions = {} }) => Object.keys(dimensions).length > 0);
      if (dimensions && pattern.kind !== 'json' && pattern.kind !== 'space-delimited') {
        throw new AwsError(INVALID, 'The specified filter pattern does not support dimensions');
      }
      if (dimensions && input.metricTransformations.some(({ defaultValue }) => defaultValue !== undefined)) {
        throw new AwsError(
          INVALID,
          'Invalid metric transformation: dimensions and default value are mutually exclusive properties.',
        );
      }
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
      validate(
        input,
        {
          logGroupName: LOG_GROUP_NAME,
          filterNamePrefix: FILTER_NAME,
          limit: DESCRIBE_LIMIT,
          metricName: METRIC_NAME,
          metricNamespace: METRIC_NAME,
        },
        INVALID,
      );
      if ((input.metricName === undefined) !== (input.metricNamespace === undefined)) {
        throw new AwsError(INVALID, 'metricName and metricNamespace must be given together.');
      }
      const store = storeIn(region);
      const groups = input.logGroupName === undefined ? store.groups.values() : [store.group(input.logGroupName)];
      const keyOf = (filter: MetricFilter): string => `${filter.logGroupName} ${filter.filterName}`;
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
      validate(input, { logGroupName: LOG_GROUP_NAME, filterName: FILTER_NAME }, INVALID);
      if (!storeIn(region).group(input.logGroupName).metricFilters.delete(input.filterName)) {
        throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
      }
      return {};
    },

    TestMetricFilter(input) {
      validate(
        input,
        { filterPattern: FILTER_PATTERN, logEventMessages: { min: 1, max: 50, item: { min: 1 } } },
        INVALID,
      );
      const pattern = readPattern(input.filterPattern);
      const matches = input.logEventMessages.flatMap((eventMessage, index) =>
        pattern.matches(new LogMessage(eventMessage))
          ? [{ eventNumber: index + 1, eventMessage, extractedValues: pattern.extract(eventMessage) }]
          : [],
      );
      return { matches };
    },
  };
}

import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import type { Constraints } from '../../wire/validate.js';
import {
  checkInput,
  DESCRIBE_LIMIT,
  FILTER_NAME,
  FILTER_PATTERN,
  INVALID,
  LOG_GROUP_NAME,
  refuseMembers,
} from './constraints.js';
import { readDestination } from './destination.js';
import { packControlMessage } from './envelope.js';
import type { LogGroup, SubscriptionFilter } from './log-group.js';
import type { LogStore } from './log-store.js';
import { byKey, pageByKey } from './page-by-key.js';
import { readPattern } from './read-pattern.js';

type SubscriptionFilterHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  'PutSubscriptionFilter' | 'DescribeSubscriptionFilters' | 'DeleteSubscriptionFilter'
>;

const MOST_FILTERS = 2;
const MOST_REGEX_FILTERS = 5;

const CONSTRAINTS: Constraints = {
  logGroupName: LOG_GROUP_NAME,
  filterName: FILTER_NAME,
  filterPattern: FILTER_PATTERN,
  destinationArn: { min: 1 },
  roleArn: { min: 1 },
  distribution: { enum: ['Random', 'ByLogStream'] },
};

export function subscriptionFilters(
  storeIn: (region: string) => LogStore,
  environment: ServiceEnvironment,
): SubscriptionFilterHandlers {
  const { clock, log } = environment;
  return {
    async PutSubscriptionFilter(input, { region, accountId }) {
      checkInput(input, CONSTRAINTS);
      refuseMembers(input, 'fieldSelectionCriteria', 'emitSystemFields');
      const pattern = readPattern(input.filterPattern, 'subscription filter');
      const store = storeIn(region);
      const source = store.standardGroup(input.logGroupName);
      checkRoom(source, input.filterName);
      const destination = await readDestination(input.destinationArn, region, environment);
      if (destination.vendor === 'kinesis' && input.roleArn === undefined) {
        throw new AwsError(INVALID, 'destinationArn for vendor kinesis cannot be used without roleArn');
      }
      if (destination.vendor === 'lambda' && input.roleArn !== undefined) {
        throw new AwsError(INVALID, 'destinationArn for vendor lambda cannot be used with roleArn');
      }
      try {
        const sender = { service: 'logs', sourceArn: `${source.arn}:*`, region, accountId };
        await destination.check(packControlMessage(clock.now()), source.name, sender);
      } catch (error) {
        // AWS's sentence does not say what is wrong with the destination; the endpoint's log does.
        const { cause } = error as Error;
        if (cause instanceof Error) log(`cloudwatch-logs: ${input.destinationArn} was refused: ${cause.message}`);
        throw error;
      }
      // The check took time: the group may be gone, or full, by now.
      const group = store.standardGroup(input.logGroupName);
      checkRoom(group, input.filterName);
      checkRegexes(group, input.filterName, pattern.regexCount);
      group.subscriptionFilters.set(input.filterName, {
        filterName: input.filterName,
        logGroupName: group.name,
        pattern,
        destinationArn: input.destinationArn,
        destination,
        roleArn: input.roleArn,
        distribution: input.distribution ?? 'ByLogStream',
        applyOnTransformedLogs: input.applyOnTransformedLogs ?? false,
        creationTime: group.subscriptionFilters.get(input.filterName)?.creationTime ?? clock.now(),
      });
      return {};
    },

    DescribeSubscriptionFilters(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME, filterNamePrefix: FILTER_NAME, limit: DESCRIBE_LIMIT });
      const filters = [...storeIn(region).standardGroup(input.logGroupName).subscriptionFilters.values()]
        .filter((filter) => filter.filterName.startsWith(input.filterNamePrefix ?? ''))
        .sort(byKey((filter) => filter.filterName));
      const { items, nextToken } = pageByKey(filters, (filter) => filter.filterName, {
        limit: input.limit ?? 50,
        token: input.nextToken,
      });
      return { subscriptionFilters: items.map(describeFilter), ...(nextToken !== undefined && { nextToken }) };
    },

    DeleteSubscriptionFilter(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME, filterName: FILTER_NAME });
      if (!storeIn(region).standardGroup(input.logGroupName).subscriptionFilters.delete(input.filterName)) {
        throw new AwsError('ResourceNotFoundException', 'The specified subscription filter does not exist.');
      }
      return {};
    },
  };
}

function checkRoom(group: LogGroup, filterName: string): void {
  if (!group.subscriptionFilters.has(filterName) && group.subscriptionFilters.size >= MOST_FILTERS) {
    throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
  }
}

/** "Each log group supports a maximum of 5 filter patterns containing regex", metric and subscription filters together. */
export function checkRegexes(group: LogGroup, name: string, regexCount: number): void {
  if (regexCount === 0) return;
  const filters = [...group.subscriptionFilters.values(), ...group.metricFilters.values()];
  const others = filters.filter((filter) => filter.filterName !== name && filter.pattern.regexCount > 0);
  if (others.length >= MOST_REGEX_FILTERS) throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
}

const describeFilter = (filter: SubscriptionFilter) => ({
  filterName: filter.filterName,
  logGroupName: filter.logGroupName,
  filterPattern: filter.pattern.text,
  destinationArn: filter.destinationArn,
  distribution: filter.distribution,
  applyOnTransformedLogs: filter.applyOnTransformedLogs,
  creationTime: filter.creationTime,
  ...(filter.roleArn !== undefined && { roleArn: filter.roleArn }),
});

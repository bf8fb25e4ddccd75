import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraints } from '../../../wire/validate.js';
import { checkRegexes } from '../check-regexes.js';
import { DESCRIBE_LIMIT, FILTER_NAME, FILTER_PATTERN, INVALID, LOG_GROUP_NAME } from '../constraints.js';
import { readDestination } from '../destination.js';
import { packControlMessage } from '../envelope.js';
import type { LogGroup, SubscriptionFilter } from '../log-group.js';
import type { LogsState } from '../logs-state.js';
import { paginate } from '../page.js';
import { readPattern } from '../read-pattern.js';

const MOST_FILTERS = 2;

const CONSTRAINTS: Constraints = {
  logGroupName: LOG_GROUP_NAME,
  filterName: FILTER_NAME,
  filterPattern: FILTER_PATTERN,
  destinationArn: { min: 1 },
  roleArn: { min: 1 },
  distribution: { enum: ['Random', 'ByLogStream'] },
};

export const putSubscriptionFilter = defineOperation('cloudwatch-logs', 'PutSubscriptionFilter').as({
  constraints: CONSTRAINTS,
  notHere: ['fieldSelectionCriteria', 'emitSystemFields'],
  async run(logs: LogsState, input, { region, accountId }) {
    const pattern = readPattern(input.filterPattern, 'subscription filter');
    const store = logs.in(region);
    const source = store.standardGroup(input.logGroupName);
    checkRoom(source, input.filterName);
    const destination = await readDestination(input.destinationArn, region, logs.environment);
    if (destination.vendor === 'kinesis' && input.roleArn === undefined) {
      throw new AwsError(INVALID, 'destinationArn for vendor kinesis cannot be used without roleArn');
    }
    if (destination.vendor === 'lambda' && input.roleArn !== undefined) {
      throw new AwsError(INVALID, 'destinationArn for vendor lambda cannot be used with roleArn');
    }
    try {
      const sender = { service: 'logs', sourceArn: `${source.arn}:*`, region, accountId };
      await destination.check(packControlMessage(logs.clock.now()), source.name, sender);
    } catch (error) {
      // AWS's sentence does not say what is wrong with the destination; the endpoint's log does.
      const { cause } = error as Error;
      if (cause instanceof Error)
        logs.environment.log(`cloudwatch-logs: ${input.destinationArn} was refused: ${cause.message}`);
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
      creationTime: group.subscriptionFilters.get(input.filterName)?.creationTime ?? logs.clock.now(),
    });
    return {};
  },
});

export const describeSubscriptionFilters = defineOperation('cloudwatch-logs', 'DescribeSubscriptionFilters').as({
  constraints: { logGroupName: LOG_GROUP_NAME, filterNamePrefix: FILTER_NAME, limit: DESCRIBE_LIMIT },
  run(logs: LogsState, input, { region }) {
    const filters = [...logs.in(region).standardGroup(input.logGroupName).subscriptionFilters.values()].filter(
      (filter) => filter.filterName.startsWith(input.filterNamePrefix ?? ''),
    );
    const { items, ...next } = paginate(filters, input, {
      of: `DescribeSubscriptionFilters ${input.logGroupName}`,
      keyOf: ({ filterName }) => filterName,
    });
    return { subscriptionFilters: items.map(describeFilter), ...next };
  },
});

export const deleteSubscriptionFilter = defineOperation('cloudwatch-logs', 'DeleteSubscriptionFilter').as({
  constraints: { logGroupName: LOG_GROUP_NAME, filterName: FILTER_NAME },
  run(logs: LogsState, input, { region }) {
    if (!logs.in(region).standardGroup(input.logGroupName).subscriptionFilters.delete(input.filterName)) {
      throw new AwsError('ResourceNotFoundException', 'The specified subscription filter does not exist.');
    }
    return {};
  },
});

function checkRoom(group: LogGroup, filterName: string): void {
  if (!group.subscriptionFilters.has(filterName) && group.subscriptionFilters.size >= MOST_FILTERS) {
    throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
  }
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

import { defineService } from '../../define-service.js';
import { checkNames, INVALID, SHARED } from './constraints.js';
import { LOGS_GAPS } from './gaps.js';
import { LogsState } from './logs-state.js';
import { filterLogEvents } from './operations/filter-log-events.js';
import { getLogEvents } from './operations/get-log-events.js';
import * as logGroups from './operations/log-groups.js';
import * as logStreams from './operations/log-streams.js';
import * as metricFilters from './operations/metric-filters.js';
import { putLogEvents } from './operations/put-log-events.js';
import { startLiveTail } from './operations/start-live-tail.js';
import * as subscriptionFilters from './operations/subscription-filters.js';
import * as tags from './operations/tags.js';

/** CloudWatch Logs: groups, streams and events, and subscription filters that deliver. */
export const cloudwatchLogs = defineService({
  id: 'cloudwatch-logs',
  title: 'CloudWatch Logs',
  state: (environment) => new LogsState(environment),
  operations: [
    filterLogEvents,
    getLogEvents,
    ...Object.values(logGroups),
    ...Object.values(logStreams),
    ...Object.values(metricFilters),
    putLogEvents,
    startLiveTail,
    ...Object.values(subscriptionFilters),
    ...Object.values(tags),
  ],
  invalid: INVALID,
  constraints: SHARED,
  prepare: () => (input) => {
    checkNames(input);
    return input;
  },
  close: (logs) => logs.close(),
  gaps: LOGS_GAPS,
});

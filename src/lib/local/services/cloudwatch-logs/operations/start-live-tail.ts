import { defineOperation } from '../../../define-operation.js';
import { FILTER_PATTERN, LOG_GROUP_IDENTIFIER, LOG_STREAM_NAME } from '../constraints.js';
import { LIMITS } from '../live-tail.js';
import type { LogsState } from '../logs-state.js';

export const startLiveTail = defineOperation('cloudwatch-logs', 'StartLiveTail').as({
  constraints: {
    logGroupIdentifiers: { min: 1, max: LIMITS.groups, item: LOG_GROUP_IDENTIFIER },
    logStreamNames: { min: 1, max: LIMITS.streams, item: LOG_STREAM_NAME },
    logStreamNamePrefixes: { min: 1, max: LIMITS.streams, item: LOG_STREAM_NAME },
    logEventFilterPattern: FILTER_PATTERN,
  },
  run: ({ liveTail }: LogsState, input, context) => ({ responseStream: liveTail.start(input, context) }),
});

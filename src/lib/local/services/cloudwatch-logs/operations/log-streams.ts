import { defineOperation } from '../../../define-operation.js';
import { numberKey } from '../../../kit/page.js';
import { AwsError } from '../../../wire/aws-error.js';
import { DESCRIBE_LIMIT, INVALID, LOG_GROUP_IDENTIFIER, LOG_GROUP_NAME, LOG_STREAM_NAME } from '../constraints.js';
import { checkUnprotected, type LogStream } from '../log-group.js';
import type { LogsState } from '../logs-state.js';
import { paginate } from '../page.js';

export const createLogStream = defineOperation('cloudwatch-logs', 'CreateLogStream').as({
  constraints: { logGroupName: LOG_GROUP_NAME, logStreamName: LOG_STREAM_NAME },
  run(logs: LogsState, input, { region }) {
    const store = logs.in(region);
    store.createStream(store.group(input.logGroupName), input.logStreamName);
    return {};
  },
});

export const deleteLogStream = defineOperation('cloudwatch-logs', 'DeleteLogStream').as({
  constraints: { logGroupName: LOG_GROUP_NAME, logStreamName: LOG_STREAM_NAME },
  run(logs: LogsState, input, { region }) {
    const store = logs.in(region);
    const group = store.group(input.logGroupName);
    const stream = store.stream(group, input.logStreamName);
    checkUnprotected(group);
    store.deleteStream(group, stream);
    return {};
  },
});

export const describeLogStreams = defineOperation('cloudwatch-logs', 'DescribeLogStreams').as({
  constraints: {
    logGroupName: LOG_GROUP_NAME,
    logGroupIdentifier: LOG_GROUP_IDENTIFIER,
    logStreamNamePrefix: LOG_STREAM_NAME,
    orderBy: { enum: ['LogStreamName', 'LastEventTime'] },
    limit: DESCRIBE_LIMIT,
  },
  run(logs: LogsState, input, { region }) {
    const byTime = input.orderBy === 'LastEventTime';
    if (byTime && input.logStreamNamePrefix !== undefined) {
      throw new AwsError(INVALID, 'Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const descending = input.descending ?? false;
    const store = logs.in(region);
    const group = store.groupOf(input);
    store.trim(group);
    const keyOf = byTime ? lastEventKey : (stream: LogStream) => stream.name;
    const wanted = [...group.streams.values()].filter((stream) =>
      stream.name.startsWith(input.logStreamNamePrefix ?? ''),
    );
    const { items, ...next } = paginate(wanted, input, {
      of: `DescribeLogStreams ${group.name} ${byTime} ${descending}`,
      keyOf,
      descending,
    });
    return { logStreams: items.map(describeStream), ...next };
  },
});

/** Orders by the last event's time; streams with the same one, or with none, by name. */
const lastEventKey = (stream: LogStream): string => `${numberKey(stream.events.last?.timestamp ?? 0)} ${stream.name}`;

function describeStream(stream: LogStream) {
  const { first, last } = stream.events;
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    arn: stream.arn,
    // Always 0: AWS has not counted bytes for single streams since June 2019.
    storedBytes: 0,
    ...(first && { firstEventTimestamp: first.timestamp }),
    ...(last && { lastEventTimestamp: last.timestamp }),
    // A stream that was never written to has no token either, as on AWS.
    ...(stream.lastIngestionTime !== undefined && {
      lastIngestionTime: stream.lastIngestionTime,
      uploadSequenceToken: String(stream.events.length).padStart(56, '0'),
    }),
  };
}

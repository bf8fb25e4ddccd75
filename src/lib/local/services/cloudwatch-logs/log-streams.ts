import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import {
  checkInput,
  DESCRIBE_LIMIT,
  INVALID,
  LOG_GROUP_IDENTIFIER,
  LOG_GROUP_NAME,
  LOG_STREAM_NAME,
} from './constraints.js';
import { checkUnprotected, type LogStream } from './log-group.js';
import type { LogStore } from './log-store.js';
import { byKey, pageByKey } from './page-by-key.js';

type LogStreamHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  'CreateLogStream' | 'DeleteLogStream' | 'DescribeLogStreams'
>;

export function logStreams(storeIn: (region: string) => LogStore): LogStreamHandlers {
  return {
    CreateLogStream(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME, logStreamName: LOG_STREAM_NAME });
      const store = storeIn(region);
      store.createStream(store.group(input.logGroupName), input.logStreamName);
      return {};
    },

    DeleteLogStream(input, { region }) {
      checkInput(input, { logGroupName: LOG_GROUP_NAME, logStreamName: LOG_STREAM_NAME });
      const store = storeIn(region);
      const group = store.group(input.logGroupName);
      const stream = store.stream(group, input.logStreamName);
      checkUnprotected(group);
      store.deleteStream(group, stream);
      return {};
    },

    DescribeLogStreams(input, { region }) {
      checkInput(input, {
        logGroupName: LOG_GROUP_NAME,
        logGroupIdentifier: LOG_GROUP_IDENTIFIER,
        logStreamNamePrefix: LOG_STREAM_NAME,
        orderBy: { enum: ['LogStreamName', 'LastEventTime'] },
        limit: DESCRIBE_LIMIT,
      });
      const byTime = input.orderBy === 'LastEventTime';
      if (byTime && input.logStreamNamePrefix !== undefined) {
        throw new AwsError(INVALID, 'Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      const descending = input.descending ?? false;
      const store = storeIn(region);
      const group = store.groupOf(input);
      store.trim(group);
      const keyOf = byTime ? lastEventKey : (stream: LogStream) => stream.name;
      const wanted = [...group.streams.values()]
        .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
        .sort(byKey(keyOf, descending));
      const { items, nextToken } = pageByKey(wanted, keyOf, {
        limit: input.limit ?? 50,
        token: input.nextToken,
        descending,
      });
      return { logStreams: items.map(describeStream), ...(nextToken !== undefined && { nextToken }) };
    },
  };
}

/** Orders by the last event's time; streams with the same one, or with none, by name. */
const lastEventKey = (stream: LogStream): string =>
  `${String(stream.events.last?.timestamp ?? 0).padStart(16, '0')} ${stream.name}`;

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

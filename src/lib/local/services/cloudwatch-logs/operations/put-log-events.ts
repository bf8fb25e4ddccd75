import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraints } from '../../../wire/validate.js';
import { INVALID, LOG_GROUP_NAME, LOG_STREAM_NAME } from '../constraints.js';
import { billedBytes, type LogGroup } from '../log-group.js';
import type { LogsState } from '../logs-state.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const LIMITS = {
  batchBytes: 1_048_576,
  /** Raised from 256 KB in April 2025. */
  eventBytes: 1_048_576,
  spanMs: DAY_MS,
  tooOldMs: 14 * DAY_MS,
  tooNewMs: 2 * HOUR_MS,
};

const CONSTRAINTS: Constraints = {
  logGroupName: LOG_GROUP_NAME,
  logStreamName: LOG_STREAM_NAME,
  sequenceToken: { min: 1 },
  entity: {
    members: {
      keyAttributes: { min: 2, max: 4, keys: { min: 1, max: 32 }, values: { min: 1, max: 512 } },
      attributes: { max: 10, keys: { min: 1, max: 256 }, values: { min: 1, max: 512 } },
    },
  },
  logEvents: {
    min: 1,
    max: 10_000,
    members: { timestamp: { range: [0, Number.MAX_SAFE_INTEGER] }, message: { min: 1 } },
  },
};

export const putLogEvents = defineOperation('cloudwatch-logs', 'PutLogEvents').as({
  constraints: CONSTRAINTS,
  run(logs: LogsState, input, { region }) {
    const { logEvents } = input;
    checkBatch(logEvents);
    const store = logs.in(region);
    const group = store.group(input.logGroupName);
    const stream = store.stream(group, input.logStreamName);
    const { from, to, rejected } = acceptable(logEvents, group, logs.clock.now());
    checkSpan(logEvents[from], logEvents[to - 1]);
    if (from < to) logs.stored(group, stream, store.append(group, stream, logEvents.slice(from, to)));
    return {
      // Sequence tokens have had no meaning since January 2023; every answer still carries one.
      nextSequenceToken: String(stream.events.length).padStart(56, '0'),
      ...(rejected && { rejectedLogEventsInfo: rejected }),
    };
  },
});

function checkBatch(events: readonly { timestamp: number; message: string }[]): void {
  let bytes = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (const { timestamp, message } of events) {
    const eventBytes = billedBytes(message);
    if (eventBytes > LIMITS.eventBytes) {
      throw new AwsError(INVALID, `Log event too large: ${eventBytes} bytes exceeds limit of ${LIMITS.eventBytes}`);
    }
    bytes += eventBytes;
    if (timestamp < previous) {
      throw new AwsError(INVALID, 'Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
  }
  if (bytes > LIMITS.batchBytes) {
    throw new AwsError(INVALID, `Upload too large: ${bytes} bytes exceeds limit of ${LIMITS.batchBytes}`);
  }
}

/** "For valid events (within 14 days in the past to 2 hours in future), the time span in a single batch cannot exceed 24 hours." */
function checkSpan(first: { timestamp: number } | undefined, last: { timestamp: number } | undefined): void {
  if (first && last && last.timestamp - first.timestamp > LIMITS.spanMs) {
    throw new AwsError(
      INVALID,
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
}

interface Rejected {
  tooOldLogEventEndIndex?: number;
  expiredLogEventEndIndex?: number;
  tooNewLogEventStartIndex?: number;
}

/** The run of events that is neither too old nor too new; the rest is told by index and not stored. */
function acceptable(
  events: readonly { timestamp: number }[],
  group: LogGroup,
  now: number,
): { from: number; to: number; rejected: Rejected | undefined } {
  const firstFrom = (timestamp: number): number => {
    const index = events.findIndex((event) => event.timestamp >= timestamp);
    return index === -1 ? events.length : index;
  };
  const tooOldEnd = firstFrom(now - LIMITS.tooOldMs);
  const expiredEnd = group.retentionInDays === undefined ? 0 : firstFrom(now - group.retentionInDays * DAY_MS);
  const tooNewStart = firstFrom(now + LIMITS.tooNewMs + 1);
  const rejected: Rejected = {
    ...(tooOldEnd > 0 && { tooOldLogEventEndIndex: tooOldEnd }),
    ...(expiredEnd > 0 && { expiredLogEventEndIndex: expiredEnd }),
    ...(tooNewStart < events.length && { tooNewLogEventStartIndex: tooNewStart }),
  };
  return {
    from: Math.max(tooOldEnd, expiredEnd),
    to: tooNewStart,
    rejected: Object.keys(rejected).length > 0 ? rejected : undefined,
  };
}

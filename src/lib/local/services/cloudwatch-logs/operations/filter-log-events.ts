import type { FilterPattern } from '../../../../shared/filter-pattern/filter-pattern.js';
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraints } from '../../../wire/validate.js';
import { FILTER_PATTERN, INVALID, LOG_GROUP_IDENTIFIER, LOG_GROUP_NAME, LOG_STREAM_NAME } from '../constraints.js';
import { type EventPosition, formatEventId, parseEventId } from '../event-id.js';
import { billedBytes, type LogGroup } from '../log-group.js';
import type { LogStore } from '../log-store.js';
import type { LogsState } from '../logs-state.js';
import { readPattern } from '../read-pattern.js';
import type { StoredEvent } from '../sorted-events.js';

const CONSTRAINTS: Constraints = {
  logGroupName: LOG_GROUP_NAME,
  logGroupIdentifier: LOG_GROUP_IDENTIFIER,
  logStreamNames: { min: 1, max: 100, item: LOG_STREAM_NAME },
  logStreamNamePrefix: LOG_STREAM_NAME,
  filterPattern: FILTER_PATTERN,
  limit: { range: [1, 10_000] },
  startTime: { range: [0, Number.MAX_SAFE_INTEGER] },
  endTime: { range: [0, Number.MAX_SAFE_INTEGER] },
};
/** "This operation returns up to 10,000 log events or 1 MB". A page also ends after so many events were looked at, so that no search holds the endpoint up; AWS's pages may be empty for the same reason. */
const PAGE = { events: 10_000, bytes: 1_048_576, looked: 100_000 };

/** Searches a group: all streams merged by time, from `startTime` to `endTime`, both included. */
export const filterLogEvents = defineOperation('cloudwatch-logs', 'FilterLogEvents').as({
  constraints: CONSTRAINTS,
  run(logs: LogsState, input, { region }) {
    if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
      throw new AwsError(INVALID, 'logStreamNames and logStreamNamePrefix cannot both be provided.');
    }
    if (input.startTime !== undefined && input.endTime !== undefined && input.startTime > input.endTime) {
      throw new AwsError(INVALID, 'startTime must be before or equal to endTime.');
    }
    const pattern = readPattern(input.filterPattern ?? '', 'filter');
    const store = logs.in(region);
    const group = store.groupOf(input);
    store.trim(group);
    const from = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    const { found, next } = search(group, {
      from: from ?? { timestamp: input.startTime ?? 0, sequence: 0 },
      endTime: input.endTime ?? Number.POSITIVE_INFINITY,
      pattern,
      inStreams: streamTest(store, group, input),
      limit: input.limit ?? PAGE.events,
    });
    return {
      events: found.map((event) => ({
        logStreamName: event.logStreamName,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: formatEventId(event),
      })),
      searchedLogStreams: [],
      ...(next && { nextToken: writeToken(next) }),
    };
  },
});

interface Search {
  from: EventPosition;
  endTime: number;
  pattern: FilterPattern;
  inStreams: (logStreamName: string) => boolean;
  limit: number;
}

function search(group: LogGroup, wanted: Search): { found: StoredEvent[]; next: EventPosition | undefined } {
  const { events } = group;
  const found: StoredEvent[] = [];
  let bytes = 0;
  const start = events.indexAfter(wanted.from);
  for (let index = start; index < events.length; index += 1) {
    const event = events.at(index);
    if (!event || event.timestamp > wanted.endTime) return { found, next: undefined };
    const before = index > start ? (events.at(index - 1) ?? wanted.from) : wanted.from;
    if (index - start >= PAGE.looked) return { found, next: before };
    if (!wanted.inStreams(event.logStreamName) || !wanted.pattern.matches(event.message)) continue;
    bytes += billedBytes(event.message);
    if (found.length >= wanted.limit || (found.length > 0 && bytes > PAGE.bytes)) return { found, next: before };
    found.push(event);
  }
  return { found, next: undefined };
}

function streamTest(
  store: LogStore,
  group: LogGroup,
  input: { logStreamNames?: string[] | undefined; logStreamNamePrefix?: string | undefined },
): (logStreamName: string) => boolean {
  const { logStreamNames, logStreamNamePrefix } = input;
  if (logStreamNames) {
    for (const name of logStreamNames) store.stream(group, name);
    const names = new Set(logStreamNames);
    return (name) => names.has(name);
  }
  if (logStreamNamePrefix !== undefined) return (name) => name.startsWith(logStreamNamePrefix);
  return () => true;
}

const writeToken = (position: EventPosition): string => `filter/${formatEventId(position)}`;

function readToken(token: string): EventPosition {
  const position = token.startsWith('filter/') ? parseEventId(token.slice('filter/'.length)) : undefined;
  if (!position) throw new AwsError(INVALID, 'The specified nextToken is invalid.');
  return position;
}

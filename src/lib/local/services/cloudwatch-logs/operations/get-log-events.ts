import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraints } from '../../../wire/validate.js';
import { INVALID, LOG_GROUP_IDENTIFIER, LOG_GROUP_NAME, LOG_STREAM_NAME } from '../constraints.js';
import { type EventPosition, formatEventId, parseEventId } from '../event-id.js';
import { billedBytes } from '../log-group.js';
import type { LogsState } from '../logs-state.js';
import type { SortedEvents, StoredEvent } from '../sorted-events.js';

const CONSTRAINTS: Constraints = {
  logGroupName: LOG_GROUP_NAME,
  logGroupIdentifier: LOG_GROUP_IDENTIFIER,
  logStreamName: LOG_STREAM_NAME,
  limit: { range: [1, 10_000] },
  startTime: { range: [0, Number.MAX_SAFE_INTEGER] },
  endTime: { range: [0, Number.MAX_SAFE_INTEGER] },
};
/** "This operation returns up to 1 MB (10,000 log events)". */
const PAGE = { events: 10_000, bytes: 1_048_576 };

/**
 * Pages both ways through one stream. A token is a place between two events: `f/` reads what comes after it, `b/` what came before, and
 * either may be asked again for ever. At the end of the stream the token that was given comes back, which is how callers know the end.
 */
export const getLogEvents = defineOperation('cloudwatch-logs', 'GetLogEvents').as({
  constraints: CONSTRAINTS,
  run(logs: LogsState, input, { region }) {
    const store = logs.in(region);
    const group = store.groupOf(input);
    store.trim(group);
    const { events } = store.stream(group, input.logStreamName);
    const token = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    const low = input.startTime === undefined ? 0 : events.indexFrom(input.startTime);
    // endTime itself is not included, unlike in FilterLogEvents.
    const high = input.endTime === undefined ? events.length : events.indexFrom(input.endTime);
    const at = token ? Math.min(Math.max(events.indexAfter(token.position), low), high) : undefined;
    const forward = token ? token.forward : (input.startFromHead ?? false);
    const limit = input.limit ?? PAGE.events;
    const page = forward ? takeForward(events, at ?? low, high, limit) : takeBackward(events, low, at ?? high, limit);
    const first = page[0];
    const last = page.at(-1);
    const here = token?.position ?? { timestamp: 0, sequence: 0 };
    return {
      events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: writeToken('f', last ?? here),
      nextBackwardToken: writeToken('b', first ? { ...first, sequence: first.sequence - 1 } : here),
    };
  },
});

function takeForward(events: SortedEvents, from: number, to: number, limit: number): StoredEvent[] {
  const page: StoredEvent[] = [];
  let bytes = 0;
  for (let index = from; index < to && page.length < limit; index += 1) {
    const event = events.at(index);
    if (!event) break;
    bytes += billedBytes(event.message);
    if (bytes > PAGE.bytes && page.length > 0) break;
    page.push(event);
  }
  return page;
}

function takeBackward(events: SortedEvents, from: number, to: number, limit: number): StoredEvent[] {
  const page: StoredEvent[] = [];
  let bytes = 0;
  for (let index = to - 1; index >= from && page.length < limit; index -= 1) {
    const event = events.at(index);
    if (!event) break;
    bytes += billedBytes(event.message);
    if (bytes > PAGE.bytes && page.length > 0) break;
    page.push(event);
  }
  return page.reverse();
}

const writeToken = (direction: 'f' | 'b', position: EventPosition): string =>
  `${direction}/${formatEventId(position)}/s`;

function readToken(token: string): { forward: boolean; position: EventPosition } {
  const match = /^([fb])\/(\d{56})(?:\/s)?$/.exec(token);
  const position = match && parseEventId(match[2] ?? '');
  if (!position) throw new AwsError(INVALID, 'The specified nextToken is invalid.');
  return { forward: match[1] === 'f', position };
}

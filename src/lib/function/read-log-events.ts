import type { CloudWatchLogsClient, FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../shared/clock.js';
import { type FilterPattern, parseFilterPattern } from '../shared/filter-pattern/filter-pattern.js';
import type { Target } from '../target/target.js';

/** One event of a log group. Times are milliseconds since the epoch. */
export interface LogEvent {
  timestamp: number;
  ingestionTime: number | undefined;
  logStream: string;
  message: string;
  eventId: string | undefined;
}

export interface ReadOptions {
  logGroup: string;
  sinceMs: number;
  pattern?: FilterPattern | undefined;
  target: Target;
  signal?: AbortSignal;
}

export interface FollowOptions extends ReadOptions {
  clock: Clock;
  /** Told once when the group is not there yet; following waits for it. */
  onMissing?: () => void;
}

/** On AWS, FilterLogEvents is shared by an account and a region, a few calls a second. */
const POLL_MS = { aws: 1000, elsewhere: 250 };
/**
 * How far back each look goes behind the newest event seen: events of another stream may arrive later than newer ones. What was shown is
 * remembered for as long.
 */
const OVERLAP_MS = 15_000;

/** The events from `sinceMs` until now, in order. Rejects with ResourceNotFoundException where there is no such group. */
export async function* readLogEvents(logs: CloudWatchLogsClient, options: ReadOptions): AsyncGenerator<LogEvent> {
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const serverSide = knowsPatterns(options.target) ? options.pattern?.text : undefined;
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: options.logGroup,
        startTime: Math.max(0, Math.floor(options.sinceMs)),
        ...(serverSide && { filterPattern: serverSide }),
        ...(nextToken !== undefined && { nextToken }),
      }),
      { ...(options.signal && { abortSignal: options.signal }) },
    );
    for (const event of page.events ?? []) {
      if (serverSide || !options.pattern || options.pattern.matches(event.message ?? '')) yield toEvent(event);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

/**
 * The events from `sinceMs` on, and those that come, until the signal aborts. Each is shown once: two with the same time, stream and text
 * are two, and one that is seen again is not. Events of different streams that arrive late come late, and come.
 */
export async function* followLogEvents(logs: CloudWatchLogsClient, options: FollowOptions): AsyncGenerator<LogEvent> {
  const { clock, signal } = options;
  const pollMs = options.target.kind === 'aws' ? POLL_MS.aws : POLL_MS.elsewhere;
  const shown = new Map<string, number>();
  let saidMissing = false;
  let newest = options.sinceMs;
  for (;;) {
    // An event may be ahead of the clock; the next look must not begin after those that come in their own time.
    const from = Math.max(options.sinceMs, Math.min(newest, clock.now()) - OVERLAP_MS);
    const copies = new Map<string, number>();
    try {
      for await (const event of readLogEvents(logs, { ...options, sinceMs: from })) {
        const key = keyOf(event, copies);
        newest = Math.max(newest, event.timestamp);
        if (shown.has(key)) continue;
        shown.set(key, event.timestamp);
        yield event;
      }
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      if (!saidMissing) options.onMissing?.();
      saidMissing = true;
    }
    for (const [key, timestamp] of shown) if (timestamp < from) shown.delete(key);
    await clock.sleep(pollMs, signal);
  }
}

/** By id; where an endpoint gives none, by content, the copies counted. */
function keyOf(event: LogEvent, copies: Map<string, number>): string {
  if (event.eventId !== undefined) return event.eventId;
  const content = JSON.stringify([event.timestamp, event.logStream, event.message]);
  const copy = (copies.get(content) ?? 0) + 1;
  copies.set(content, copy);
  return `${copy} ${content}`;
}

/** AWS and the local endpoint know the whole filter language. Others match some of it, or fail on it: there the events are filtered here. */
const knowsPatterns = ({ kind }: Target): boolean => kind === 'aws' || kind === 'local';

const toEvent = (event: FilteredLogEvent): LogEvent => ({
  timestamp: event.timestamp ?? 0,
  ingestionTime: event.ingestionTime,
  logStream: event.logStreamName ?? '',
  message: event.message ?? '',
  eventId: event.eventId,
});

/** Reads `--filter`; undefined for none. @throws FilterPatternError, which is a UsageError */
export const readFilter = (text: string | undefined): FilterPattern | undefined =>
  text === undefined ? undefined : parseFilterPattern(text);

import type { CloudWatchLogsClient, FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { FilterPattern } from '../shared/filter-pattern/filter-pattern.js';
import { parseFilterPattern } from '../shared/filter-pattern/parse-filter-pattern.js';
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

/** The events from `sinceMs` until now, in order. Rejects with ResourceNotFoundException where there is no such group. */
export async function* readLogEvents(logs: CloudWatchLogsClient, options: ReadOptions): AsyncGenerator<LogEvent> {
  for await (const page of readLogPages(logs, options)) yield* page;
}

/** The same, page by page as the service gives them; a page may be empty. */
export async function* readLogPages(logs: CloudWatchLogsClient, options: ReadOptions): AsyncGenerator<LogEvent[]> {
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const serverSide = knowsPatterns(options.target) ? options.pattern?.text : undefined;
  const here = serverSide ? undefined : options.pattern;
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
    const events = (page.events ?? []).map(toEvent);
    yield here ? events.filter((event) => here.matches(event.message)) : events;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
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

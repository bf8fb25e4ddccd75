import type { CloudWatchLogsClient, SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import { parseFilterPattern } from '../../shared/filter-pattern/parse-filter-pattern.js';
import { findMarkers, type Marker, writeMarker } from '../marker.js';
import type { Case } from './case.js';

/** A filter and the line of an event that it matches, or else the one that it should have. */
export interface Trial {
  filter: SubscriptionFilter;
  line: string;
  /** Why it does not match; undefined when it does. */
  why: string | undefined;
}

/** Tries each filter on the lines of one event: a function may write several, and one that matches is enough. None without lines. */
export async function tryFilters(
  logs: CloudWatchLogsClient,
  filters: readonly SubscriptionFilter[],
  lines: readonly string[],
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const filter of filters) {
    const pattern = filter.filterPattern ?? '';
    const tried: Trial[] = [];
    for (const line of lines) tried.push({ filter, line, why: await whyUnmatched(logs, pattern, line) });
    const meant = pattern.trimStart().startsWith('{') ? tried.find(({ line }) => line.startsWith('{')) : undefined;
    const best = tried.find(({ why }) => why === undefined) ?? meant ?? tried[0];
    if (best) trials.push(best);
  }
  return trials;
}

/** The log lines of this run's first marker that is asked for. */
export async function linesOf(
  logs: CloudWatchLogsClient,
  group: string,
  { runId, targetSinceMs }: Case,
  wanted: (marker: Marker) => boolean,
): Promise<string[]> {
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const lines: string[] = [];
  let chosen: string | undefined;
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName: group, startTime: targetSinceMs - 5000, nextToken }),
    );
    for (const { message = '' } of page.events ?? []) {
      const markers = findMarkers(message, runId)
        .own.filter(wanted)
        .map((marker) => writeMarker(runId, marker));
      chosen ??= markers[0];
      if (chosen !== undefined && markers.includes(chosen)) lines.push(message.trimEnd());
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

/** The service itself is asked; our own reading of the pattern tells which condition fails, and stands in where nobody can be asked. */
async function whyUnmatched(logs: CloudWatchLogsClient, pattern: string, line: string): Promise<string | undefined> {
  const { TestMetricFilterCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const asked = await logs
    .send(new TestMetricFilterCommand({ filterPattern: pattern, logEventMessages: [line] }))
    .then((answer) => (answer.matches ?? []).length > 0)
    .catch(() => undefined);
  if (asked === true) return undefined;
  try {
    const why = parseFilterPattern(pattern).explain(line);
    return why ?? (asked === false ? 'CloudWatch Logs says so' : undefined);
  } catch (error) {
    return asked === false ? 'CloudWatch Logs says so' : `the pattern cannot be read: ${(error as Error).message}`;
  }
}

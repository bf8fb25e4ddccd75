import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { reference } from '../../project/schema-parts.js';
import { explainSdkError } from '../../target/explain-sdk-error.js';
import type { Target } from '../../target/target.js';
import { IdSet } from '../id-set.js';
import { InvocationLog } from './invocation-log.js';
import { logGroupName } from './log-group-name.js';
import { poll } from './poll.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';

/** What the target's clock is thought to be may be wrong by so much before an event of this run is thought older than it. */
const CLOCK_SLACK_MS = 5000;

/** Reading all since the opening once more may take this share of the time. */
const WHOLE_SHARE = 0.1;

/** Watches a log group. One that does not exist yet may still appear; until it does, the probe counts as one that cannot read. */
async function openLogProbe(group: string, context: ProbeContext): Promise<Probe> {
  return watchLogGroup(logGroupName(await context.resolve(group)), context, (lines, invocation) => {
    for (const { text, id, stream, stampedAtMs } of lines)
      context.see({
        text,
        id,
        lane: stream,
        ...(stampedAtMs !== undefined && { stampedAtMs }),
        ...(invocation?.failed && { failed: 'line' }),
      });
  });
}

/** Where Lambda writes unless it is told otherwise: only these groups are read whole on AWS, where the service could search for markers. */
const FUNCTION_GROUP = '/aws/lambda/';

/** Reads every event of a group from now on, each once, in whatever order they become visible; those of an invocation when it has ended. */
export async function watchLogGroup(
  logGroup: string,
  context: ProbeContext,
  hand: ConstructorParameters<typeof InvocationLog>[0],
  options: { isFunction?: boolean; beforeHanding?: (() => Promise<void>) | undefined } = {},
): Promise<Probe> {
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const logs = await context.clients.logs();
  const opening = context.openedAtMs - CLOCK_SLACK_MS;
  const known = new IdSet();
  const invocations = new InvocationLog(hand, options.beforeHanding ? 1 : 0);
  // AWS can search for this run's markers itself; others know too little of the pattern language to be asked. It would leave out START and REPORT.
  const isFunction = options.isFunction ?? logGroup.startsWith(FUNCTION_GROUP);
  const search = context.clients.target.kind === 'aws' && !isFunction;
  let newestMs = context.openedAtMs;
  let nextWholeAtMs = context.clock.now() + context.pace.logWholeMs;

  const round = async (last: boolean): Promise<void> => {
    const beganAtMs = context.clock.now();
    const whole = last || beganAtMs >= nextWholeAtMs;
    const since = whole ? opening : Math.max(opening, newestMs - context.pace.logLookBackMs);
    try {
      let nextToken: string | undefined;
      do {
        const page = await logs.send(
          new FilterLogEventsCommand({
            logGroupName: logGroup,
            startTime: since,
            nextToken,
            ...(search && { filterPattern: `%${context.runId}%` }),
          }),
          { abortSignal: context.signal },
        );
        for (const event of page.events ?? []) take(event);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      await options.beforeHanding?.();
      invocations.settle();
      context.unreadable(undefined);
      const endedAtMs = context.clock.now();
      if (whole) nextWholeAtMs = endedAtMs + Math.max(context.pace.logWholeMs, (endedAtMs - beganAtMs) / WHOLE_SHARE);
    } catch (error) {
      if (!context.signal.aborted) context.unreadable(whyUnreadable(logGroup, error as Error, context.clients.target));
    }
  };
  const take = (event: FilteredLogEvent): void => {
    const at = event.timestamp ?? 0;
    const id = event.eventId ?? `${event.logStreamName} ${at} ${event.ingestionTime} ${event.message}`;
    if (!known.add(id)) return;
    newestMs = Math.max(newestMs, at);
    invocations.take({
      id,
      text: event.message ?? '',
      stream: event.logStreamName ?? '',
      stampedAtMs: event.timestamp,
    });
  };

  const polling = poll(round, context.pace.logPollMs, context.clock, context.signal);
  return {
    watched: `log ${logGroup}`,
    close: async () => {
      await polling.close();
      invocations.close();
    },
  };
}

function whyUnreadable(logGroup: string, error: Error, target: Target): string {
  if (error.name === 'ResourceNotFoundException') {
    return `there is no log group ${logGroup}; a function's log group appears with its first invocation.`;
  }
  return explainSdkError(error, target)?.message ?? `${error.name}: ${error.message}`;
}

export interface LogSpec {
  kind: 'log';
  group: string;
}

export const logProbe: ProbeKind<LogSpec> = {
  key: 'log',
  help: 'A log group, by name or ARN.',
  sees: 'a log event holds its marker, and no failed invocation wrote it; name or ARN, with or without `:*`',
  value: reference,
  toSpec: (group) => ({ kind: 'log', group }),
  open: ({ group }, context) => openLogProbe(group, context),
  describe: ({ group }) => `log ${group}`,
};

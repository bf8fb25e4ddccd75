import { randomUUID } from 'node:crypto';
import type { LiveTailSessionLogEvent, StartLiveTailResponseStream } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../../shared/clock.js';
import type { FilterPattern } from '../../../shared/filter-pattern/filter-pattern.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked, OperationContext } from '../../wire/handlers.js';
import { INVALID } from './constraints.js';
import { checkStandard, type LogGroup, type LogStream } from './log-group.js';
import type { LogStore } from './log-store.js';
import { readPattern } from './read-pattern.js';
import type { StoredEvent } from './sorted-events.js';

type StartLiveTailInput = Checked<import('@aws-sdk/client-cloudwatch-logs').StartLiveTailCommandInput>;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html */
export const LIMITS = { groups: 10, streams: 100, eventsPerUpdate: 500, updateEveryMs: 1000, sessionMs: 3 * 3_600_000 };
/** Of an account in a region. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MOST_SESSIONS = 15;

interface Session {
  accountId: string;
  region: string;
  groups: ReadonlySet<LogGroup>;
  wantsStream: (name: string) => boolean;
  pattern: FilterPattern;
  /** What came since the last update, up to its limit. */
  waiting: LiveTailSessionLogEvent[];
  sampled: boolean;
}

/** The sessions that watch groups as events arrive. */
export class LiveTail {
  readonly #clock: Clock;
  readonly #storeIn: (region: string) => LogStore;
  readonly #sessions = new Set<Session>();
  readonly #closing = new AbortController();

  constructor(storeIn: (region: string) => LogStore, clock: Clock) {
    this.#storeIn = storeIn;
    this.#clock = clock;
  }

  /** Passes on what was stored to the sessions that watch the group. */
  offer(group: LogGroup, stream: LogStream, events: readonly StoredEvent[]): void {
    for (const session of this.#sessions) {
      if (!session.groups.has(group) || !session.wantsStream(stream.name)) continue;
      for (const event of events) {
        if (!session.pattern.matches(event.message)) continue;
        // "If there are more than 500 matching events in one second, a sample is returned": here the first 500.
        if (session.waiting.length >= LIMITS.eventsPerUpdate) session.sampled = true;
        else {
          session.waiting.push({
            logGroupIdentifier: `${session.accountId}:${group.name}`,
            logStreamName: stream.name,
            message: event.message,
            timestamp: event.timestamp,
            ingestionTime: event.ingestionTime,
          });
        }
      }
    }
  }

  /** Begins a session, and answers with its stream of events. */
  start(input: StartLiveTailInput, context: OperationContext): AsyncGenerator<StartLiveTailResponseStream> {
    return this.#updates(this.#open(input, context), input, context);
  }

  close(): void {
    this.#closing.abort();
  }

  #open(input: StartLiveTailInput, { region, accountId }: OperationContext): Session {
    const { logGroupIdentifiers, logStreamNames, logStreamNamePrefixes } = input;
    if ((logStreamNames || logStreamNamePrefixes) && logGroupIdentifiers.length > 1) {
      throw new AwsError(INVALID, 'Log streams can be named only for a single log group.');
    }
    if (logStreamNames && logStreamNamePrefixes) {
      throw new AwsError(INVALID, 'logStreamNames and logStreamNamePrefixes cannot both be provided.');
    }
    const pattern = readPattern(input.logEventFilterPattern ?? '', 'filter');
    const store = this.#storeIn(region);
    const groups = logGroupIdentifiers.map((identifier) => {
      if (!identifier.startsWith('arn:')) throw new AwsError(INVALID, `${identifier} is not the ARN of a log group.`);
      const group = store.groupOf({ logGroupIdentifier: identifier });
      checkStandard(group);
      return group;
    });
    if ([...this.#sessions].filter((session) => session.region === region).length >= MOST_SESSIONS) {
      throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
    }
    return {
      accountId,
      region,
      groups: new Set(groups),
      wantsStream: (name) =>
        logStreamNames
          ? logStreamNames.includes(name)
          : (logStreamNamePrefixes?.some((prefix) => name.startsWith(prefix)) ?? true),
      pattern,
      waiting: [],
      sampled: false,
    };
  }

  async *#updates(
    session: Session,
    input: StartLiveTailInput,
    { requestId, signal }: OperationContext,
  ): AsyncGenerator<StartLiveTailResponseStream> {
    const ends = AbortSignal.any([signal, this.#closing.signal]);
    const endsAt = this.#clock.now() + LIMITS.sessionMs;
    this.#sessions.add(session);
    try {
      yield {
        sessionStart: {
          requestId,
          sessionId: randomUUID(),
          logGroupIdentifiers: input.logGroupIdentifiers,
          logStreamNames: input.logStreamNames ?? [],
          logStreamNamePrefixes: input.logStreamNamePrefixes ?? [],
          logEventFilterPattern: session.pattern.text,
        },
      };
      while (!ends.aborted) {
        await this.#clock.sleep(LIMITS.updateEveryMs, ends).catch(() => {});
        if (ends.aborted) return;
        if (this.#clock.now() >= endsAt) throw new AwsError('SessionTimeoutException', 'The session has timed out.');
        const sessionResults = session.waiting;
        const { sampled } = session;
        session.waiting = [];
        session.sampled = false;
        yield { sessionUpdate: { sessionMetadata: { sampled }, sessionResults } };
      }
    } finally {
      this.#sessions.delete(session);
    }
  }
}

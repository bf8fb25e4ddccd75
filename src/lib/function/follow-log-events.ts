import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../shared/clock.js';
import { type LogEvent, type ReadOptions, readLogPages } from './read-log-events.js';
import { ShownEvents } from './shown-events.js';

export interface FollowOptions extends ReadOptions {
  clock: Clock;
  /** Told once when the group is not there yet; following waits for it. */
  onMissing?: () => void;
  /** Told once when the group has been read for the first time. */
  onReady?: () => void;
}

/** On AWS, FilterLogEvents is shared by an account and a region, a few calls a second. */
const POLL_MS = { aws: 1000, elsewhere: 250 };
const THROTTLED_MS = 5000;

/**
 * The events from `sinceMs` on, and those that come, until the signal aborts. Each is shown once: two with the same time, stream and text
 * are two, and one that is seen again is not. Events that arrive late come late, and come, as far back as `ShownEvents` says.
 */
export async function* followLogEvents(logs: CloudWatchLogsClient, options: FollowOptions): AsyncGenerator<LogEvent> {
  const { clock, signal } = options;
  const pollMs = options.target.kind === 'aws' ? POLL_MS.aws : POLL_MS.elsewhere;
  const shown = new ShownEvents(options.sinceMs);
  let saidMissing = false;
  let saidReady = false;
  for (;;) {
    const look = shown.look(clock.now());
    let waitMs = pollMs;
    try {
      for await (const page of readLogPages(logs, { ...options, sinceMs: shown.fromMs })) {
        look.pages += 1;
        for (const event of page) if (look.isNew(event)) yield event;
      }
      look.end();
      if (!saidReady) options.onReady?.();
      saidReady = true;
    } catch (error) {
      if (isNamed(error, /^ResourceNotFoundException$/)) {
        if (!saidMissing) options.onMissing?.();
        saidMissing = true;
      } else if (isNamed(error, /Throttl|TooManyRequests/)) waitMs = THROTTLED_MS;
      else throw error;
    }
    await clock.sleep(waitMs, signal);
  }
}

const isNamed = (error: unknown, name: RegExp): boolean => error instanceof Error && name.test(error.name);

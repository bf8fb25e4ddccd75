import { type Clock, systemClock } from '../shared/clock.js';
import { OperationError } from '../shared/errors.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { type ListedStream, summarizeStream } from './list-streams.js';

/** DescribeStreamSummary allows 20 calls a second in an account; a local endpoint is ready before the second one. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;

/**
 * Waits while a stream is CREATING or UPDATING.
 * @returns the stream once it is ACTIVE; undefined when it is not there (any more)
 * @throws OperationError when it is being deleted, or after `timeoutMs` (10 minutes)
 */
export async function waitUntilActive(
  kinesis: KinesisControl,
  name: string,
  options: { signal?: AbortSignal; clock?: Clock; timeoutMs?: number } = {},
): Promise<ListedStream | undefined> {
  const { signal, clock = systemClock, timeoutMs = 600_000 } = options;
  const deadline = clock.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const stream = await summarizeStream(kinesis, name, signal);
    if (!stream || stream.status === 'ACTIVE') return stream;
    if (stream.status === 'DELETING') {
      throw new OperationError(`${name} is being deleted.`, { hint: 'Try again in a minute.' });
    }
    if (clock.now() >= deadline) {
      throw new OperationError(`${name} is still ${stream.status} after ${Math.round(timeoutMs / 1000)} s.`, {
        hint: 'Run the command again to go on waiting.',
      });
    }
    await clock.sleep(pauseMs, signal);
  }
}

import { type Clock, systemClock } from '../shared/clock.js';
import { OperationError } from '../shared/errors.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { summarizeStream } from './list-streams.js';

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;
const LONGEST_MS = 300_000;

/**
 * Deletes a stream with its records and its registered consumers, and waits until it is gone.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html
 * @throws OperationError when it is still there after 5 minutes; KinesisError when there is no such stream
 */
export async function deleteStream(
  kinesis: KinesisControl,
  name: string,
  options: { signal?: AbortSignal; clock?: Clock } = {},
): Promise<void> {
  const { signal, clock = systemClock } = options;
  await kinesis.call('DeleteStream', { StreamName: name, EnforceConsumerDeletion: true }, signal);
  const deadline = clock.now() + LONGEST_MS;
  for (
    let pauseMs = FIRST_PAUSE_MS;
    await summarizeStream(kinesis, name, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  ) {
    if (clock.now() >= deadline)
      throw new OperationError(`Stream "${name}" is still being deleted after 5 minutes.`, {
        hint: `Check it: pipectl streams ${name}`,
      });
    await clock.sleep(pauseMs, signal);
  }
}

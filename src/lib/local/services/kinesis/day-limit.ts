import type { OperationContext } from '../../wire/handlers.js';
import { limitExceeded } from './aws-errors.js';
import type { KinesisState } from './kinesis-state.js';
import type { Stream } from './stream.js';

const DAY_MS = 86_400_000;

/**
 * Counts a call of an operation that AWS allows a stream only so often in 24 hours.
 * @param instantsMs when it was called before; those that are older are forgotten
 * @throws AwsError LimitExceededException, unless limits are off
 */
export function countCallOfDay(
  state: KinesisState,
  instantsMs: number[],
  most: number,
  call: { operation: string; stream: Stream; context: OperationContext },
): void {
  while (instantsMs.length > 0 && (instantsMs[0] as number) <= state.nowMs - DAY_MS) instantsMs.shift();
  if (state.limited && instantsMs.length >= most) {
    throw limitExceeded(
      `${call.operation} can be called at most ${most} times per rolling 24-hour period for stream ${call.stream.name} under account ${call.context.accountId}.`,
    );
  }
  instantsMs.push(state.nowMs);
}

import { defineOperation } from '../../../define-operation.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { invalidArgument } from '../aws-errors.js';
import { ONE_STREAM } from '../constraints.js';
import type { KinesisState, StreamReference } from '../kinesis-state.js';
import type { Stream } from '../stream.js';
import { requireActive } from '../stream-state.js';

const SHORTEST_HOURS = 24;
const LONGEST_HOURS = 8760;

/** IncreaseStreamRetentionPeriod: UPDATING at once; longer a moment later. What has expired by then stays out of reach. */
export const increaseStreamRetentionPeriod = defineOperation('kinesis', 'IncreaseStreamRetentionPeriod').as({
  constraints: ONE_STREAM,
  run(state: KinesisState, input, context) {
    const stream = streamToChange(state, input, context);
    const hours = input.RetentionPeriodHours;
    if (hours < stream.retentionHours) throw wrongWay(stream, hours, 'shorter', 'DecreaseRetentionPeriod');
    setRetention(state, stream, hours);
    return {};
  },
});

/** DecreaseStreamRetentionPeriod: UPDATING at once; a moment later what is older than the new period is gone. */
export const decreaseStreamRetentionPeriod = defineOperation('kinesis', 'DecreaseStreamRetentionPeriod').as({
  constraints: ONE_STREAM,
  run(state: KinesisState, input, context) {
    const stream = streamToChange(state, input, context);
    const hours = input.RetentionPeriodHours;
    if (hours > stream.retentionHours) throw wrongWay(stream, hours, 'longer', 'IncreaseRetentionPeriod');
    setRetention(state, stream, hours);
    return {};
  },
});

/** The period that a stream has already changes nothing, and is no error. */
function setRetention(state: KinesisState, stream: Stream, hours: number): void {
  if (hours === stream.retentionHours) return;
  state.update(stream, () => {
    stream.trim();
    stream.retentionHours = hours;
    stream.trim();
  });
}

function streamToChange(
  state: KinesisState,
  input: StreamReference & { RetentionPeriodHours: number },
  context: OperationContext,
): Stream {
  const stream = state.stream(input, context);
  const hours = input.RetentionPeriodHours;
  if (hours < SHORTEST_HOURS) {
    throw invalidArgument(
      `Minimum allowed retention period is ${SHORTEST_HOURS} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > LONGEST_HOURS) {
    throw invalidArgument(
      `Maximum allowed retention period is ${LONGEST_HOURS} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
  requireActive(stream, context);
  return stream;
}

const wrongWay = (stream: Stream, hours: number, relation: 'shorter' | 'longer', other: string): Error =>
  invalidArgument(
    `Requested retention period (${hours} hours) for stream ${stream.name} can not be ${relation} than existing retention period ` +
      `(${stream.retentionHours} hours). Use ${other} API.`,
  );

import { defineOperation } from '../../../define-operation.js';
import { inUse, streamNotFound } from '../aws-errors.js';
import { ONE_STREAM } from '../constraints.js';
import { type KinesisState, TRANSITION_MS } from '../kinesis-state.js';

/** DeleteStream: DELETING at once, gone a moment later, with everything in it. */
export const deleteStream = defineOperation('kinesis', 'DeleteStream').as({
  constraints: ONE_STREAM,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    if (stream.consumers.size > 0 && !input.EnforceConsumerDeletion) {
      throw inUse(
        `Stream ${stream.name} under account ${context.accountId} has registered consumers. Deregister them, or set EnforceConsumerDeletion.`,
      );
    }
    if (stream.status === 'DELETING') return {};
    stream.status = 'DELETING';
    const gone = streamNotFound(stream.name, context.accountId);
    for (const consumer of stream.consumers.values()) {
      for (const subscription of consumer.subscriptions.values()) subscription.end(gone);
    }
    state.changes.ring(stream.arn);
    const { streams } = state.region(context.region);
    state.environment.clock.after(TRANSITION_MS, () => {
      if (streams.get(stream.name) === stream) streams.delete(stream.name);
      stream.close();
      state.changes.ring(stream.arn);
    });
    return {};
  },
});

import { defineOperation } from '../../../define-operation.js';
import { notFound } from '../aws-errors.js';
import { ONE_CONSUMER } from '../constraints.js';
import { consumerByReference } from '../find-consumer.js';
import { type KinesisState, TRANSITION_MS } from '../kinesis-state.js';

/** DeregisterStreamConsumer: DELETING at once, its subscriptions ended; gone a moment later. */
export const deregisterStreamConsumer = defineOperation('kinesis', 'DeregisterStreamConsumer').as({
  constraints: ONE_CONSUMER,
  run(state: KinesisState, input, context) {
    const { stream, consumer } = consumerByReference(state, input, context);
    consumer.status = 'DELETING';
    const gone = notFound(`Consumer ${consumer.arn}, account ${context.accountId} not found.`);
    for (const subscription of consumer.subscriptions.values()) subscription.end(gone);
    state.environment.clock.after(TRANSITION_MS, () => {
      if (stream.consumers.get(consumer.name) === consumer) stream.consumers.delete(consumer.name);
    });
    return {};
  },
});

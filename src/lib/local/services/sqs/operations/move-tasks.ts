import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { invalidValue } from '../sqs-errors.js';
import type { SqsState } from '../sqs-state.js';

const notFound = (): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    "The resource that you specified for the SourceArn parameter doesn't exist.",
    { status: 404 },
  );

/** Moves dead letters back to the queues that they came from, or to one queue. */
export const startMessageMoveTask = defineOperation('sqs', 'StartMessageMoveTask').as({
  gaps: ['A message move is over as soon as it is started; MaxNumberOfMessagesPerSecond has no effect.'],
  run(state: SqsState, { SourceArn: sourceArn, DestinationArn: destinationArn }) {
    const source = state.byArn(sourceArn);
    if (!source) throw notFound();
    const isDeadLetterQueue = [...state.in(sourceArn.split(':')[3] ?? '').values()].some(
      ({ attributes }) => attributes.redrivePolicy?.deadLetterTargetArn === sourceArn,
    );
    if (!isDeadLetterQueue) throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
    const destination = destinationArn === undefined ? undefined : state.byArn(destinationArn);
    if (destinationArn !== undefined && !destination) throw notFound();
    const task = {
      handle: randomUUID(),
      sourceArn,
      destinationArn,
      startedMs: state.environment.clock.now(),
      moved: 0,
    };
    for (const message of [...source.takeAll()]) {
      const back = destination ?? state.byArn(message.deadLetterSource ?? '') ?? source;
      back.adopt(message, undefined);
      task.moved += 1;
    }
    state.moves.unshift(task);
    return { TaskHandle: task.handle };
  },
});

export const listMessageMoveTasks = defineOperation('sqs', 'ListMessageMoveTasks').as({
  constraints: { MaxResults: { range: [1, 10] } },
  run(state: SqsState, { SourceArn: sourceArn, MaxResults: most = 1 }) {
    if (!state.byArn(sourceArn)) throw notFound();
    const tasks = state.moves.filter((task) => task.sourceArn === sourceArn).slice(0, most);
    return {
      Results: tasks.map(({ destinationArn, startedMs, moved }) => ({
        Status: 'COMPLETED',
        SourceArn: sourceArn,
        ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
        ApproximateNumberOfMessagesMoved: moved,
        ApproximateNumberOfMessagesToMove: moved,
        StartedTimestamp: startedMs,
      })),
    };
  },
});

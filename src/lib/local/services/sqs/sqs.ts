import { defineService } from '../../define-service.js';
import { createQueue } from './operations/create-queue.js';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
} from './operations/messages.js';
import { listMessageMoveTasks, startMessageMoveTask } from './operations/move-tasks.js';
import {
  getQueueAttributes,
  listQueueTags,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from './operations/queue-attributes.js';
import { deleteQueue, getQueueUrl, listDeadLetterSourceQueues, listQueues, purgeQueue } from './operations/queues.js';
import { queueDestination } from './queue-destination.js';
import { queueSource } from './queue-source.js';
import { SqsState } from './sqs-state.js';

/** Simple Queue Service: standard and FIFO queues, in memory. */
export const sqs = defineService({
  id: 'sqs',
  title: 'SQS',
  invalid: 'InvalidParameterValue',
  state: (environment) => new SqsState(environment),
  operations: [
    changeMessageVisibility,
    changeMessageVisibilityBatch,
    createQueue,
    deleteMessage,
    deleteMessageBatch,
    deleteQueue,
    getQueueAttributes,
    getQueueUrl,
    listDeadLetterSourceQueues,
    listMessageMoveTasks,
    listQueueTags,
    listQueues,
    purgeQueue,
    receiveMessage,
    sendMessage,
    sendMessageBatch,
    setQueueAttributes,
    startMessageMoveTask,
    tagQueue,
    untagQueue,
  ],
  destinations: (state) => [queueDestination(state)],
  eventSources: (state) => [queueSource(state)],
  gaps: [
    '**Queue policies and encryption** are kept and have no effect: nobody is refused, nothing is encrypted.',
    '**Standard queues** keep the order of messages and deliver each once, which AWS does not promise.',
    '**AddPermission, RemovePermission and CancelMessageMoveTask** answer 501.',
    '**Memory** is not bounded for queues: a message lives until it is deleted or its retention period ends.',
  ],
});

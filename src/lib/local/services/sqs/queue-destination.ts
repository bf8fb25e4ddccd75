import { createHash } from 'node:crypto';
import type { Destination } from '../../ports.js';
import { noSuchQueue } from './sqs-errors.js';
import type { SqsState } from './sqs-state.js';

/** Queues as destinations: a message is a message, its key the group in a FIFO queue. */
export const queueDestination = (state: SqsState): Destination => ({
  accepts: ({ resource }) => /^[\w.-]+$/.test(resource),
  mostBytes: 1_048_576,
  async check(arn) {
    if (!state.byArn(arn)) throw noSuchQueue();
  },
  async deliver(arn, { body, key, deduplicationId, attributes = {} }) {
    const queue = state.byArn(arn);
    if (!queue) throw noSuchQueue();
    const text = Buffer.from(body).toString('utf8');
    const isFifo = queue.attributes.isFifo;
    queue.send({
      body: text,
      attributes,
      group: isFifo ? (key ?? 'default') : undefined,
      deduplicationId: isFifo ? (deduplicationId ?? createHash('sha256').update(text).digest('hex')) : undefined,
    });
  },
});

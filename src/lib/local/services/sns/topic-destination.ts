import type { Destination } from '../../ports.js';
import { publishTo } from './publish-to.js';
import type { SnsState } from './sns-state.js';

/** Topics as destinations: a message is published. */
export const topicDestination = (state: SnsState): Destination => ({
  accepts: ({ resource }) => /^[\w.-]+$/.test(resource),
  mostBytes: 262_144,
  async check(arn) {
    state.topic(arn);
  },
  async deliver(arn, { body, key }) {
    const topic = state.topic(arn);
    const fifo = topic.isFifo ? { MessageGroupId: key ?? 'default' } : {};
    publishTo(state, topic, { Message: Buffer.from(body).toString('utf8'), ...fifo });
  },
});

import { defineOperation } from '../../../define-operation.js';
import { addTags } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import { QueueAttributes } from '../queue-attributes.js';
import { invalidValue } from '../sqs-errors.js';
import type { SqsState } from '../sqs-state.js';
import { TAG_RULES } from '../tag-rules.js';

const NAME = /^[\w-]{1,80}$/;
const FIFO_NAME = /^[\w-]{1,75}\.fifo$/;

export const createQueue = defineOperation('sqs', 'CreateQueue').as({
  gaps: ['A queue can be created again right after it was deleted; AWS waits 60 seconds.'],
  run(state: SqsState, input, context) {
    const { QueueName: name, Attributes: attributes = {} } = input;
    const isFifo = attributes.FifoQueue === 'true';
    if (!isFifo && attributes.FifoQueue !== undefined && name.endsWith('.fifo')) throw wrongName();
    if (!(isFifo ? FIFO_NAME : NAME).test(name)) {
      throw isFifo || name.endsWith('.fifo')
        ? wrongName()
        : invalidValue('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
    }
    const existing = state.in(context.region).get(name);
    if (existing) {
      const other = existing.attributes.differsFrom(attributes);
      if (other === undefined) return { QueueUrl: state.urlOf(existing) };
      throw new AwsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${other}`,
      );
    }
    new QueueAttributes({ isFifo }).change(attributes); // checked before anything is made
    state.checkRedrive(attributes, isFifo);
    const tags = new Map<string, string>();
    addTags(tags, input.tags, TAG_RULES);
    const queue = state.create(name, context);
    queue.attributes.change(attributes);
    for (const [key, value] of tags) queue.tags.set(key, value);
    return { QueueUrl: state.urlOf(queue) };
  },
});

const wrongName = (): AwsError =>
  invalidValue(
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
  );

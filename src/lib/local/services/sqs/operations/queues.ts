import { defineOperation } from '../../../define-operation.js';
import { pager } from '../../../kit/page.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Queue } from '../queue.js';
import { invalidValue, noSuchQueue } from '../sqs-errors.js';
import type { SqsState } from '../sqs-state.js';

const MOST_LISTED = 1000;
const PURGE_PAUSE_MS = 60_000;
const page = pager(() => invalidValue('The specified NextToken is not valid.'));

export const deleteQueue = defineOperation('sqs', 'DeleteQueue').as({
  run(state: SqsState, input, context) {
    state.in(context.region).delete(state.byUrl(input.QueueUrl, context).name);
    return {};
  },
});

export const getQueueUrl = defineOperation('sqs', 'GetQueueUrl').as({
  run(state: SqsState, { QueueName: name, QueueOwnerAWSAccountId: owner }, { region, accountId }) {
    const queue = owner === undefined || owner === accountId ? state.in(region).get(name) : undefined;
    if (!queue) throw noSuchQueue();
    return { QueueUrl: state.urlOf(queue) };
  },
});

export const listQueues = defineOperation('sqs', 'ListQueues').as({
  constraints: { MaxResults: { range: [1, 1000] } },
  run(state: SqsState, { QueueNamePrefix: prefix = '', NextToken: token, MaxResults }, { region }) {
    const queues = [...state.in(region).values()].filter(({ name }) => name.startsWith(prefix));
    return listUrls(state, queues, { of: `sqs.ListQueues ${prefix}`, token, size: MaxResults });
  },
});

export const listDeadLetterSourceQueues = defineOperation('sqs', 'ListDeadLetterSourceQueues').as({
  constraints: { MaxResults: { range: [1, 1000] } },
  run(state: SqsState, { QueueUrl, NextToken: token, MaxResults }, context) {
    const { arn } = state.byUrl(QueueUrl, context);
    const sources = [...state.in(context.region).values()].filter(
      ({ attributes }) => attributes.redrivePolicy?.deadLetterTargetArn === arn,
    );
    const { QueueUrls: queueUrls = [], ...next } = listUrls(state, sources, {
      of: `sqs.ListDeadLetterSourceQueues ${arn}`,
      token,
      size: MaxResults,
    });
    return { queueUrls, ...next };
  },
});

/** Without MaxResults all come at once, up to a thousand, and no token. */
function listUrls(
  state: SqsState,
  queues: readonly Queue[],
  wish: { of: string; token: string | undefined; size: number | undefined },
) {
  const { items, next } = page(queues, { ...wish, size: wish.size ?? MOST_LISTED, keyOf: ({ name }) => name });
  return {
    QueueUrls: items.map((queue) => state.urlOf(queue)),
    ...(wish.size !== undefined && next !== undefined && { NextToken: next }),
  };
}

export const purgeQueue = defineOperation('sqs', 'PurgeQueue').as({
  run(state: SqsState, input, context) {
    const queue = state.byUrl(input.QueueUrl, context);
    if (state.environment.limits !== 'off' && queue.purgedMs + PURGE_PAUSE_MS > state.environment.clock.now()) {
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        { status: 403 },
      );
    }
    queue.purge();
    return {};
  },
});

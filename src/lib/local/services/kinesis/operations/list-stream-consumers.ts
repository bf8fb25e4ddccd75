import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidArgument, streamNotFound } from '../aws-errors.js';
import { NEXT_TOKEN, STREAM_BY_ARN } from '../constraints.js';
import { describeConsumer } from '../consumer-description.js';
import type { KinesisState } from '../kinesis-state.js';
import { openPage, sealPage } from '../paging.js';
import { wasCreatedAt } from '../stream.js';
import { requireShards } from '../stream-state.js';

const CONSTRAINTS: Constraints = { ...STREAM_BY_ARN, NextToken: NEXT_TOKEN, MaxResults: { range: [1, 10_000] } };
const MOST_CONSUMERS = 100;

/** ListStreamConsumers: by name, a page of up to 100. */
export const listStreamConsumers = defineOperation('kinesis', 'ListStreamConsumers').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    const { NextToken: token, StreamCreationTimestamp: created } = input;
    if (token !== undefined && created !== undefined) {
      throw invalidArgument('NextToken and StreamCreationTimestamp cannot be provided together.');
    }
    if (!wasCreatedAt(stream, created)) throw streamNotFound(stream.name, context.accountId);
    requireShards(stream, context);
    const page = token === undefined ? undefined : openPage(state, 'list-consumers', token);
    if (page && page.streamId !== stream.id) throw invalidArgument(`NextToken ${token} is invalid.`);
    const consumers = [...stream.consumers.values()]
      .filter((consumer) => consumer.name > (page?.after ?? ''))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const shown = consumers.slice(0, Math.min(input.MaxResults ?? MOST_CONSUMERS, MOST_CONSUMERS));
    const last = shown.at(-1);
    return {
      Consumers: shown.map(describeConsumer),
      ...(last &&
        shown.length < consumers.length && {
          NextToken: sealPage(state, 'list-consumers', { after: last.name, streamId: stream.id }),
        }),
    };
  },
});

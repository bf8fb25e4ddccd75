import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { publishTo } from '../publish-to.js';
import { invalidParameter } from '../sns-errors.js';
import type { SnsState } from '../sns-state.js';

const MOST_ENTRIES = 10;

export const publish = defineOperation('sns', 'Publish').as({
  run(state: SnsState, input, { accountId }) {
    const { PhoneNumber: phone, Message: message } = input;
    const arn = input.TopicArn ?? input.TargetArn;
    if (arn !== undefined) return publishTo(state, state.topic(arn), input);
    if (phone === undefined) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
    const kept = { protocol: 'sms', endpoint: phone, topicArn: undefined, subject: undefined, message };
    state.keep({ ...kept, sentMs: state.environment.clock.now() });
    return { MessageId: `${accountId}-${state.kept.length}` };
  },
});

export const publishBatch = defineOperation('sns', 'PublishBatch').as({
  run(state: SnsState, { TopicArn, PublishBatchRequestEntries: entries }) {
    const topic = state.topic(TopicArn);
    if (entries.length === 0)
      throw new AwsError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
    if (entries.length > MOST_ENTRIES) {
      throw new AwsError(
        'TooManyEntriesInBatchRequestException',
        'The batch request contains more entries than permissible.',
      );
    }
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
      throw new AwsError(
        'BatchEntryIdsNotDistinctException',
        'Two or more batch entries in the request have the same Id.',
      );
    }
    const answer: {
      Successful: object[];
      Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[];
    } = {
      Successful: [],
      Failed: [],
    };
    for (const entry of entries) {
      try {
        answer.Successful.push({ Id: entry.Id, ...publishTo(state, topic, entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        answer.Failed.push({
          Id: entry.Id,
          Code: error.code.replace(/Exception$/, ''),
          Message: error.message,
          SenderFault: true,
        });
      }
    }
    return answer;
  },
});

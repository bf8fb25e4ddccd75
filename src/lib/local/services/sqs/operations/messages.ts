import { defineOperation } from '../../../define-operation.js';
import { runBatch } from '../batch.js';
import { answerMessage, receiveFrom } from '../receive.js';
import { checkBatchSize, sendTo } from '../send.js';
import { invalidValue } from '../sqs-errors.js';
import type { SqsState } from '../sqs-state.js';

export const sendMessage = defineOperation('sqs', 'SendMessage').as({
  run: (state: SqsState, input, context) => sendTo(state.byUrl(input.QueueUrl, context), input),
});

export const sendMessageBatch = defineOperation('sqs', 'SendMessageBatch').as({
  run(state: SqsState, { QueueUrl, Entries: entries }, context) {
    const queue = state.byUrl(QueueUrl, context);
    checkBatchSize(entries);
    return runBatch(entries, (entry) => sendTo(queue, entry));
  },
});

export const receiveMessage = defineOperation('sqs', 'ReceiveMessage').as({
  gaps: ['ReceiveRequestAttemptId is taken and not looked at: every receive is a new one.'],
  async run(state: SqsState, input, context) {
    const queue = state.byUrl(input.QueueUrl, context);
    const { MaxNumberOfMessages: most = 1, VisibilityTimeout: hiddenSeconds, WaitTimeSeconds } = input;
    checkRange('MaxNumberOfMessages', most, 1, 10);
    checkRange('VisibilityTimeout', hiddenSeconds ?? 0, 0, 43_200);
    checkRange('WaitTimeSeconds', WaitTimeSeconds ?? 0, 0, 20);
    const wish = {
      most,
      hiddenSeconds,
      waitSeconds: WaitTimeSeconds ?? queue.attributes.number('ReceiveMessageWaitTimeSeconds'),
      deadLetters: state.deadLettersOf(queue),
    };
    const received = await receiveFrom(queue, wish, state.environment.clock, context.signal);
    if (received.length === 0) return {};
    const system = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
    const asked = { system, own: input.MessageAttributeNames ?? [] };
    return { Messages: received.map((message) => answerMessage(message, asked, context.accountId)) };
  },
});

export const deleteMessage = defineOperation('sqs', 'DeleteMessage').as({
  run(state: SqsState, { QueueUrl, ReceiptHandle }, context) {
    state.byUrl(QueueUrl, context).delete(ReceiptHandle);
    return {};
  },
});

export const deleteMessageBatch = defineOperation('sqs', 'DeleteMessageBatch').as({
  run(state: SqsState, { QueueUrl, Entries: entries }, context) {
    const queue = state.byUrl(QueueUrl, context);
    return runBatch(entries, ({ ReceiptHandle }) => {
      queue.delete(ReceiptHandle);
      return {};
    });
  },
});

export const changeMessageVisibility = defineOperation('sqs', 'ChangeMessageVisibility').as({
  run(state: SqsState, { QueueUrl, ReceiptHandle, VisibilityTimeout: seconds }, context) {
    const queue = state.byUrl(QueueUrl, context);
    checkRange('VisibilityTimeout', seconds, 0, 43_200);
    queue.changeVisibility(ReceiptHandle, seconds);
    return {};
  },
});

export const changeMessageVisibilityBatch = defineOperation('sqs', 'ChangeMessageVisibilityBatch').as({
  run(state: SqsState, { QueueUrl, Entries: entries }, context) {
    const queue = state.byUrl(QueueUrl, context);
    return runBatch(entries, ({ ReceiptHandle, VisibilityTimeout: seconds = 0 }) => {
      checkRange('VisibilityTimeout', seconds, 0, 43_200);
      queue.changeVisibility(ReceiptHandle, seconds);
      return {};
    });
  },
});

function checkRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw invalidValue(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be >= ${least} and <= ${most}, if provided.`,
  );
}

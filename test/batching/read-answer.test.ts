import { expect, it } from 'vitest';
import { readAnswer } from '../../src/lib/batching/read-answer.js';
import { TumblingWindow } from '../../src/lib/batching/tumbling-window.js';
import { record } from './batching-bench.js';

const records = [record(1), record(2), record(3)];
const answer = (payload: unknown, functionError?: string) => ({
  requestId: 'r',
  payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  response: { executedVersion: '$LATEST', functionError },
});
const failures = (...ids: unknown[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

it.each([
  ['no failures', {}, undefined],
  ['null', null, undefined],
  ['an empty list', failures(), undefined],
  ['the first of several', failures('3', '2'), 1],
  ['the first of several, in order', failures('2', '3'), 1],
  ['an id of none of them', failures('2', '9'), 0],
  ['an empty id', failures(''), 0],
  ['a number', failures(2), 0],
  ['no list', { batchItemFailures: 'x' }, 0],
  ['a text', '"x"', 0],
  ['no JSON', 'x', 0],
  ['a list', [], 0],
])('reads reported failures: %s', (_, payload, from) => {
  const delivery = readAnswer(answer(payload), records, true);
  expect(delivery.kind === 'failed' ? delivery.from : undefined).toBe(from);
});

it('believes a report only where the settings ask for one', () => {
  expect(readAnswer(answer(failures('2')), records, false).kind).toBe('ok');
});

it('takes an error for the failure of the whole batch, whatever was reported', () => {
  expect(readAnswer(answer(failures('3'), 'Unhandled'), records, true)).toMatchObject({ kind: 'failed', from: 0 });
});

it('wants the state of a window, and keeps it when a part of the batch fails', () => {
  const turn = { window: new TumblingWindow(0, 60), shardId: 's', isFinal: false };
  expect(readAnswer(answer({ state: 7 }), records, false, turn)).toEqual({ kind: 'ok', state: 7 });
  expect(readAnswer(answer({}), records, false, turn)).toMatchObject({ kind: 'failed', from: 0 });
  expect(readAnswer(answer({ state: 7, ...failures('2') }), records, true, turn)).toMatchObject({
    kind: 'failed',
    from: 1,
    state: 7,
  });
});

import { expect, it } from 'vitest';
import { FunctionOutput, type FunctionOutputEvent } from '../../src/lib/batching/function-output.js';
import { DrivenClock } from '../../src/lib/shared/clock.js';

const rows = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));
const dataOf = (event: FunctionOutputEvent): string[] =>
  event.records.map(({ data }) => Buffer.from(data, 'base64').toString());
const allOk = (event: FunctionOutputEvent): object => ({
  records: event.records.map(({ recordId }) => ({ recordId, result: 'Ok' })),
});

/** A clock on which every wait is over at once. */
class HurriedClock extends DrivenClock {
  override async sleep(ms: number): Promise<void> {
    this.advance(ms);
  }
}

function output(answer: (event: FunctionOutputEvent, call: number) => unknown, strict = false) {
  const calls: FunctionOutputEvent[] = [];
  const notes: string[] = [];
  let ids = 0;
  const one = new FunctionOutput({
    applicationArn: 'arn:app',
    newId: () => String((ids += 1)),
    clock: new HurriedClock(0),
    strict,
    onNote: (note) => notes.push(note),
    async invoke(event) {
      calls.push(event);
      return { payload: answer(event, calls.length) };
    },
  });
  return { one, calls, notes };
}
const signal = new AbortController().signal;

it('sends one row first, and batches once the function acknowledges records', async () => {
  const { one, calls, notes } = output(allOk);
  await one.deliver(rows('a', 'b', 'c'), signal);
  await one.deliver(rows('d', 'e'), signal);
  expect(calls.map(dataOf)).toEqual([['a'], ['b', 'c'], ['d', 'e']]);
  expect(notes).toEqual([]);
  expect(one.acknowledges).toBe(true);
});

it('delivers one row at a time to a function that answers without records, and says so once', async () => {
  const { one, calls, notes } = output(() => ({ statusCode: 200, body: 'ok' }));
  await one.deliver(rows('a', 'b'), signal);
  await one.deliver(rows('c'), signal);
  expect(calls.map(dataOf)).toEqual([['a'], ['b'], ['c']]);
  expect(notes).toEqual(['function does not acknowledge records; delivering one at a time']);
  expect(one.acknowledges).toBe(false);
});

it('delivers what was not acknowledged again, with a rising retryHint, until it is', async () => {
  const { one, calls } = output((event, call) => {
    const [first, ...others] = event.records;
    if (call === 1 || call >= 4) return allOk(event);
    return {
      records: [
        { recordId: first?.recordId, result: 'DeliveryFailed' },
        ...others.map(({ recordId }) => ({ recordId, result: 'Ok' })),
      ],
    };
  });
  await one.deliver(rows('a', 'b', 'c'), signal);
  expect(calls.map(dataOf)).toEqual([['a'], ['b', 'c'], ['b'], ['b']]);
  expect(calls.map(({ records }) => records[0]?.lambdaDeliveryRecordMetadata.retryHint)).toEqual([0, 0, 1, 2]);
});

it('retries after a failed invocation, and stops when it is aborted', async () => {
  const stop = new AbortController();
  const { one, calls, notes } = output((_, call) => {
    if (call === 3) stop.abort(new Error('stopped'));
    throw new Error('Sandbox.Timedout');
  });
  await expect(one.deliver(rows('a'), stop.signal)).rejects.toThrow('stopped');
  expect(calls).toHaveLength(3);
  expect(notes).toEqual(['the function failed, and its records are delivered again: Sandbox.Timedout']);
});

it('strictly, an answer without records is a failure', async () => {
  const { one, calls } = output((event, call) => (call < 3 ? { statusCode: 200 } : allOk(event)), true);
  await one.deliver(rows('a', 'b'), signal);
  expect(calls.map(dataOf)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

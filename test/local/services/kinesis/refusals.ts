// A world to be refused things in, and a table form for what AWS refuses.
import { expect, it } from 'vitest';
import { type KinesisInProcess, startKinesis } from './kinesis-in-process.js';

export type Kinesis = KinesisInProcess['kinesis'];
export type Operation = keyof Kinesis;
export type Row = readonly [input: Record<string, unknown>, code: string, message: string | RegExp];

export const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
export const ABROAD = 'arn:aws:kinesis:us-east-1:111122223333:stream/orders';
export const ELSEWHERE = 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders';
export const CONSUMER = `${ARN}/consumer/reader:1767323045`;
export const ON_STREAM = { StreamName: 'orders' };
export const FIRST = 'shardId-000000000000';
export const DATA = Buffer.from('x');

/** `orders` with two shards and a consumer, `demand` on demand, and `young`, which stays CREATING. */
export async function world(): Promise<KinesisInProcess> {
  const started = startKinesis();
  const { kinesis, create, settle } = started;
  await create('orders', 2);
  await kinesis.CreateStream({ StreamName: 'demand', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  settle();
  await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'reader' });
  settle();
  await kinesis.CreateStream({ StreamName: 'young', ShardCount: 1 });
  return started;
}

/** Calls an operation with an input of any shape, as a client that checks nothing would. */
export const call = (kinesis: Kinesis, operation: Operation, input: Record<string, unknown>): Promise<unknown> =>
  (kinesis[operation] as (input: Record<string, unknown>) => Promise<unknown>)(input);

/** A test a row: the operation, called with the row's input, is refused with its code and message. */
export const refuses = (operation: Operation, rows: readonly Row[]): void => {
  it.each(rows)(`${operation} %j: %s`, async (input, code, message) => {
    const { kinesis } = await world();
    await expect(call(kinesis, operation, input)).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
};

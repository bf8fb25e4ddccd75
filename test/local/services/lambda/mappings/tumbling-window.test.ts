import { CreateStreamCommand, PutRecordsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrivenClock } from '../../../../../src/lib/shared/clock.js';
import { type LambdaFixture, startLambda, until } from '../start-lambda.js';

const clock = new DrivenClock();
let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda({ limits: 'off', clock });
});
afterAll(() => fixture.close());

/** Adds up the numbers of a window; logs each event it got without its records' envelopes. Fails for a negative one, forgets at 0. */
const SUM = `
exports.handler = async ({ Records, ...event }) => {
  const numbers = Records.map(({ kinesis }) => Number(Buffer.from(kinesis.data, 'base64')));
  process.stdout.write('WINDOW ' + JSON.stringify({ ...event, numbers }, (key, value) => (key === 'much' ? value.length : value)) + '\\n');
  if (numbers.some((number) => number < 0)) throw new Error('no');
  if (numbers.includes(0)) return {};
  const sum = numbers.reduce((total, number) => total + number, event.state.sum ?? 0);
  return { state: { sum, ...(numbers.includes(999) && { much: 'x'.repeat(1100000) }) } };
};`;

interface Seen {
  window: { start: string; end: string };
  state: { sum?: number; much?: number };
  shardId: string;
  eventSourceARN: string;
  isFinalInvokeForWindow: boolean;
  isWindowTerminatedEarly: boolean;
  numbers: number[];
}

const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

async function connect(name: string, options: Partial<CreateEventSourceMappingCommandInput> = {}): Promise<string> {
  await fixture.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
  await fixture.create(name, { 'index.js': SUM });
  const { UUID = '' } = await fixture.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: streamArn(name),
      StartingPosition: 'TRIM_HORIZON',
      TumblingWindowInSeconds: 60,
      ...options,
    }),
  );
  await until(async () => {
    clock.advance(100); // the stream's becoming active, and the tries to find its shards
    const { State } = await fixture.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return State === 'Enabled' || undefined;
  });
  clock.advance(60_000 - (clock.now() % 60_000)); // to the beginning of a window
  return UUID;
}

async function put(stream: string, numbers: number[]): Promise<void> {
  const Records = numbers.map((number) => ({ PartitionKey: 'k', Data: Buffer.from(String(number)) }));
  await fixture.kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
}

const seen = (name: string, count: number): Promise<Seen[]> =>
  until(async () => {
    const lines = (await fixture.messages(`/aws/lambda/${name}`)).filter((line) => line.startsWith('WINDOW '));
    return lines.length >= count ? lines.map((line) => JSON.parse(line.slice(7))) : undefined;
  });

test('a window goes on with the state that the function answered, and ends with a final invocation', async () => {
  await connect('sums');
  const startMs = clock.now();
  await put('sums', [1, 2]);
  await seen('sums', 1);
  await put('sums', [3]);
  await seen('sums', 2);
  clock.advance(61_000);
  const events = await seen('sums', 3);
  const time = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  const same = {
    window: { start: time(startMs), end: time(startMs + 60_000) },
    shardId: 'shardId-000000000000',
    eventSourceARN: streamArn('sums'),
    isWindowTerminatedEarly: false,
  };
  expect(events).toEqual([
    { ...same, numbers: [1, 2], state: {}, isFinalInvokeForWindow: false },
    { ...same, numbers: [3], state: { sum: 3 }, isFinalInvokeForWindow: false },
    { ...same, numbers: [], state: { sum: 6 }, isFinalInvokeForWindow: true },
  ]);
});

test('records of two windows are never in one batch, and a later one ends the window before it', async () => {
  const uuid = await connect('two', { Enabled: true });
  await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false }));
  await put('two', [1, 2]);
  clock.advance(60_000);
  await put('two', [10]);
  await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
  const events = await seen('two', 3);
  expect(events.map(({ numbers, state, isFinalInvokeForWindow }) => [numbers, state, isFinalInvokeForWindow])).toEqual([
    [[1, 2], {}, false],
    [[], { sum: 3 }, true],
    [[10], {}, false],
  ]);
});

test('an answer without a state is a failure, and what fails comes again with the same state', async () => {
  await connect('fails', { MaximumRetryAttempts: 1 });
  await put('fails', [5]);
  await seen('fails', 1);
  for (const [number, count] of [
    [-1, 2],
    [0, 4],
  ] as const) {
    await put('fails', [number]);
    await seen('fails', count);
    await new Promise((resolve) => setTimeout(resolve, 30));
    clock.advance(1_000);
    await seen('fails', count + 1);
  }
  clock.advance(60_000);
  const events = await seen('fails', 6);
  expect(events.map(({ numbers, state }) => [numbers, state.sum])).toEqual([
    [[5], undefined],
    [[-1], 5],
    [[-1], 5],
    [[0], 5],
    [[0], 5],
    [[], 5],
  ]);
});

test('a state above 1 MB ends its window early', async () => {
  await connect('grows');
  await put('grows', [999]);
  const [, final] = await seen('grows', 2);
  expect(final).toMatchObject({ numbers: [], state: { much: 1_100_000 }, isWindowTerminatedEarly: true });
  await put('grows', [1]);
  expect((await seen('grows', 3))[2]).toMatchObject({ numbers: [1], state: {} });
});

test('the end of a shard is the end of its window', async () => {
  await connect('splits');
  await put('splits', [1]);
  await seen('splits', 1);
  await fixture.kinesis.send(
    new SplitShardCommand({
      StreamName: 'splits',
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: String(2n ** 127n),
    }),
  );
  clock.advance(100);
  const [, final] = await seen('splits', 2);
  expect(final).toMatchObject({ numbers: [], state: { sum: 1 }, isFinalInvokeForWindow: true });
});

test('windows are shown, and refused over parallel batches', async () => {
  const uuid = await connect('shown');
  const shown = await fixture.lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
  expect(shown.TumblingWindowInSeconds).toBe(60);
  await expect(
    fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, ParallelizationFactor: 2 })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('ParallelizationFactor above 1'),
  });
});

// Reading from anywhere, at any time, compared with a list that is filtered: random puts, pauses, changes of retention and reads.
import { expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';

const HOUR_MS = 3_600_000;
const ORDERS = { StreamName: 'orders' };
const PAUSES_MS = [1, 37, 999, 60_000, HOUR_MS, 5 * HOUR_MS];
/** How long `settle` goes on after a change of retention is done. */
const AFTER_CHANGE_MS = 70;

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('every position finds what the model has, seed %d', async (seed) => {
  const random = randomFrom(seed * 7919);
  const { kinesis, clock, create, settle } = startKinesis({ limits: 'off' });
  await create('orders');
  const stored: { number: string; at: number }[] = [];
  let hours = 24;
  let horizon = 0; // what a shorter retention has taken, a longer one does not bring back
  const alive = () => stored.filter(({ at }) => at >= Math.max(horizon, clock.now() - hours * HOUR_MS));

  const expectFrom = async (position: object, wanted: { number: string }[]): Promise<void> => {
    const where = { ...ORDERS, ShardId: 'shardId-0', ShardIteratorType: 'TRIM_HORIZON' as const, ...position };
    let { ShardIterator } = await kinesis.GetShardIterator(where);
    const found: string[] = [];
    for (let behind = 1; behind > 0; ) {
      const page = await kinesis.GetRecords({ ShardIterator, Limit: 1 + random(50) });
      found.push(...(page.Records ?? []).map(({ SequenceNumber = '' }) => SequenceNumber));
      behind = page.MillisBehindLatest ?? -1;
      ShardIterator = page.NextShardIterator;
    }
    expect(found).toEqual(wanted.map(({ number }) => number));
  };

  const steps = {
    async put() {
      const Records = Array.from({ length: 1 + random(20) }, (_, i) => ({
        Data: Buffer.alloc(random(4000), i),
        PartitionKey: 'é'.repeat(1 + random(100)),
      }));
      const answer = await kinesis.PutRecords({ ...ORDERS, Records });
      for (const { SequenceNumber = '' } of answer.Records ?? [])
        stored.push({ number: SequenceNumber, at: clock.now() });
    },
    async pause() {
      clock.advance(PAUSES_MS[random(PAUSES_MS.length)] ?? 1);
    },
    async retention() {
      const change = { ...ORDERS, RetentionPeriodHours: 24 + random(48) };
      if (change.RetentionPeriodHours === hours) return;
      if (change.RetentionPeriodHours > hours) await kinesis.IncreaseStreamRetentionPeriod(change);
      else await kinesis.DecreaseStreamRetentionPeriod(change);
      settle();
      const shorter = Math.min(hours, change.RetentionPeriodHours);
      horizon = Math.max(horizon, clock.now() - AFTER_CHANGE_MS - shorter * HOUR_MS);
      hours = change.RetentionPeriodHours;
    },
    async fromTheStart() {
      await expectFrom({}, alive());
    },
    async fromATime() {
      const near = (stored[random(stored.length || 1)]?.at ?? clock.now()) + random(3) - 1;
      const from = Math.min(clock.now(), random(2) === 0 ? near : clock.now() - random(40 * HOUR_MS));
      const position = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(from) };
      await expectFrom(
        position,
        alive().filter(({ at }) => at >= from),
      );
    },
    async fromANumber() {
      const index = random(stored.length || 1);
      const number = stored[index]?.number;
      if (number === undefined) return;
      const after = random(2) === 0;
      const rest = new Set(stored.slice(after ? index + 1 : index));
      const ShardIteratorType = after ? 'AFTER_SEQUENCE_NUMBER' : 'AT_SEQUENCE_NUMBER';
      const wanted = alive().filter((record) => rest.has(record));
      await expectFrom({ ShardIteratorType, StartingSequenceNumber: number }, wanted);
    },
  };
  const { put, pause, retention, fromTheStart, fromATime, fromANumber } = steps;
  const choices = [put, put, put, put, pause, pause, retention, fromTheStart, fromATime, fromANumber];
  for (let step = 0; step < 100; step += 1) await choices[random(choices.length)]?.();
});

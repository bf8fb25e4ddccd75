import type { SubscribeToShardEvent, SubscribeToShardEventStream } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { pushReader } from '../../src/lib/stream/push-shard.js';
import type { ShardStart } from '../../src/lib/stream/shard-position.js';
import type { ListedShard } from '../../src/lib/stream/shard-source.js';
import { pollingReader, readWith, record, SHARD, scripted, settle } from './scripted-source.js';

const NUMBER = '49680000000000000000000000000000000000000000000000000000';
const event = (options: Partial<SubscribeToShardEvent>): SubscribeToShardEventStream => ({
  SubscribeToShardEvent: { Records: [], ContinuationSequenceNumber: NUMBER, MillisBehindLatest: 0, ...options },
});
const pushed = (n: number) => ({
  SequenceNumber: String(n),
  PartitionKey: 'k',
  Data: Buffer.from(String(n)),
  ApproximateArrivalTimestamp: new Date(n),
});

/** Subscriptions that say what the test says, one after the other; the last one stays open. */
function subscriptions(...scripts: (SubscribeToShardEventStream[] | Error)[]) {
  const script = scripted();
  const positions: ShardStart[] = [];
  const listed = { closed: false };
  const list = async (): Promise<ListedShard[]> => [
    { ShardId: SHARD, ...(listed.closed && { SequenceNumberRange: { EndingSequenceNumber: '9' } }) },
  ];
  const read = pushReader({
    async subscribe(_, position) {
      positions.push(position);
      const events = scripts.shift();
      if (events instanceof Error) throw events;
      return stream(events);
    },
    clock: script.clock,
    patience: script.patience,
    list,
    poll: pollingReader(script),
  });
  return Object.assign(script, { read, positions, listed });
}

async function* stream(events: SubscribeToShardEventStream[] | undefined): AsyncGenerator<SubscribeToShardEventStream> {
  yield* events ?? [];
  if (!events) await new Promise(() => {});
}

it('tells how far it has come, and renews a subscription where it ended, no sooner than is allowed', async () => {
  const script = subscriptions([event({ Records: [pushed(1), pushed(2)] })]);
  const reading = readWith(script.read);
  await settle();
  expect(reading.numbers).toEqual(['1', '2']);
  expect(reading.progress).toEqual([{ after: '2' }]);
  await script.pass(5099);
  expect(script.positions).toHaveLength(1);
  await script.pass(1);
  expect(script.positions).toEqual([{ oldest: true }, { after: NUMBER }]);
});

it('keeps a place of its own at LATEST, and takes no continuation for one that is no sequence number', async () => {
  const script = subscriptions([event({ ContinuationSequenceNumber: '0' })]);
  const reading = readWith(script.read, { start: { latest: true } });
  await settle();
  expect(reading.progress).toEqual([{ since: 998_000 }]);
  await script.pass(5100);
  expect(script.positions).toEqual([{ latest: true }, { since: 998_000 }]);
});

it('ends where the shard does, and hands on its children', async () => {
  const ChildShards = [{ ShardId: 'shardId-000000000001', ParentShards: [SHARD], HashKeyRange: undefined }];
  const script = subscriptions([event({ Records: [pushed(1)], ContinuationSequenceNumber: undefined, ChildShards })]);
  const reading = readWith(script.read);
  expect(await reading.end).toEqual({
    kind: 'closed',
    children: [{ ShardId: 'shardId-000000000001', ParentShards: [SHARD] }],
  });
});

it('reads a shard to its end with GetRecords where its subscription never says that it is closed', async () => {
  // As LocalStack 4.14.0 and kinesis-local 0.6.2 do: a continuation for ever, and no children.
  const script = subscriptions([event({ Records: [pushed(1)] }), event({}), event({ Records: [pushed(9)] })]);
  script.listed.closed = true;
  script.pages.push({ records: [record(2)], next: undefined });
  const reading = readWith(script.read);
  expect(await reading.end).toEqual({ kind: 'closed', children: undefined });
  expect(reading.numbers).toEqual(['1', '2']);
  expect(script.positions).toEqual([{ oldest: true }, { after: NUMBER }]); // the second is an iterator's
});

it('does so also when the subscription just ends, or fails', async () => {
  for (const events of [[], Object.assign(new Error('broken off'), { code: 'ECONNRESET' })]) {
    const script = subscriptions(events);
    script.listed.closed = true;
    script.pages.push({ records: [record(1)], next: undefined });
    const reading = readWith(script.read);
    expect(await reading.end).toEqual({ kind: 'closed', children: undefined });
    expect(reading.numbers).toEqual(['1']);
  }
});

it('continues with GetRecords, and says so, where the consumer is gone', async () => {
  const gone = Object.assign(new Error('no consumer'), { name: 'ResourceNotFoundException', $fault: 'client' });
  const script = subscriptions([event({ Records: [pushed(1)] })], gone);
  const reading = readWith(script.read);
  await settle();
  await script.pass(5100);
  script.pages.push({ records: [record(2)] });
  await script.pass(250);
  expect(reading.numbers).toEqual(['1', '2']);
  expect(reading.warnings).toEqual([`${SHARD}: the registered consumer is gone; reading continues with GetRecords`]);
});

it('ends with an error of the service that waiting does not mend, and waits out the others', async () => {
  const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException', $fault: 'client' });
  await expect(readWith(subscriptions(refused).read).end).rejects.toBe(refused);

  const busy = Object.assign(new Error('busy'), { name: 'ResourceInUseException', $fault: 'client' });
  const failed = Object.assign(new Error('oops'), { name: 'InternalFailureException', $fault: 'server' });
  const script = subscriptions(busy, failed, [event({ Records: [pushed(1)] })]);
  const reading = readWith(script.read);
  await settle();
  await script.pass(5100);
  expect(script.failures).toEqual([{ kind: 'passing', tries: 1 }]);
  await script.pass(1000);
  expect(reading.numbers).toEqual(['1']);
});

it('ends with the error of the output, and subscribes no more', async () => {
  const script = subscriptions([event({ Records: [pushed(1)] })]);
  const full = new Error('the disk is full');
  const reading = readWith(script.read, { deliver: () => Promise.reject(full) });
  await expect(reading.end).rejects.toBe(full);
  expect(script.positions).toHaveLength(1);
});

it('stops where enough was taken, before what was not', async () => {
  const script = subscriptions([event({ Records: [pushed(1), pushed(2)] })]);
  const reading = readWith(script.read, { deliver: async () => 1 });
  expect(await reading.end).toEqual({ kind: 'reached' });
  expect(reading.progress).toEqual([{ after: '1' }]);
});

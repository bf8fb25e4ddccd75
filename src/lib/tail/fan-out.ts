import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KinesisClient, StartingPosition, SubscribeToShardEvent } from '@aws-sdk/client-kinesis';
import { OperationError } from '../shared/errors.js';
import type { StreamRecord } from './delivery.js';
import type { ReadShard, ShardEnd, ShardRead } from './read-shard.js';
import { iteratorAt, type ShardPosition } from './shard-position.js';

const NAME_PREFIX = 'pipectl-tail';
const READY_WITHIN_MS = 60_000;
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html: the same pair again within 5 s is refused. */
const RESUBSCRIBE_MS = 5100;

export interface FanOut {
  read: ReadShard;
  /** Deregisters the consumer; until then it costs money on AWS. */
  close(): Promise<void>;
}

/**
 * Registers a consumer with a throughput of its own, and reads shards by SubscribeToShard. Consumers that an earlier run on this machine left behind, because
 * it was killed, are deregistered too.
 */
export async function openFanOut(kinesis: KinesisClient, stream: string, signal: AbortSignal): Promise<FanOut> {
  const sdk = await import('@aws-sdk/client-kinesis');
  const summary = await kinesis.send(new sdk.DescribeStreamSummaryCommand({ StreamName: stream }), {
    abortSignal: signal,
  });
  const StreamARN = summary.StreamDescriptionSummary?.StreamARN;
  if (StreamARN === undefined)
    throw new OperationError(`The stream ${stream} has no ARN, so no consumer can be registered.`);
  await deregisterOrphans(kinesis, StreamARN);
  const ConsumerName = `${NAME_PREFIX}-${machine()}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const registered = await kinesis.send(new sdk.RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  const ConsumerARN = registered.Consumer?.ConsumerARN ?? '';
  const close = async (): Promise<void> => {
    await kinesis.send(new sdk.DeregisterStreamConsumerCommand({ StreamARN, ConsumerName })).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
  };
  try {
    await untilActive(kinesis, ConsumerARN, signal);
  } catch (error) {
    await close();
    throw error;
  }
  return { read: (read) => subscribe(kinesis, ConsumerARN, read), close };
}

async function untilActive(kinesis: KinesisClient, ConsumerARN: string, signal: AbortSignal): Promise<void> {
  const { DescribeStreamConsumerCommand } = await import('@aws-sdk/client-kinesis');
  const deadline = Date.now() + READY_WITHIN_MS;
  for (let waitMs = 50; ; waitMs = Math.min(1000, waitMs * 2)) {
    const answer = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }), { abortSignal: signal });
    if (answer.ConsumerDescription?.ConsumerStatus === 'ACTIVE') return;
    if (Date.now() > deadline) throw new OperationError('The consumer did not become active within a minute.');
    await sleep(waitMs, undefined, { signal });
  }
}

/** Only those whose process ran on this machine and runs no more. */
async function deregisterOrphans(kinesis: KinesisClient, StreamARN: string): Promise<void> {
  const { ListStreamConsumersCommand, DeregisterStreamConsumerCommand } = await import('@aws-sdk/client-kinesis');
  const { Consumers = [] } = await kinesis.send(new ListStreamConsumersCommand({ StreamARN }));
  for (const { ConsumerName = '' } of Consumers) {
    const pid = new RegExp(`^${NAME_PREFIX}-${machine()}-(\\d+)-`).exec(ConsumerName)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await kinesis.send(new DeregisterStreamConsumerCommand({ StreamARN, ConsumerName })).catch(() => {}); // another tail may do the same now
  }
}

const machine = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function subscribe(kinesis: KinesisClient, ConsumerARN: string, read: ShardRead): Promise<ShardEnd> {
  const { SubscribeToShardCommand } = await import('@aws-sdk/client-kinesis');
  const { shardId, deliver, onProgress, onReady, onWarning, untilMs, signal } = read;
  let position: Exclude<ShardPosition, { ended: true }> = read.start;
  let undeliverable: { error: unknown } | undefined;
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    const since = Date.now() - 2000;
    try {
      const answer = await kinesis.send(
        new SubscribeToShardCommand({ ConsumerARN, ShardId: shardId, StartingPosition: startingPosition(position) }),
        { abortSignal: signal },
      );
      onReady();
      if ('latest' in position) onProgress((position = { since }));
      const startedAt = Date.now();
      for await (const { SubscribeToShardEvent: event } of untilAborted(answer.EventStream ?? [], signal)) {
        if (!event) continue;
        failures = 0;
        const end = await take(event);
        if (end) return end;
      }
      // A subscription ends after five minutes; one that ends at once would be refused when it is renewed too soon.
      const rest = RESUBSCRIBE_MS - (Date.now() - startedAt);
      if (rest > 0) await sleep(rest, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (undeliverable) throw undeliverable.error; // not the subscription's fault, and no new one would help
      const name = (error as Error).name;
      if (name === 'ResourceNotFoundException' || name === 'InvalidArgumentException') throw error;
      failures += 1;
      if (failures === 3) onWarning(`${shardId}: ${(error as Error).message}; trying on`);
      if (failures > 20) throw error;
      await sleep(name === 'ResourceInUseException' ? RESUBSCRIBE_MS : 500 * failures, undefined, { signal });
    }
  }

  async function take(event: SubscribeToShardEvent): Promise<ShardEnd | undefined> {
    const records = (event.Records ?? []).map((record) => toStreamRecord(shardId, record));
    const behindMs = event.MillisBehindLatest ?? 0;
    const wanted = untilMs === undefined ? records : records.filter(({ arrivedMs }) => arrivedMs < untilMs);
    const taken = await deliver({ shardId, records: wanted, behindMs }).catch((error: unknown) => {
      undeliverable = { error };
      throw error;
    });
    const last = wanted[taken - 1];
    if (last) onProgress((position = { after: last.sequenceNumber }));
    if (taken < records.length) return { kind: 'reached' };
    if (event.ContinuationSequenceNumber === undefined) {
      const children = (event.ChildShards ?? []).map((child) => ({
        ShardId: child.ShardId ?? '',
        ParentShards: child.ParentShards ?? [],
      }));
      return { kind: 'closed', children: children.length > 0 ? children : undefined };
    }
    if (records.length === 0 || wanted.length === records.length)
      position = { after: event.ContinuationSequenceNumber };
    return untilMs !== undefined && behindMs === 0 && Date.now() >= untilMs ? { kind: 'reached' } : undefined;
  }
}

function startingPosition(position: Exclude<ShardPosition, { ended: true }>): StartingPosition {
  const { ShardIteratorType, StartingSequenceNumber, Timestamp } = iteratorAt(position);
  return {
    Type: ShardIteratorType as StartingPosition['Type'],
    ...(StartingSequenceNumber !== undefined && { SequenceNumber: StartingSequenceNumber }),
    ...(Timestamp !== undefined && { Timestamp: new Date(Timestamp * 1000) }),
  };
}

type SdkRecord = NonNullable<SubscribeToShardEvent['Records']>[number];

const toStreamRecord = (shardId: string, record: SdkRecord): StreamRecord => ({
  shardId,
  sequenceNumber: record.SequenceNumber ?? '',
  partitionKey: record.PartitionKey ?? '',
  arrivedMs: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
  data: Buffer.from(record.Data ?? []),
});

/** Iterates until the signal aborts, even while nothing comes. */
async function* untilAborted<T>(source: AsyncIterable<T> | Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), aborted]);
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    void iterator.return?.(undefined);
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { Clock } from '../shared/clock.js';
import { OperationError } from '../shared/errors.js';

const NAME_PREFIX = 'pipectl-tail';
const READY_WITHIN_MS = 60_000;

export interface RegisteredConsumer {
  consumerArn: string;
  /** Deregisters the consumer; until then it costs money on AWS. */
  close(): Promise<void>;
}

/**
 * Registers a consumer with a throughput of its own. Consumers that an earlier run on this machine left behind, because it was killed,
 * are deregistered too; those of runs that still go on are not.
 */
export async function registerConsumer(
  kinesis: KinesisClient,
  stream: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<RegisteredConsumer> {
  const sdk = await import('@aws-sdk/client-kinesis');
  const summary = await kinesis.send(new sdk.DescribeStreamSummaryCommand({ StreamName: stream }), {
    abortSignal: signal,
  });
  const StreamARN = summary.StreamDescriptionSummary?.StreamARN;
  if (StreamARN === undefined)
    throw new OperationError(`Stream "${stream}" has no ARN: no consumer can be registered.`);
  await deregisterOrphans(kinesis, StreamARN);
  const ConsumerName = `${NAME_PREFIX}-${machine()}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const registered = await kinesis.send(new sdk.RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  const consumerArn = registered.Consumer?.ConsumerARN ?? '';
  const close = async (): Promise<void> => {
    await kinesis.send(new sdk.DeregisterStreamConsumerCommand({ StreamARN, ConsumerName })).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
  };
  try {
    await untilActive(kinesis, consumerArn, clock, signal);
  } catch (error) {
    await close();
    throw error;
  }
  return { consumerArn, close };
}

async function untilActive(
  kinesis: KinesisClient,
  ConsumerARN: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { DescribeStreamConsumerCommand } = await import('@aws-sdk/client-kinesis');
  const deadline = clock.now() + READY_WITHIN_MS;
  for (let waitMs = 50; ; waitMs = Math.min(1000, waitMs * 2)) {
    const answer = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }), { abortSignal: signal });
    if (answer.ConsumerDescription?.ConsumerStatus === 'ACTIVE') return;
    if (clock.now() > deadline) throw new OperationError('The consumer did not become active within 1 minute.');
    await clock.sleep(waitMs, signal);
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

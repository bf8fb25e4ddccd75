import { type Clock, systemClock } from '../shared/clock.js';
import { OperationError } from '../shared/errors.js';
import { isKinesisError } from '../target/kinesis-call.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { describeShards } from './describe-stream.js';
import { ShardMeter, type ShardRate } from './shard-meter.js';

export interface RateSample {
  at: Date;
  shards: ShardRate[];
}

/**
 * Counts what arrives, by reading every open shard from now on, once a second: the one way that works on every endpoint. It takes one of
 * the five reads a second that a shard gives to all its readers together. Shards that follow a reshard join in; ends when the signal
 * aborts.
 * @param options.kinesis a client that does not retry by itself: a refused read is a thing to show
 */
export async function* watchRates(
  kinesis: KinesisControl,
  stream: string,
  options: { signal: AbortSignal; clock?: Clock; everyMs?: number },
): AsyncGenerator<RateSample> {
  const { signal, clock = systemClock, everyMs = 1000 } = options;
  const meters = new Map<string, ShardMeter>();
  const seen = new Set<string>();
  const add = async (shard: string, from: 'LATEST' | 'TRIM_HORIZON'): Promise<void> => {
    if (seen.has(shard)) return; // both parents of a merge name it
    seen.add(shard);
    const meter = new ShardMeter(kinesis, { stream, shard, from }, clock);
    await meter.open(signal);
    meters.set(shard, meter);
  };
  const open = (await describeShards(kinesis, stream, signal)).filter((shard) => shard.open);
  await Promise.all(open.map(({ id }) => add(id, 'LATEST')));

  for (let due = clock.now() + everyMs; ; due = Math.max(due + everyMs, clock.now())) {
    await clock.sleep(Math.max(0, due - clock.now()), signal).catch(() => {});
    if (signal.aborted) return;
    const samples = await Promise.all(
      [...meters].map(async ([shard, meter]) => ({ shard, ...(await meter.sample(signal)) })),
    ).catch((error: unknown) => {
      const gone = isKinesisError(error, 'ResourceNotFoundException');
      throw gone ? new OperationError(`${stream} was deleted.`, { cause: error }) : error;
    });
    const shards = samples.map(({ rate }) => rate).sort((a, b) => (a.shard < b.shard ? -1 : 1));
    yield { at: new Date(clock.now()), shards };
    for (const { shard, children } of samples) {
      if (children === undefined) continue;
      meters.delete(shard);
      await Promise.all(children.map((child) => add(child, 'TRIM_HORIZON')));
    }
  }
}

import { systemClock } from '../shared/clock.js';
import { createClients } from '../target/clients.js';
import { type KinesisWire, openKinesisWire } from '../target/kinesis-wire.js';
import { type BatchFiller, OrderedFiller, PlainFiller } from './batch-filler.js';
import { type FailureLine, failuresOf, malformedLine, oversizedLine } from './failure-line.js';
import { type Fatal, NO_ANSWER } from './fatal.js';
import { followReshards } from './follow-reshards.js';
import { FreshRecords } from './fresh-records.js';
import type { LoadPlan } from './load-plan.js';
import { LoadSender } from './load-sender.js';
import type { Meter } from './meter.js';
import { openSource } from './open-source.js';
import { PacedShards } from './paced-shards.js';
import { planSchedule } from './plan-schedule.js';
import { emptyDraft, type RecordSource } from './record-source.js';

/** A call takes a few times the 4 ms that lie between two of them. */
const FIRST_CALLS = 4;
const FIRST_CALLS_MS = 2000;

const MOST_OVERSIZED = 100;

export interface LoadHooks {
  meter: Meter;
  signal: AbortSignal;
  /** Told of each record that is given up or cannot be sent. */
  onFailure(line: FailureLine): void;
  /** Told in a sentence that the endpoint does not answer, and that it answers again. */
  onWarning(text: string): void;
}

/** How a run, or one worker's part of it, came to its end. */
export interface LoadEnd {
  /** Records taken from the source. */
  taken: number;
  /** The same in the schedule's unit: records, or bytes of keys and data. */
  units: number;
  /** The source had no more before the schedule was over. */
  exhausted: boolean;
  /** When the last record was due, milliseconds after the start. */
  lastDueMs: number;
  fatal: Fatal | undefined;
  /** Records left in the file when nobody answered any more; undefined where they cannot be counted. */
  rest?: number | undefined;
}

export interface PreparedLoad {
  /** Runs to the end. @param startEpochMs the common start of all workers */
  run(startEpochMs: number): Promise<LoadEnd>;
  /** Milliseconds since the start, or 0 before it. */
  elapsedMs(): number;
  /** When the next record is due, or the last one was, milliseconds after the start. */
  nextDueMs(): number;
}

/** Makes everything ready that takes time (connection, pools of data), so that the start is sharp. */
export async function prepareLoad(plan: LoadPlan, hooks: LoadHooks): Promise<PreparedLoad> {
  const clients = createClients(plan.target, { maxAttempts: 3 });
  const wire = openKinesisWire(plan.target, await clients.kinesisAccess(), { connections: plan.maxInFlight });
  let startEpochMs = Number.POSITIVE_INFINITY;
  const elapsedMs = (): number => Math.max(0, performance.timeOrigin + performance.now() - startEpochMs);
  const schedule = planSchedule(plan);
  // Times in the data count from the start, which is not known yet: a moment's difference is nothing there.
  const source = await openSource(plan, Date.now(), {
    onRejected(input) {
      hooks.meter.counts.rejected += 1;
      hooks.onFailure(malformedLine(input));
    },
    onBlank() {
      hooks.meter.counts.blank += 1;
    },
  });
  const fresh = new FreshRecords(source, schedule);
  const paced = schedule.pacer !== undefined || (plan.data.kind === 'lines' && plan.data.timeField !== undefined);
  const shards = paced ? undefined : pacedShards(plan, hooks.meter);
  const filler = await openFiller(plan, fresh, hooks, clients);
  await openConnections(wire, plan, hooks.signal);
  return {
    elapsedMs,
    nextDueMs: () => fresh.dueMs,
    async run(start) {
      startEpochMs = start;
      const sender = new LoadSender({
        wire,
        stream: plan.stream,
        filler,
        paced,
        shards,
        scheduleEndMs: schedule.durationMs,
        maxInFlight: plan.maxInFlight,
        maxAttempts: plan.maxAttempts,
        meter: hooks.meter,
        clock: systemClock,
        elapsedMs,
        who: plan.target.endpointUrl ?? `Kinesis in ${plan.target.region}`,
        onWarning: hooks.onWarning,
        onShard: shards && followReshards(shards, clients.kinesisControl(), plan.stream, plan.shards),
        onGivenUp(entry, code, message) {
          for (const line of failuresOf(entry, code, message)) hooks.onFailure(line);
        },
        signal: hooks.signal,
      });
      let rest: number | undefined;
      try {
        await sender.run();
        const isFile = plan.data.kind === 'lines' && plan.data.path !== '-' && plan.count === undefined;
        if (isFile && sender.fatal?.code === NO_ANSWER) rest = await countRest(source);
      } finally {
        await source.close();
        wire.close();
        clients.close();
      }
      const { taken, units, exhausted, lastDueMs } = fresh;
      return { taken, units, exhausted, lastDueMs, fatal: sender.fatal, rest };
    },
  };
}

/** Reads a source to its end. @returns how many records it had left */
async function countRest(source: RecordSource): Promise<number> {
  const draft = emptyDraft();
  for (let count = 0; ; ) {
    const state = source.next(draft, 0);
    if (state === 'end') return count;
    if (state === 'ready') count += 1;
    else await source.refill();
  }
}

function pacedShards({ shards, workers }: LoadPlan, meter: Meter): PacedShards {
  const keyed = shards?.flatMap(({ shardId, range }) => (range ? [{ shardId, ...range }] : []));
  return new PacedShards({
    shards: keyed?.length === shards?.length ? keyed : undefined,
    openShards: shards?.length ?? 1,
    part: 1 / workers,
    takenBytes: (shardId) => meter.shards.get(shardId)?.bytes ?? 0,
  });
}

/** The first connections, so that the first records do not wait for their handshakes. Whether the calls succeed does not matter. */
async function openConnections(wire: KinesisWire, plan: LoadPlan, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify({ StreamName: plan.stream, MaxResults: 1 });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(FIRST_CALLS_MS)]);
  const calls = Array.from({ length: Math.min(FIRST_CALLS, plan.maxInFlight) }, () =>
    wire.call('ListShards', body, limit).catch(() => {}),
  );
  await Promise.all(calls);
}

async function openFiller(
  plan: LoadPlan,
  fresh: FreshRecords,
  hooks: LoadHooks,
  clients: ReturnType<typeof createClients>,
): Promise<BatchFiller> {
  const onOversized = (_n: number, bytes: number): void => {
    hooks.meter.counts.rejected += 1;
    hooks.onFailure(oversizedLine(fresh.draft, bytes, plan.recordLimitBytes));
    // Data made on the spot have no end, and nothing waits for an answer when nothing is sent.
    if (plan.data.kind !== 'lines' && hooks.meter.counts.sent === 0 && hooks.meter.counts.rejected >= MOST_OVERSIZED)
      throw new Error(`the first ${MOST_OVERSIZED} records were all larger than the stream takes`);
  };
  const options = { fresh, recordLimitBytes: plan.recordLimitBytes, onOversized };
  if (plan.aggregate) {
    const { openAggregateFiller } = await import('./aggregate-filler.js');
    return openAggregateFiller({ ...options, plan, clients, meter: hooks.meter });
  }
  return plan.ordered ? new OrderedFiller({ ...options, stream: plan.stream }) : new PlainFiller(options);
}

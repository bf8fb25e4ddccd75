import { setInterval } from 'node:timers';
import { formatByteSize } from '../shared/byte-size.js';
import { OperationError, UsageError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import type { FailureLine } from './failure-line.js';
import { openLineFile } from './line-file.js';
import type { LoadPlan } from './load-plan.js';
import { loadResult, type ProduceResult } from './load-result.js';
import { Meter } from './meter.js';
import { planPacer } from './plan-schedule.js';
import { prepareLoad } from './run-load.js';
import { type RunningLoad, runWorkers } from './run-workers.js';
import { type LoadMoment, LoadWatch } from './watch-load.js';

const MOMENT_MS = 1000;

export interface ProduceOptions {
  signal: AbortSignal;
  /** Called about every second, and once at the end. */
  onMoment?(moment: LoadMoment): void;
  /** Called for each record that is given up or cannot be sent. */
  onFailure?(line: FailureLine): void;
  /** Told of a file that could not be written to its end. */
  onIncompleteFile?(problem: string): void;
  failuresFile?: string | undefined;
  metricsFile?: string | undefined;
}

/** Runs a load to its end, or until the signal aborts; what was accepted until then is flushed and counted. */
export async function produce(plan: LoadPlan, options: ProduceOptions): Promise<ProduceResult> {
  const { signal, failuresFile, metricsFile } = options;
  const failures = failuresFile === undefined ? undefined : await openLineFile(failuresFile, '--failures');
  const metrics = metricsFile === undefined ? undefined : await openLineFile(metricsFile, '--metrics-file');
  const ofLines = plan.data.kind === 'lines';
  const onFailure = (failure: FailureLine): void => {
    // A record of a file has its line's number, less one.
    const line = ofLines && failure.n !== undefined ? { line: failure.n + 1, ...failure } : failure;
    failures?.add(line);
    options.onFailure?.(line);
  };
  try {
    const load =
      plan.workers === 1 ? await runHere(plan, signal, onFailure) : await runWorkers(plan, signal, onFailure);
    const watch = new LoadWatch(plan, planPacer(plan));
    const tick = (): void => {
      const moment = watch.moment(load.meter(), load.elapsedMs());
      metrics?.add(moment);
      options.onMoment?.(moment);
    };
    const timer = setInterval(tick, MOMENT_MS);
    let stoppedMs = signal.aborted ? 0 : undefined;
    const onAbort = (): void => {
      stoppedMs = load.elapsedMs();
    };
    signal.addEventListener('abort', onAbort);
    const end = await load.ended.finally(() => {
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
    });
    const elapsedMs = load.elapsedMs();
    tick();
    return loadResult({ plan, meter: load.meter(), ...end, elapsedMs, stoppedMs });
  } finally {
    for (const file of [failures, metrics]) {
      const problem = await file?.close();
      if (problem !== undefined) options.onIncompleteFile?.(problem);
    }
  }
}

async function runHere(
  plan: LoadPlan,
  signal: AbortSignal,
  onFailure: (line: FailureLine) => void,
): Promise<RunningLoad> {
  const meter = new Meter();
  const load = await prepareLoad(plan, {
    meter,
    signal,
    onFailure,
  });
  const ended = load.run(performance.timeOrigin + performance.now());
  return { meter: () => meter, elapsedMs: load.elapsedMs, ended };
}

/** What a run needs to know of its stream. */
export interface StreamTraits {
  recordLimitBytes: number;
  /** Partition keys are ignored and records spread evenly (on-demand streams with RecordDistributionStrategy AUTO). */
  autoDistribution: boolean;
  openShards: number;
}

export async function readStreamTraits(clients: Clients, stream: string, signal: AbortSignal): Promise<StreamTraits> {
  const { DescribeStreamSummaryCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await clients.kinesis();
  const answer = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }), { abortSignal: signal });
  const summary = answer.StreamDescriptionSummary;
  return {
    recordLimitBytes: (summary?.MaxRecordSizeInKiB ?? 1024) * 1024,
    autoDistribution: summary?.RecordDistributionStrategy === 'AUTO',
    openShards: summary?.OpenShardCount ?? 1,
  };
}

/**
 * Refuses what cannot work on this stream.
 * @throws UsageError
 */
export function checkAgainstStream(
  plan: Pick<LoadPlan, 'aggregate' | 'ordered' | 'stream' | 'sizeBytes'>,
  traits: StreamTraits,
): void {
  if (plan.sizeBytes !== undefined && plan.sizeBytes > traits.recordLimitBytes) {
    const limit = formatByteSize(traits.recordLimitBytes);
    throw new UsageError(
      `--size: ${formatByteSize(plan.sizeBytes)} is more than a record of ${plan.stream} may have, ${limit}.`,
      {
        hint: `A stream takes up to 10 MiB after \`pipectl provision ${plan.stream} --max-record-size 10MiB\`.`,
      },
    );
  }
  if (!traits.autoDistribution) return;
  if (plan.aggregate) {
    throw new UsageError(`--aggregate cannot be used on ${plan.stream}: its record distribution is AUTO.`, {
      hint: 'AWS spreads its records whatever their keys, so consumers would drop aggregated records; leave --aggregate out.',
    });
  }
  if (plan.ordered) {
    throw new UsageError(`--ordered cannot be kept on ${plan.stream}: its record distribution is AUTO.`, {
      hint: 'AWS ignores partition keys there, and with them their order; leave --ordered out.',
    });
  }
}

/** The error that ended a run, once its summary is out. */
export const endedByError = (result: ProduceResult): OperationError | undefined =>
  result.endedBy
    ? new OperationError(
        `Sending ended early: ${result.endedBy.code === 'InputError' ? '' : `${result.endedBy.code}: `}${result.endedBy.message}`,
      )
    : undefined;

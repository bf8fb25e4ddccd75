import { setInterval } from 'node:timers';
import type { FailureLine } from './failure-line.js';
import { openLineFile } from './line-file.js';
import type { LoadPlan } from './load-plan.js';
import { loadResult, type ProduceResult } from './load-result.js';
import { Meter } from './meter.js';
import { planPacer } from './plan-schedule.js';
import { type LoadHooks, prepareLoad } from './run-load.js';
import { type RunningLoad, runWorkers } from './run-workers.js';
import { type LoadMoment, LoadWatch } from './watch-load.js';

const MOMENT_MS = 1000;

export interface ProduceOptions {
  signal: AbortSignal;
  /** Called about every second. */
  onMoment?(moment: LoadMoment): void;
  /** Called for each record that is given up or cannot be sent. */
  onFailure?(line: FailureLine): void;
  /** Told in a sentence that the endpoint does not answer, and that it answers again. */
  onWarning?(text: string): void;
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
    const hooks = { signal, onFailure, onWarning: (text: string) => options.onWarning?.(text) };
    const load = plan.workers === 1 ? await runHere(plan, hooks) : await runWorkers(plan, hooks);
    const watch = new LoadWatch(plan, planPacer(plan));
    const tick = (): void => {
      const moment = watch.moment(load.meter(), load.elapsedMs(), load.nextDueMs?.());
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
    metrics?.add(watch.moment(load.meter(), elapsedMs));
    return loadResult({ plan, meter: load.meter(), ...end, elapsedMs, stoppedMs });
  } finally {
    for (const file of [failures, metrics]) {
      const problem = await file?.close();
      if (problem !== undefined) options.onIncompleteFile?.(problem);
    }
  }
}

async function runHere(plan: LoadPlan, hooks: Omit<LoadHooks, 'meter'>): Promise<RunningLoad> {
  const meter = new Meter();
  const load = await prepareLoad(plan, { ...hooks, meter });
  const ended = load.run(performance.timeOrigin + performance.now());
  return { meter: () => meter, elapsedMs: load.elapsedMs, nextDueMs: load.nextDueMs, ended };
}

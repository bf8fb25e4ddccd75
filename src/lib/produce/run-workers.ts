import { Worker } from 'node:worker_threads';
import { OperationError } from '../shared/errors.js';
import { FROM_SOURCES, moduleUrl } from '../shared/package-files.js';
import type { FailureLine } from './failure-line.js';
import type { LoadPlan } from './load-plan.js';
import { Meter, type PlainMeter } from './meter.js';
import type { LoadEnd, LoadHooks } from './run-load.js';

/** What a worker tells the main thread. */
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'meter'; meter: PlainMeter }
  | { kind: 'failure'; line: FailureLine }
  | { kind: 'warning'; text: string }
  | { kind: 'done'; meter: PlainMeter; end: LoadEnd }
  | { kind: 'error'; message: string; hint?: string; bug: boolean };

/** What the main thread tells a worker. */
export type ToWorker = { kind: 'start'; startEpochMs: number } | { kind: 'stop' };

export interface RunningLoad {
  /** Everything counted so far. */
  meter(): Meter;
  elapsedMs(): number;
  /** When the next record is due; undefined where threads take turns. */
  nextDueMs?(): number;
  ended: Promise<LoadEnd>;
}

/** Runs a plan in several threads, which start at the same moment and take turns record by record. */
export async function runWorkers(
  plan: LoadPlan,
  { signal, onFailure, onWarning }: Omit<LoadHooks, 'meter'>,
): Promise<RunningLoad> {
  const warn = oncePerSilence(onWarning);
  const latest: (PlainMeter | undefined)[] = Array.from({ length: plan.workers }, () => undefined);
  const threads = Array.from({ length: plan.workers }, (_, worker) => startThread({ ...plan, worker }));
  const outcomes = threads.map(
    (thread, index) =>
      new Promise<LoadEnd>((resolve, reject) => {
        thread.worker.on('message', (message: FromWorker) => {
          if (message.kind === 'ready') thread.ready();
          else if (message.kind === 'meter') latest[index] = message.meter;
          else if (message.kind === 'failure') onFailure(message.line);
          else if (message.kind === 'warning') warn(message.text);
          else if (message.kind === 'done') {
            latest[index] = message.meter;
            resolve(message.end);
          } else reject(message.bug ? new Error(message.message) : new OperationError(message.message, message));
        });
        thread.worker.on('error', reject);
        thread.worker.on('exit', (code) => reject(new Error(`a worker ended with ${code} before it was done`)));
      }),
  );
  const failed = Promise.race(outcomes.map((outcome) => outcome.then(() => new Promise<never>(() => {}))));
  const stopAll = (message: ToWorker): void => {
    for (const { worker } of threads) worker.postMessage(message);
  };
  const end = async (): Promise<void> => void (await Promise.all(threads.map(({ worker }) => worker.terminate())));
  try {
    await Promise.race([Promise.all(threads.map((thread) => thread.whenReady)), failed]);
  } catch (error) {
    await end();
    throw error;
  }
  const startEpochMs = performance.timeOrigin + performance.now() + 20;
  stopAll({ kind: 'start', startEpochMs });
  const onAbort = (): void => stopAll({ kind: 'stop' });
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  return {
    meter() {
      const sum = new Meter();
      for (const meter of latest) if (meter) sum.add(meter);
      return sum;
    },
    elapsedMs: () => Math.max(0, performance.timeOrigin + performance.now() - startEpochMs),
    ended: Promise.all(outcomes)
      .then((ends) => ({
        taken: ends.reduce((sum, { taken }) => sum + taken, 0),
        units: ends.reduce((sum, { units }) => sum + units, 0),
        exhausted: ends.every(({ exhausted }) => exhausted),
        lastDueMs: Math.max(...ends.map(({ lastDueMs }) => lastDueMs)),
        fatal: ends.find(({ fatal }) => fatal)?.fatal,
        rest: ends.reduce<number | undefined>(
          (sum, { rest }) => (rest === undefined ? sum : (sum ?? 0) + rest),
          undefined,
        ),
      }))
      .finally(async () => {
        signal.removeEventListener('abort', onAbort);
        await end();
      }),
  };
}

/** All workers find out that nobody answers; one sentence is enough. */
function oncePerSilence(onWarning: (text: string) => void): (text: string) => void {
  let said = '';
  return (text) => {
    if (text !== said) onWarning(text);
    said = text;
  };
}

function startThread(plan: LoadPlan): { worker: Worker; ready: () => void; whenReady: Promise<void> } {
  const entry = moduleUrl('lib/produce/load-worker');
  // From the sources a thread needs the loader that the main thread was started with.
  const worker = FROM_SOURCES
    ? new Worker(`import { register } from 'tsx/esm/api'; register(); await import(${JSON.stringify(entry.href)});`, {
        eval: true,
        workerData: plan,
        execArgv: ['--input-type=module'],
      } as ConstructorParameters<typeof Worker>[1])
    : new Worker(entry, { workerData: plan });
  let ready = (): void => {};
  const whenReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  return { worker, ready, whenReady };
}

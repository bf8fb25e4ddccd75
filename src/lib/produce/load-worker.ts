// The entry of a worker thread: one worker's part of a run.
import { parentPort, workerData } from 'node:worker_threads';
import { PipectlError } from '../shared/errors.js';
import { explainSdkError } from '../target/explain-sdk-error.js';
import type { LoadPlan } from './load-plan.js';
import { Meter } from './meter.js';
import { prepareLoad } from './run-load.js';
import type { FromWorker, ToWorker } from './run-workers.js';

const REPORT_EVERY_MS = 200;

// The SDK warns of its next major version in every thread; the main one has dealt with it.
process.removeAllListeners('warning').on('warning', () => {});

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
const plan = workerData as LoadPlan;
const tell = (message: FromWorker): void => port.postMessage(message);
const stop = new AbortController();
const meter = new Meter();

try {
  const load = await prepareLoad(plan, {
    meter,
    signal: stop.signal,
    onFailure: (line) => tell({ kind: 'failure', line }),
    onWarning: (text) => tell({ kind: 'warning', text }),
  });
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') stop.abort();
    else void run(message.startEpochMs);
  });
  tell({ kind: 'ready' });

  async function run(startEpochMs: number): Promise<void> {
    const reports = setInterval(() => tell({ kind: 'meter', meter: meter.toPlain() }), REPORT_EVERY_MS);
    try {
      // All workers start at the same moment, not when they hear of it.
      await new Promise((resolve) => setTimeout(resolve, startEpochMs - performance.timeOrigin - performance.now()));
      const end = await load.run(startEpochMs);
      tell({ kind: 'done', meter: meter.toPlain(), end });
    } catch (error) {
      tellError(error);
    } finally {
      clearInterval(reports);
    }
  }
} catch (error) {
  tellError(error);
}

function tellError(thrown: unknown): void {
  const error = explainSdkError(thrown, plan.target) ?? thrown;
  if (error instanceof PipectlError)
    tell({ kind: 'error', message: error.message, ...(error.hint !== undefined && { hint: error.hint }), bug: false });
  else
    tell({
      kind: 'error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      bug: true,
    });
}

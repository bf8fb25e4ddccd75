import type { Check } from '../../src/lib/e2e/check-file/check.js';
import { chooseCheck, loadCheckFile } from '../../src/lib/e2e/check-file/load-check-file.js';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { openSession, type Session } from '../../src/lib/e2e/open-session.js';
import { createPhases, type PhaseEvent } from '../../src/lib/e2e/phases.js';
import { runPass } from '../../src/lib/e2e/run-pass.js';
import type { Fault } from '../../src/lib/local/faults.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { type FailMode, parseFailModes } from '../../src/lib/project/fail-mode.js';
import { systemClock } from '../../src/lib/shared/clock.js';
import { createClients } from '../../src/lib/target/clients.js';
import { type Change, copyPipeline } from '../e2e/copy-pipeline.js';
import { localTarget } from '../local-target.js';

/**
 * The loader posts again what was not answered within 10 s, which a busy machine may not manage: then the copy is true. Here it waits, and whatever
 * else it meets fails its invocation, which the verdict names.
 */
export const PATIENT_LOADER: readonly Change[] = [
  { file: 'functions/loader/post.mjs', replace: 'const ATTEMPTS = 4;', by: 'const ATTEMPTS = 1;' },
  { file: 'functions/loader/post.mjs', replace: 'const TIMEOUT_MS = 10_000;', by: 'const TIMEOUT_MS = 55_000;' },
];

/** The analytics pipeline on an endpoint of its own, over which passes are run, each with its faults. */
export interface StandingPipeline {
  /**
   * Sends the events once. The faults, and the modes by which the recorder fails, are armed when the pipeline is live, so that no warm-up event
   * meets them. Rejects if the run did not meet each of them as often as it was armed.
   */
  pass(faults: readonly Fault[], recorderFails?: string): Promise<CheckReport>;
  close(): Promise<void>;
}

/** `times` of a fault that is to strike for the whole run: once is enough for it to be met. */
export const ALWAYS = 1_000_000;

export async function standPipeline(
  changes: readonly Change[],
  adjust: (check: Check) => Check,
  limits: 'on' | 'off' = 'on',
): Promise<StandingPipeline> {
  const endpoint: Endpoint = await startEndpoint({ port: 0, limits });
  const clients = createClients(localTarget(endpoint.url));
  const file = await loadCheckFile(copyPipeline(changes));
  let toArm: readonly Fault[] = [];
  let recorderModes: readonly FailMode[] = [];
  const hear = (event: PhaseEvent): void => {
    if (event.kind !== 'phase' || event.name !== 'send') return;
    for (const fault of toArm) endpoint.faults.add(fault);
    for (const recorder of session.recorders.values()) if (recorder.kind === 'path') recorder.fail(recorderModes);
  };
  const session: Session = await openSession(
    {
      file,
      check: adjust(chooseCheck(file)),
      clients,
      clock: systemClock,
      environment: {},
      deploy: true,
      keep: false,
      disposable: true,
      recorderWishes: { addresses: new Map(), failModes: new Map() },
      signal: new AbortController().signal,
      onEvent: () => {},
    },
    createPhases(systemClock, hear),
  );
  return {
    async pass(faults, recorderFails) {
      toArm = faults;
      recorderModes = recorderFails === undefined ? [] : (parseFailModes(recorderFails) ?? []);
      try {
        const report = await runPass(session, createPhases(systemClock, hear), 'test');
        const unmet = endpoint.faults.armed().filter(({ fault, struck }) => struck === 0 || fault.times !== ALWAYS);
        if (unmet.length > 0) throw new Error(`faults that the run did not meet: ${JSON.stringify(unmet)}`);
        for (const recorder of session.recorders.values()) {
          const left = recorder.kind === 'path' ? recorder.failuresLeft() : 0;
          if (left > 0) throw new Error(`the run did not meet ${left} failures of the recorder: ${recorderFails}`);
        }
        return report;
      } finally {
        endpoint.faults.clear();
      }
    },
    async close() {
      await session.close(createPhases(systemClock, hear));
      clients.close();
      await endpoint.close();
    },
  };
}

/** [lost, duplicated, reordered] that arose at each hop. */
export const arose = (report: CheckReport): Record<string, number[]> =>
  Object.fromEntries(report.hops.map((hop) => [hop.name, [hop.lost, hop.duplicatedHere, hop.reordered]]));

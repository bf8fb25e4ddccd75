import { afterAll, beforeAll, expect, it } from 'vitest';
import { arose, PATIENT_LOADER, type StandingPipeline, standPipeline } from './standing-pipeline.js';

const RUNS = 100;
const LANES = 4;

let pipeline: StandingPipeline;
beforeAll(async () => {
  // The shipped check with its decoys, only faster; without limits, which allow a shard five reads a second for all its readers.
  pipeline = await standPipeline(
    PATIENT_LOADER,
    (check) => ({
      ...check,
      send: { ...check.send, eventsPerSecond: 1000 },
      expect: { ...check.expect, settleMs: 0, warmUpMs: 20_000 },
    }),
    'off',
  );
});
afterAll(() => pipeline.close());

it(`gives ${RUNS} clean verdicts for ${RUNS} clean runs, some at the same time`, { timeout: 180_000 }, async () => {
  const runIds = new Set<string>();
  let foreign = 0;
  const lane = async (): Promise<void> => {
    while (runIds.size < RUNS) {
      const report = await pipeline.pass([]);
      if (runIds.size === RUNS) return;
      runIds.add(report.runId);
      foreign += report.foreignMarkers;
      // Findings first: an invocation that failed explains a copy.
      expect([report.verdict.findings, report.verdict.reasons]).toEqual([[], []]);
      expect(arose(report)).toEqual({ logged: [0, 0, 0], filtered: [0, 0, 0], loaded: [0, 0, 0] });
      expect(report.hops.map((hop) => hop.arrived)).toEqual([20, 20, 20]);
      expect(report.decoys.map((decoy) => decoy.seenAtLast)).toEqual([5, 5, 5]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(runIds.size).toBe(RUNS);
  // They did share the pipeline: each saw the others' markers, and counted none of them.
  expect(foreign).toBeGreaterThan(0);
});

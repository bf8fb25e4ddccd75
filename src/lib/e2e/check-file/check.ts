import type { ProjectFile } from '../../project/project-file.js';
import type { ProbeSpec } from '../probes/probes.js';
import type { RecorderSpec } from '../recorder/recorders.js';
import type { WaySpec } from '../senders/senders.js';
import type { StepSpec } from '../steps/steps.js';

/** A project file with its checks: units are resolved, defaults filled in, references still to be looked up. */
export interface CheckFile extends ProjectFile {
  /** In the file's order. A file that holds one check without a name calls it after its folder. */
  checks: Check[];
}

/** One check of a pipeline. Texts that may be references (see reference.ts) stay as they are written. */
export interface Check {
  name: string;
  deploy: DeployStep[];
  recorders: Record<string, RecorderSpec>;
  send: SenderSpec;
  decoys: DecoySpec[];
  hops: HopSpec[];
  expect: Expectations;
}

export type DeployStep = StepSpec;

export type SenderSpec = {
  /** With `{marker}`, and perhaps `{n}`, `{key}` and `{now}`, in its texts. */
  payload: unknown;
  count: number;
  eventsPerSecond: number;
  /** Events are dealt over so many keys; those of one key are sent strictly one after another, so their order can be judged. */
  keys: number;
} & WaySpec;

export interface DecoySpec {
  payload: unknown;
  /** The last hop that may see it, and must; undefined when no hop may. */
  last: string | undefined;
  count: number;
}

export interface HopSpec {
  name: string;
  probe: ProbeSpec;
  /** The hop that hands events on to this one; undefined if they come from the sender. Always one above it, so hops form a tree. */
  after: string | undefined;
}

export type Metric = 'lost' | 'duplicated' | 'duplicatedHere' | 'reordered' | 'p50' | 'p95' | 'p99' | 'max';

/** At `hop`, `metric` may be at most `limit`: events or copies for counts, milliseconds from sending for the others. */
export interface Limit {
  metric: Metric;
  hop: string;
  limit: number;
}

export interface Expectations {
  /** How long after the last event was sent every hop must have seen every event. */
  withinMs: number;
  /** How long canaries may take until one comes through; undefined leaves it to the target. */
  warmUpMs: number | undefined;
  /** How long no copy or decoy may come, when all events have arrived, before the run is over; undefined leaves it to the target. */
  settleMs: number | undefined;
  limits: Limit[];
}

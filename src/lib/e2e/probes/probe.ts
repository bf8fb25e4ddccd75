import type { Clock } from '../../shared/clock.js';
import type { Clients } from '../../target/clients.js';
import type { Kind } from '../check-file/kind.js';
import type { Pace } from '../pace-of.js';
import type { Recorder, RecorderSpec } from '../recorder/recorders.js';

/** One thing that passed a hop: a log event, a decoded record, a recorded row. */
export interface Sight {
  /** Where a marker may be found. */
  text: string;
  /** When the service says it happened; milliseconds since the epoch. */
  stampedAtMs?: number;
  /** The same whoever reads it; left out where nobody can read it a second time. */
  id?: string;
  /** What keeps an order of its own at this hop, such as a shard or a log stream; left out where the whole hop does. */
  lane?: string;
  /**
   * It was written by an invocation that failed, so it is no arrival. `line`: it stands there all the same, for whatever reads on from there.
   * `invocation`: it is one more attempt, and no copy.
   */
  failed?: 'line' | 'invocation';
}

/**
 * What watches one hop. An open probe has fixed its place: whatever passes from now on will be reported, once, in the order in which the hop
 * has it. A read that fails and may succeed later is tried again; one that cannot is told by `ProbeContext.unreadable`.
 */
export interface Probe {
  /** `stream orders`, for people. */
  readonly watched: string;
  /** Reads once more what is there now, then stops. Never throws. */
  close(): Promise<void>;
}

export interface ProbeContext {
  clients: Clients;
  clock: Clock;
  pace: Pace;
  /** When the probe is opened, by the target's clock; milliseconds since the epoch. */
  openedAtMs: number;
  /** Aborts when nobody listens any more. */
  signal: AbortSignal;
  /** In every marker of this run, for probes that can have the service search. */
  runId: string;
  recorders: ReadonlyMap<string, Recorder>;
  /** Of the check file: what paths in it are relative to. */
  folder: string;
  /** The value of a text that may be a reference. */
  resolve(text: string): Promise<string>;
  see(sight: Sight): void;
  /** A read was throttled; it will be tried again. */
  throttled(): void;
  /** The probe cannot read, and why; a later `undefined` takes it back. */
  unreadable(why: string | undefined): void;
}

/** A kind of probe, whole: how a check file names it, and how it watches. One file each; the list is in probes.ts. */
export interface ProbeKind<Spec extends { kind: string }, Value = string> extends Kind<Spec, Value> {
  /** When it has seen an event, for the table in the docs: "a log event holds its marker". */
  readonly sees: string;
  open(spec: Spec, context: ProbeContext): Promise<Probe>;
  /** `log /aws/lambda/orders`, as the check file has it: the open probe knows better. */
  describe(spec: Spec): string;
  /** The recorder that it watches, and of which kind that must be. */
  recorderOf?(spec: Spec): { name: string; kind: RecorderSpec['kind'] };
}

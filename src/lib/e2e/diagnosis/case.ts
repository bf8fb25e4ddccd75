import type { Check } from '../check-file/check.js';
import type { Finding } from '../check-report.js';
import type { Marker } from '../marker.js';
import type { Session } from '../open-session.js';
import type { ProbeSpec } from '../probes/probes.js';

/** What came to a hop without any marker, as far as its probe has seen. */
export interface Unmarked {
  count: number;
  first: string;
}

/** What a diagnosis has to go on. */
export interface Case {
  session: Session;
  check: Check;
  runId: string;
  /** Hops that broke the verdict, the one that lost events first at the front. */
  brokenHops: readonly string[];
  /** Markers that should have come to a hop and did not: of events that it lost, or else of any canary. */
  missing: ReadonlyMap<string, (marker: Marker) => boolean>;
  /** Decoys that came to a hop and must not, by their numbers. */
  passedDecoys: ReadonlyMap<string, ReadonlySet<number>>;
  unmarked: ReadonlyMap<string, Unmarked>;
  /** What senders were told by functions that failed. */
  complaints: readonly string[];
  /** How often the probe of a hop was throttled, by hop. */
  throttledReads: ReadonlyMap<string, number>;
  /** When the run began; what is older explains nothing. */
  sinceMs: number;
  /** The same by the target's clock, for log lines. */
  targetSinceMs: number;
}

/** The way from what the hop before is (or what events are sent to) to the hop that lost them. */
export interface Edge {
  hop: string;
  /** Nothing is watched before it. */
  first: boolean;
  /** Undefined at the first hop, unless events are put into a stream. */
  from: ProbeSpec | undefined;
  to: ProbeSpec;
}

/** Looks at one part of the pipeline. Answers what it found, the most telling first; nothing when all is well there. */
export type Look = (edge: Edge, pipeline: Case) => Promise<Finding[]>;

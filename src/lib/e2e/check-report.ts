import type { Latency, LatencyBucket } from './latency.js';

/** The result of one run of one check, and what `--json` prints. Times are milliseconds; events are known by their number, from 0. */
export interface CheckReport {
  check: string;
  /** Which of several runs over one deployment this is; left out for a single run. */
  pass?: { number: number; of: number };
  /** In every marker of this run. */
  runId: string;
  file: string;
  target: {
    kind: string;
    url: string | undefined;
    region: string;
    /** What answered, with its version: `LocalStack 4.14.0`. */
    server: string;
    /** What that server is known not to do, so that this verdict says nothing about it. */
    caveats: readonly string[];
  };
  startedAt: string;
  durationMs: number;
  phases: { name: string; durationMs: number }[];
  send: {
    via: string;
    wanted: number;
    sent: number;
    failed: number;
    wantedPerSecond: number;
    perSecond: number | undefined;
  };
  /** How many canaries went before one was seen at every hop. */
  canaries: number;
  hops: HopReport[];
  decoys: DecoyReport[];
  /** How long was watched for copies and decoys; undefined if it did not come to that. */
  settled: Settled | undefined;
  verdict: Verdict;
  /** Every event that was lost, with what was sent and where it was last seen. */
  lostEvents: LostEvent[];
  /** Markers of other runs that the probes came across; they count for nothing. */
  foreignMarkers: number;
  /** Stacks that this run has left standing. */
  leftStanding: string[];
}

/** The time after the last arrival. */
export interface Settled {
  watchedMs: number;
  /** `known`: the local endpoint had nothing left to do. `busy`: it still had, when time was up. `watched`: nothing came for as long as was watched. */
  quiet: 'known' | 'watched' | 'busy';
  /** What the endpoint still had to do. */
  pending: string[];
}

export interface HopReport {
  name: string;
  /** The hop that hands events on to this one; undefined where they come from the sender. */
  after: string | undefined;
  /** `log /aws/lambda/orders` */
  watched: string;
  sent: number;
  arrived: number;
  lost: number;
  unseen: number;
  /** Arrived, and yet later than `expect.within` allows. */
  late: number;
  /** Lost or unseen, and yet here in an invocation that failed. */
  failed: number;
  /** Copies beyond the first, wherever they arose. */
  duplicated: number;
  /** Copies beyond the most that any hop before had. */
  duplicatedHere: number;
  reordered: number;
  fromSendingMs: Latency | undefined;
  fromBeforeMs: Latency | undefined;
  distribution: LatencyBucket[];
  clock: 'service' | 'seen';
}

export interface DecoyReport {
  /** `{"plain":"{marker}"}` */
  payload: string;
  last: string | undefined;
  wanted: number;
  /** What was refused on the way in is not sent. */
  sent: number;
  /** Seen at the last hop they may reach; undefined when there is none. */
  seenAtLast: number | undefined;
  /** Seen where they must not be, by hop. */
  passed: { hop: string; count: number }[];
}

export interface Verdict {
  green: boolean;
  /** Why not; empty when green. */
  reasons: Reason[];
  /** The first hop that lost events. */
  firstLossyHop: string | undefined;
  /** What was found when the pipeline was looked at; when green, only what the sender was told of failures. */
  findings: Finding[];
}

export type ReasonKind =
  | 'nothing-sent'
  | 'not-sent'
  | 'not-warm'
  | 'unread'
  | 'interrupted'
  | 'lost'
  | 'late'
  | 'unseen'
  | 'duplicated'
  | 'reordered'
  | 'latency'
  | 'decoy-passed'
  | 'decoy-lost';

/** One thing that breaks the verdict. */
export interface Reason {
  kind: ReasonKind;
  hop?: string;
  /** A whole sentence. */
  text: string;
}

/** One thing that was seen when the pipeline was looked at. */
export interface Finding {
  hop: string | undefined;
  /** `cause`: this explains the loss. `hint`: worth knowing. */
  weight: 'cause' | 'hint';
  /** A whole sentence. */
  text: string;
  /** Lines of a log, an error as it came. */
  evidence?: string[];
}

export interface LostEvent {
  n: number;
  marker: string;
  payload: unknown;
  /** The hop that lost it. */
  lostAt: string;
}

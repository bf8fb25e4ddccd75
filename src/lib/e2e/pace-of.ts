import type { Target } from '../target/target.js';

/** How often a target may be asked. A probe shares the target's quotas with the pipeline it watches, and must leave it room. */
export interface Pace {
  /** Between two reads of a log group: on AWS, FilterLogEvents may be called a few times a second for a whole account. */
  logPollMs: number;
  /** Events may become visible out of their timestamps' order: each read of a log group looks so far back again. */
  logLookBackMs: number;
  /**
   * Between two reads of a log group from the opening of its probe on: whoever puts log events says himself when they happened, and may come
   * late with them, as an agent does that gathers lines.
   */
  logWholeMs: number;
  /** Between two reads of a shard, which allows 5 a second for all its readers together. */
  shardPollMs: number;
  /** Between two reads of a table, whole or by its stream: on AWS, one shard of that is asked twice a second. */
  rowPollMs: number;
  /** Between two rounds of canaries. */
  canaryMs: number;
  /** How long canaries go on when the check does not say: a subscription filter or a mapping on AWS may need a minute to begin. */
  warmUpMs: number;
  /** How long no duplicate or decoy may come before the run is over, when the check does not say. */
  settleMs: number;
}

/** LocalStack, or whatever else stands in for AWS. */
const NEARBY: Pace = {
  logPollMs: 150,
  logLookBackMs: 5000,
  logWholeMs: 5000,
  shardPollMs: 250,
  rowPollMs: 100,
  canaryMs: 1000,
  warmUpMs: 30_000,
  settleMs: 1500,
};

const PACES: Record<Target['kind'], Pace> = {
  local: {
    logPollMs: 40,
    logLookBackMs: 250,
    logWholeMs: 1000,
    shardPollMs: 210,
    rowPollMs: 20,
    canaryMs: 300,
    warmUpMs: 5000,
    settleMs: 250,
  },
  localstack: NEARBY,
  endpoint: NEARBY,
  aws: {
    logPollMs: 750,
    logLookBackMs: 15_000,
    logWholeMs: 30_000,
    shardPollMs: 500,
    rowPollMs: 500,
    canaryMs: 2000,
    warmUpMs: 180_000,
    settleMs: 5000,
  },
};

export const paceOf = (target: Target): Pace => PACES[target.kind];

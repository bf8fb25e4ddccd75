import type { Rate } from '../shared/rate.js';
import type { Target } from '../target/target.js';
import type { KeyPlan } from './partition-keys.js';
import type { Burst, Ramp } from './rate.js';

/** What the records are. */
export type DataPlan =
  | { kind: 'schema'; name: string }
  /** A template's own text, in JSON, YAML or plain text. */
  | { kind: 'template'; text: string; name: string }
  /** Lines of a file, or of stdin (`-`), which may be compressed; with a time field at the pace of the times in it, `speed` times as fast. */
  | {
      kind: 'lines';
      path: string;
      gzip?: boolean;
      json: boolean;
      timeField: readonly string[] | undefined;
      speed: number;
    };

/** An open shard of the stream. */
export interface PlannedShard {
  shardId: string;
  /** Of the hash keys, 0 to 1; null where keys are ignored. */
  hashShare: number | null;
  /** Its hash keys, 128-bit numbers in decimal, both ends included; left out where keys are ignored. */
  range?: { startHashKey: string; endHashKey: string };
}

/** One run, or one worker's part of it, as plain data: it can be handed to another thread. */
export interface LoadPlan {
  target: Target;
  /** The stream's name. */
  stream: string;
  data: DataPlan;
  rate: Rate;
  ramp: Ramp | undefined;
  burst: Burst | undefined;
  durationMs: number | undefined;
  count: number | undefined;
  keys: KeyPlan;
  seed: number;
  /** With a seed of the user's, times in the data are the seed's too, not the clock's. */
  seeded: boolean;
  sizeBytes: number | undefined;
  ordered: boolean;
  aggregate: boolean;
  maxInFlight: number;
  maxAttempts: number;
  /** Key and data of the largest record that the stream takes. */
  recordLimitBytes: number;
  /** The stream's open shards before the run; undefined where they are not known. */
  shards: readonly PlannedShard[] | undefined;
  worker: number;
  workers: number;
}

// The limits of provisioned tables: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
import { AwsError } from '../../wire/aws-error.js';
import type { Units } from './capacity.js';
import type { SecondaryIndex, Throughput } from './table-items.js';

export type Kind = 'read' | 'write';

/** Unused capacity of this long is kept for bursts. */
const BURST_SECONDS = 300;

interface Bucket {
  units: number;
  atMs: number;
}

/** What a table and its global indexes have left of their units a second. */
export class ThroughputMeter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #createdMs: number;

  constructor(createdMs: number) {
    this.#createdMs = createdMs;
  }

  /**
   * Takes what a request needs. While anything is left it is let through, and what it needs beyond that is owed.
   * @throws AwsError ProvisionedThroughputExceededException
   */
  take(
    kind: Kind,
    units: Units,
    {
      throughput,
      indexes,
      nowMs,
    }: { throughput: Throughput; indexes: ReadonlyMap<string, SecondaryIndex>; nowMs: number },
  ): void {
    let ofTable = units.table;
    const global: [Bucket, number][] = [];
    for (const [name, needed] of units.indexes) {
      const index = indexes.get(name);
      if (!index?.isGlobal) {
        ofTable += needed; // a local index takes its table's
        continue;
      }
      const bucket = this.#bucket(`${kind} ${name}`, index.throughput[kind], nowMs);
      if (bucket.units <= 0) throw exceeded('one or more global secondary indexes of the table', INDEX_ADVICE);
      global.push([bucket, needed]);
    }
    const bucket = this.#bucket(kind, throughput[kind], nowMs);
    if (ofTable > 0 && bucket.units <= 0) throw exceeded('the table', TABLE_ADVICE);
    bucket.units -= ofTable;
    for (const [of, needed] of global) of.units -= needed;
  }

  #bucket(name: string, perSecond: number, nowMs: number): Bucket {
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      // What was not used since the table was made, and a second's worth.
      bucket = { units: perSecond, atMs: this.#createdMs };
      this.#buckets.set(name, bucket);
    }
    const refill = ((nowMs - bucket.atMs) / 1000) * perSecond;
    bucket.units = Math.min(perSecond * BURST_SECONDS, bucket.units + refill);
    bucket.atMs = nowMs;
    return bucket;
  }
}

const TABLE_ADVICE = 'Consider increasing your provisioning level with the UpdateTable API.';
const INDEX_ADVICE =
  'Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API';

const exceeded = (what: string, advice: string): AwsError =>
  new AwsError(
    'ProvisionedThroughputExceededException',
    `The level of configured provisioned throughput for ${what} was exceeded. ${advice}`,
  );

/** Whether a request was refused for want of capacity. */
export const isExceeded = (error: unknown): boolean =>
  error instanceof AwsError && error.code === 'ProvisionedThroughputExceededException';

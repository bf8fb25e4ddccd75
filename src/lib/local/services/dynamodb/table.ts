import type { Tags } from '../../kit/tags.js';
import type { TableStream } from '../dynamodb-streams/table-stream.js';
import type { Units } from './capacity.js';
import type { StoredItem } from './item-tree.js';
import type { KinesisFeed } from './kinesis-feed.js';
import type { Change, ChangeFeed, TableItems, Throughput } from './table-items.js';
import { type Kind, ThroughputMeter } from './throughput-meter.js';
import type { TimeToLive } from './time-to-live.js';

export type BillingMode = 'PROVISIONED' | 'PAY_PER_REQUEST';

/** Most units of a second that a table on demand gives; undefined for no limit. */
export interface OnDemandThroughput {
  MaxReadRequestUnits?: number | undefined;
  MaxWriteRequestUnits?: number | undefined;
}

/** What a table is created with. */
export interface TableSettings {
  name: string;
  arn: string;
  id: string;
  createdMs: number;
  items: TableItems;
  billing: { mode: BillingMode; onDemandSinceMs?: number };
  throughput: Throughput;
  onDemand: OnDemandThroughput | undefined;
  tableClass: string | undefined;
  isProtected: boolean;
  /** The KMS key that it is said to be encrypted with; nothing is. */
  kmsKeyArn: string | undefined;
  tags: Tags;
  now(): number;
  /** Whether the units of a provisioned table are a limit. */
  isLimited: boolean;
}

/** A table: its settings, its state, and the items in it. */
export class Table implements TableSettings {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly createdMs: number;
  readonly items: TableItems;
  readonly tags: Tags;
  status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' = 'CREATING';
  billing: TableSettings['billing'];
  throughput: Throughput;
  onDemand: OnDemandThroughput | undefined;
  tableClass: string | undefined;
  isProtected: boolean;
  kmsKeyArn: string | undefined;
  /** The latest of its streams, enabled or not. */
  stream: TableStream | undefined;
  timeToLive: TimeToLive | undefined;
  /** Since when, and how far back, it could be restored; nothing is kept for that. */
  recovery: { days: number; sinceMs: number } | undefined;
  /** By the ARNs of their streams. */
  readonly kinesisFeeds = new Map<string, KinesisFeed>();
  /** Who learns of writes: its stream while that is enabled, and its Kinesis streams. */
  readonly feeds = new Set<ChangeFeed>();
  readonly now: () => number;
  readonly isLimited: boolean;
  readonly #meter: ThroughputMeter;

  constructor(settings: TableSettings) {
    ({ name: this.name, arn: this.arn, id: this.id, createdMs: this.createdMs, items: this.items } = settings);
    ({ tags: this.tags, billing: this.billing, throughput: this.throughput, onDemand: this.onDemand } = settings);
    this.now = settings.now;
    this.isLimited = settings.isLimited;
    this.#meter = new ThroughputMeter(settings.createdMs);
    ({ tableClass: this.tableClass, isProtected: this.isProtected, kmsKeyArn: this.kmsKeyArn } = settings);
  }

  /** Whether items can be read and written: while it is changed, too. */
  get isServing(): boolean {
    return this.status === 'ACTIVE' || this.status === 'UPDATING';
  }

  /**
   * Takes capacity units, if they are limited. @param units asked for only then
   * @throws AwsError ProvisionedThroughputExceededException
   */
  pay(kind: Kind, units: () => Units): void {
    if (!this.isLimited || this.billing.mode !== 'PROVISIONED') return;
    const { throughput, items } = this;
    this.#meter.take(kind, units(), { throughput, indexes: items.indexes, nowMs: this.now() });
  }

  /**
   * Puts an item, or with undefined removes what is there, in the table and in its indexes.
   * @param byService whether DynamoDB does it by itself
   */
  write(place: string, after: StoredItem | undefined, byService = false): Change {
    const change = this.items.write(place, after);
    if (this.feeds.size > 0) {
      const at = { nowMs: this.now(), byService };
      for (const feed of this.feeds) feed.append(change, at);
    }
    return change;
  }

  /** Ends what it does by itself: it is deleted, or the endpoint closes. */
  close(): void {
    this.stream?.disable(this.now());
    this.timeToLive?.close();
    for (const feed of this.kinesisFeeds.values()) feed.close();
    this.feeds.clear();
  }
}

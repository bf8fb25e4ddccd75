import type { FilterScope, NotificationFilter } from './filter-policy.js';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly owner: string;
  /** What confirms it; undefined once it is confirmed. */
  token: string | undefined;
  raw: boolean;
  filterPolicy: string | undefined;
  filterScope: FilterScope;
  filter: NotificationFilter | undefined;
  /** Where undeliverable messages go. */
  deadLetterArn: string | undefined;
  /** Remembered, without effect. */
  others: Map<string, string>;
}

export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly isFifo: boolean;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
  /** Messages of a FIFO topic by their deduplication ids, until when. */
  readonly sentOnce: Map<string, { messageId: string; sequenceNumber: string; untilMs: number }>;
  sequence: bigint;
}

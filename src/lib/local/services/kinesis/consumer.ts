import type { ConsumerStatus } from '@aws-sdk/client-kinesis';
import type { Subscription } from './subscription.js';

/** A registered enhanced fan-out consumer of one stream. */
export interface Consumer {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;
  readonly createdMs: number;
  status: ConsumerStatus;
  readonly tags: Map<string, string>;
  policy: string | undefined;
  /** The last subscription to each shard, by shard id; it may have ended. */
  readonly subscriptions: Map<string, Subscription>;
}

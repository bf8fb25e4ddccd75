import type { ConsumerStatus } from '@aws-sdk/client-kinesis';

/** A registered enhanced fan-out consumer of one stream. */
export interface Consumer {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;
  readonly createdMs: number;
  status: ConsumerStatus;
  readonly tags: Map<string, string>;
  policy: string | undefined;
}

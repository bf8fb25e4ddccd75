import { randomUUID } from 'node:crypto';
import type { Destination } from '../../ports.js';
import type { KinesisState } from './kinesis-state.js';

/** Of a record's mebibyte some is kept for its partition key. */
const MOST_BYTES = 1_048_576 - 256;

/** Streams as destinations: a message is a record, its key the partition key. */
export const streamDestination = (state: KinesisState): Destination => ({
  accepts: ({ resource }) => /^stream\/[^/]+$/.test(resource),
  mostBytes: MOST_BYTES,
  async check(arn, { region }) {
    await state.environment.calls(region).kinesis.DescribeStreamSummary({ StreamARN: arn });
  },
  async deliver(arn, { body, key = randomUUID() }, { region }) {
    await state.environment.calls(region).kinesis.PutRecord({ StreamARN: arn, Data: body, PartitionKey: key });
  },
});

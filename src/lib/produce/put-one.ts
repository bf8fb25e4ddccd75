import { randomBytes } from 'node:crypto';
import { number } from '../shared/count-words.js';
import { UsageError } from '../shared/errors.js';
import type { KinesisControl } from '../target/kinesis-control.js';

/** What `pipectl produce --data --json` prints. */
export interface PutRecordResult {
  stream: string;
  partitionKey: string;
  shardId: string;
  sequenceNumber: string;
  /** Data and key. */
  bytes: number;
}

/**
 * Sends one record.
 * @param options.key a key is made up where there is none
 * @throws UsageError for a record that the stream does not take; KinesisError
 */
export async function putOne(
  kinesis: KinesisControl,
  stream: string,
  data: string,
  options: { key: string | undefined; recordLimitBytes: number; signal: AbortSignal },
): Promise<PutRecordResult> {
  const { key: partitionKey = randomBytes(4).toString('hex'), recordLimitBytes, signal } = options;
  const bytes = Buffer.byteLength(data) + Buffer.byteLength(partitionKey);
  if (bytes > recordLimitBytes) {
    throw new UsageError(
      `--data: the record has ${number(bytes)} bytes with its key, and "${stream}" takes ${number(recordLimitBytes)}.`,
      {
        hint: `Raise the limit, up to 10 MiB: pipectl provision ${stream} --max-record-size 10MiB`,
      },
    );
  }
  const answer = await kinesis.call(
    'PutRecord',
    { StreamName: stream, PartitionKey: partitionKey, Data: Buffer.from(data).toString('base64') },
    signal,
  );
  return { stream, partitionKey, shardId: answer.ShardId ?? '', sequenceNumber: answer.SequenceNumber ?? '', bytes };
}

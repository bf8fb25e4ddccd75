import { randomBytes } from 'node:crypto';
import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { systemClock } from '../shared/clock.js';
import { OperationError } from '../shared/errors.js';
import { writeJsonRow } from '../sql/types/write-row.js';
import { backoffMs } from '../stream/read-shard.js';
import type { Clients } from '../target/clients.js';
import type { RowSink } from './row-sink.js';

/** PutRecords takes 500 records, and 10 MiB with their keys; half of it is well inside. */
const MOST_RECORDS = 500;
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_TRIES = 20;

/** Each row is a record of a stream: JSON, under a random partition key. Throttled records are sent again. */
export async function streamSink(clients: Clients, stream: string, signal: AbortSignal): Promise<RowSink> {
  const { DescribeStreamSummaryCommand, PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await clients.kinesis();
  await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }), { abortSignal: signal });

  const put = async (records: PutRecordsRequestEntry[]): Promise<void> => {
    let waiting = records;
    for (let tries = 1; waiting.length > 0; tries += 1) {
      const input = { StreamName: stream, Records: waiting };
      const { Records: results = [] } = await kinesis.send(new PutRecordsCommand(input), { abortSignal: signal });
      const failed = results.find(({ ErrorCode }) => ErrorCode !== undefined);
      waiting = waiting.filter((_, index) => results[index]?.ErrorCode !== undefined);
      if (waiting.length === 0) return;
      if (tries === MOST_TRIES)
        throw new OperationError(`AWS refused PutRecords: ${failed?.ErrorMessage ?? failed?.ErrorCode}`, {
          hint: `Give "${stream}" more shards: pipectl provision ${stream} --shards N`,
        });
      await systemClock.sleep(backoffMs(tries), signal);
    }
  };

  return {
    async write({ columns, rows }) {
      let batch: PutRecordsRequestEntry[] = [];
      let bytes = 0;
      for (const { values } of rows) {
        const Data = Buffer.from(writeJsonRow(columns, values));
        if (batch.length === MOST_RECORDS || (batch.length > 0 && bytes + Data.length > MOST_BYTES)) {
          await put(batch);
          batch = [];
          bytes = 0;
        }
        batch.push({ Data, PartitionKey: randomBytes(8).toString('hex') });
        bytes += Data.length;
      }
      await put(batch);
    },
    flush: async () => {},
  };
}

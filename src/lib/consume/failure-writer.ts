import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import type { Discarded } from '../batching/batch.js';
import { failureRecord } from '../batching/failure-record.js';
import { type KinesisRecord, toEvent } from '../batching/kinesis-event.js';
import { OperationError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import type { OnFailure } from './on-failure.js';

export interface FailureAddress {
  clients: Clients;
  streamArn: string;
  region: string;
  functionArn: string;
  roleArn: string;
  nowMs(): number;
}

/**
 * What writes batches that are given up to their destination, in AWS's form. A file and a bucket also get the event, in `payload`.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function failureWriter(
  to: OnFailure,
  address: FailureAddress,
): (discarded: Discarded<KinesisRecord>) => Promise<void> {
  const { clients, streamArn, region, functionArn, roleArn, nowMs } = address;
  const uuid = randomUUID();
  return async (discarded) => {
    const { records } = discarded;
    const first = records[0];
    if (!first) return; // the end of a window has no records
    const record = failureRecord(discarded, {
      uuid,
      functionArn,
      streamArn,
      batchInfo: 'KinesisBatchInfo',
      nowMs: nowMs(),
    });
    const event = (): string => toEvent(records, { eventSourceArn: streamArn, region, roleArn }).toString('utf8');
    try {
      if (to.kind === 'file') await appendFile(to.path, `${JSON.stringify({ ...record, payload: event() })}\n`);
      else if (to.kind === 'stream') await putRecord(clients, to.name, first.partitionKey, record);
      else await putObject(clients, to, `${uuid}/${first.shardId}`, { ...record, payload: event() }, nowMs());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new OperationError(`--on-failure: cannot write the batch: ${message}`, { cause: error });
    }
  };
}

async function putRecord(clients: Clients, StreamName: string, PartitionKey: string, record: object): Promise<void> {
  const Data = Buffer.from(JSON.stringify(record)).toString('base64');
  await clients.kinesisControl().call('PutRecord', { StreamName, PartitionKey, Data });
}

/** AWS's key: `aws/lambda/MAPPING/SHARD/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-UUID`. */
async function putObject(
  clients: Clients,
  { bucket, prefix }: { bucket: string; prefix: string },
  batch: string,
  record: object,
  nowMs: number,
): Promise<void> {
  const [s3, { PutObjectCommand }] = await Promise.all([clients.s3(), import('@aws-sdk/client-s3')]);
  const time = new Date(nowMs).toISOString().slice(0, 19);
  const day = time.slice(0, 10).replaceAll('-', '/');
  const Key = [
    ...(prefix === '' ? [] : [prefix.replace(/\/$/, '')]),
    `aws/lambda/${batch}/${day}/${time.replaceAll(':', '.')}-${randomUUID()}`,
  ].join('/');
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(record), ContentType: 'application/json' }),
  );
}

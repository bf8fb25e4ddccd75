import type { BatchRecord, EventAddress } from './batch.js';
import type { WindowPart } from './tumbling-window.js';

/** A record of a Kinesis stream on its way to a function. */
export interface KinesisRecord extends BatchRecord {
  data: Uint8Array;
}

/** The event exactly as AWS hands it over. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function toEvent(records: readonly KinesisRecord[], source: EventAddress, window?: WindowPart): Buffer {
  const Records = records.map((record) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.partitionKey,
      sequenceNumber: record.sequenceNumber,
      data: Buffer.from(record.data.buffer, record.data.byteOffset, record.data.byteLength).toString('base64'),
      approximateArrivalTimestamp: record.arrivedMs / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${record.shardId}:${record.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: source.roleArn,
    awsRegion: source.region,
    eventSourceARN: source.eventSourceArn,
  }));
  return Buffer.from(JSON.stringify({ Records, ...window }));
}

/** Bytes that a record takes in the event, a little too many rather than too few. */
export const eventBytes = (record: KinesisRecord, source: EventAddress): number =>
  Math.ceil(record.data.byteLength / 3) * 4 +
  Buffer.byteLength(record.partitionKey) * 2 +
  2 * record.sequenceNumber.length +
  source.eventSourceArn.length +
  source.roleArn.length +
  400;

/**
 * What a filter pattern sees: `data` alone, as JSON. Undefined where it is none: no pattern matches then, not even `exists: false`.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
 */
export function filterable(record: KinesisRecord): object | undefined {
  try {
    return { data: JSON.parse(textOf(record)) as unknown };
  } catch {
    return undefined;
  }
}

export const textOf = ({ data }: KinesisRecord): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');

import type { _Record } from '@aws-sdk/client-kinesis';
import type { Answer } from '../../wire/handlers.js';
import type { StoredRecord } from './record-chunk.js';
import type { Shard } from './shard.js';

/** Records as GetRecords and SubscribeToShard hand them out. */
export function deliver(shard: Shard, records: readonly StoredRecord[]): Answer<_Record>[] {
  // Records that arrive together share one Date: making one costs more than the rest of the record.
  let date = new Date(0);
  let dateMs = 0;
  return records.map((record) => {
    if (record.arrivedMs !== dateMs) {
      dateMs = record.arrivedMs;
      date = new Date(dateMs);
    }
    return {
      SequenceNumber: shard.numbers.at(record.ordinal, Math.floor(record.arrivedMs / 1000)),
      ApproximateArrivalTimestamp: date,
      Data: record.data,
      PartitionKey: record.partitionKey,
      EncryptionType: record.encrypted ? ('KMS' as const) : undefined,
    };
  });
}

/** How far a reader that has come to `ordinal` is behind the tip of the shard: 0 when it has read everything, and only then. */
export function millisBehind(shard: Shard, ordinal: number, nowMs: number): number {
  const nextArrivedMs = ordinal < shard.log.next ? shard.log.arrivedMs(ordinal) : undefined;
  return nextArrivedMs === undefined ? 0 : Math.max(1, nowMs - nextArrivedMs);
}

import type { EventSource, ReadFrom, ShardSource } from '../../ports.js';
import { AwsError } from '../../wire/aws-error.js';
import { itemText } from '../dynamodb/item-text.js';
import { type ChangeRecord, eventBytes, filterable, textOf, toEvent } from './stream-event.js';
import { findStream, iteratorAt, readRecords } from './stream-reader.js';
import { recordOf } from './stream-record.js';
import type { StreamStore } from './stream-store.js';

const STREAM = /^table\/[a-zA-Z0-9_.-]+\/stream\/[^/]+$/;
const READ_LIMIT = 1000;

/** Streams of tables, for functions. */
export const streamSource = (store: StreamStore): EventSource => ({
  title: 'Amazon DynamoDB Streams',
  positions: ['LATEST', 'TRIM_HORIZON'],
  accepts: ({ resource }) => STREAM.test(resource),
  async open(arn, region) {
    findStream(store, region, arn);
    return shardsOf(store, region, arn);
  },
});

function shardsOf(store: StreamStore, region: string, arn: string): ShardSource {
  return {
    kind: 'shards',
    streamArn: arn,
    async list() {
      return findStream(store, region, arn)
        .shards(store.nowMs)
        .map(({ id, parentId, last }) => ({ ShardId: id, ParentShardId: parentId, isClosed: last !== undefined }));
    },
    async iterator(shardId, from) {
      return iteratorFrom(store, region, arn, { shardId, from });
    },
    async records(shardId, iterator) {
      try {
        const { stream, changes, next } = readRecords(store, region, iterator, { most: READ_LIMIT });
        const records = changes.map((stored): ChangeRecord => {
          const change = recordOf(stream, stored);
          return {
            shardId,
            sequenceNumber: change.sequenceNumber,
            partitionKey: itemText(change.keys),
            arrivedMs: stored.atMs,
            change,
            view: stream.view,
          };
        });
        return { records, next };
      } catch (error) {
        if (!isTrimmed(error)) throw error;
        // What has been let go of is lost; what is there goes on.
        const next = iteratorFrom(store, region, arn, { shardId, from: { type: 'TRIM_HORIZON' } });
        return { records: [], next };
      }
    },
    onChange: (notify) => store.changes.onChange(arn, notify),
    toEvent: (records: readonly ChangeRecord[], address, window) => toEvent(records, address, window),
    eventBytes: (record: ChangeRecord, address) => eventBytes(record, address),
    filterable: (record: ChangeRecord) => filterable(record),
    textOf: (record: ChangeRecord) => textOf(record),
    batchInfo: 'DDBStreamBatchInfo',
  };
}

function iteratorFrom(
  store: StreamStore,
  region: string,
  arn: string,
  { shardId, from }: { shardId: string; from: ReadFrom },
): string {
  const stream = findStream(store, region, arn);
  try {
    return iteratorAt(store, stream, shardId, from);
  } catch (error) {
    if (!isTrimmed(error)) throw error;
    return iteratorAt(store, stream, shardId, { type: 'TRIM_HORIZON' });
  }
}

const isTrimmed = (error: unknown): boolean => error instanceof AwsError && error.code === 'TrimmedDataAccessException';

import type { _Record as WireRecord } from '@aws-sdk/client-kinesis';
import { eventBytes, filterable, type KinesisRecord, textOf, toEvent } from '../../../batching/kinesis-event.js';
import type { EventSource, ReadFrom, ShardSource, SourceShard } from '../../ports.js';
import type { Answer, Calls } from '../../wire/handlers.js';
import type { KinesisState } from './kinesis-state.js';

const STREAM_OR_CONSUMER = /^stream\/[a-zA-Z0-9_.-]+(\/consumer\/[a-zA-Z0-9_.-]+:\d+)?$/;
const READ_LIMIT = 10_000;

/** Streams, and their consumers, which are read like the stream. */
export const streamSource = (state: KinesisState): EventSource => ({
  title: 'Amazon Kinesis',
  filterKey: 'data',
  accepts: ({ resource }) => STREAM_OR_CONSUMER.test(resource),
  async open(arn, region) {
    const { kinesis } = state.environment.calls(region);
    const [streamArn = arn] = arn.split('/consumer/');
    if (arn === streamArn) await kinesis.DescribeStreamSummary({ StreamARN: arn });
    else await kinesis.DescribeStreamConsumer({ ConsumerARN: arn });
    return shardsOf(state, streamArn, kinesis);
  },
});

function shardsOf(state: KinesisState, streamArn: string, kinesis: Calls['kinesis']): ShardSource {
  return {
    kind: 'shards',
    streamArn,
    async list() {
      const shards: SourceShard[] = [];
      let NextToken: string | undefined;
      do {
        const page = await kinesis.ListShards(NextToken === undefined ? { StreamARN: streamArn } : { NextToken });
        for (const { ShardId = '', ParentShardId, AdjacentParentShardId, SequenceNumberRange } of page.Shards ?? []) {
          const isClosed = SequenceNumberRange?.EndingSequenceNumber !== undefined;
          shards.push({ ShardId, ParentShardId, AdjacentParentShardId, isClosed });
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return shards;
    },
    async iterator(ShardId, from) {
      const answer = await kinesis.GetShardIterator({ StreamARN: streamArn, ShardId, ...positionOf(from) });
      return answer.ShardIterator;
    },
    async records(shardId, iterator) {
      const answer = await kinesis.GetRecords({ ShardIterator: iterator, Limit: READ_LIMIT });
      return {
        records: (answer.Records ?? []).map((record) => recordOf(shardId, record)),
        next: answer.NextShardIterator,
      };
    },
    onChange: (notify) => state.changes.onChange(streamArn, notify),
    toEvent: (records: readonly KinesisRecord[], address, window) => toEvent(records, address, window),
    eventBytes: (record: KinesisRecord, address) => eventBytes(record, address),
    filterable: (record: KinesisRecord) => filterable(record),
    textOf: (record: KinesisRecord) => textOf(record),
    batchInfo: 'KinesisBatchInfo',
  };
}

function positionOf(from: ReadFrom) {
  switch (from.type) {
    case 'AT_TIMESTAMP':
      return { ShardIteratorType: from.type, Timestamp: new Date(from.timestampMs) };
    case 'AFTER_SEQUENCE_NUMBER':
      return { ShardIteratorType: from.type, StartingSequenceNumber: from.sequenceNumber };
    default:
      return { ShardIteratorType: from.type };
  }
}

const recordOf = (shardId: string, record: Answer<WireRecord>): KinesisRecord => ({
  shardId,
  sequenceNumber: record.SequenceNumber ?? '',
  partitionKey: record.PartitionKey ?? '',
  data: record.Data ?? new Uint8Array(),
  arrivedMs: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
});

import type { StreamChanges } from '../../ports.js';
import type { LocalService, ServiceEnvironment } from '../../service.js';
import { type KinesisOptions, KinesisState } from './kinesis-state.js';
import { createStream } from './operations/create-stream.js';
import { deleteStream } from './operations/delete-stream.js';
import { describeStream } from './operations/describe-stream.js';
import { describeStreamSummary } from './operations/describe-stream-summary.js';
import { getRecords } from './operations/get-records.js';
import { getShardIterator } from './operations/get-shard-iterator.js';
import { listShards } from './operations/list-shards.js';
import { listStreams } from './operations/list-streams.js';
import { putRecord } from './operations/put-record.js';
import { putRecords } from './operations/put-records.js';

export interface KinesisService extends LocalService<'kinesis'> {
  /** For readers in this process that want to be told instead of polling. */
  changes: StreamChanges;
}

/** Kinesis Data Streams, in memory. */
export function createKinesis(environment: ServiceEnvironment, options: KinesisOptions = {}): KinesisService {
  const state = new KinesisState(environment, options);
  return {
    handlers: {
      CreateStream: createStream(state),
      DeleteStream: deleteStream(state),
      DescribeStream: describeStream(state),
      DescribeStreamSummary: describeStreamSummary(state),
      GetRecords: getRecords(state),
      GetShardIterator: getShardIterator(state),
      ListShards: listShards(state),
      ListStreams: listStreams(state),
      PutRecord: putRecord(state),
      PutRecords: putRecords(state),
    },
    changes: state.changes,
    async close() {
      state.close();
    },
  };
}

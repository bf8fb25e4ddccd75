import { defineService } from '../../define-service.js';
import { callRateOf } from './call-rates.js';
import { KINESIS_GAPS } from './gaps.js';
import { KinesisState } from './kinesis-state.js';
import * as accountSettings from './operations/account-settings.js';
import * as changeRetention from './operations/change-retention.js';
import { createStream } from './operations/create-stream.js';
import { deleteStream } from './operations/delete-stream.js';
import { deregisterStreamConsumer } from './operations/deregister-stream-consumer.js';
import { describeLimits } from './operations/describe-limits.js';
import { describeStream } from './operations/describe-stream.js';
import { describeStreamConsumer } from './operations/describe-stream-consumer.js';
import { describeStreamSummary } from './operations/describe-stream-summary.js';
import * as enhancedMonitoring from './operations/enhanced-monitoring.js';
import { getRecords } from './operations/get-records.js';
import { getShardIterator } from './operations/get-shard-iterator.js';
import { listShards } from './operations/list-shards.js';
import { listStreamConsumers } from './operations/list-stream-consumers.js';
import { listStreams } from './operations/list-streams.js';
import { mergeShards } from './operations/merge-shards.js';
import { putRecord } from './operations/put-record.js';
import { putRecords } from './operations/put-records.js';
import { registerStreamConsumer } from './operations/register-stream-consumer.js';
import * as resourcePolicy from './operations/resource-policy.js';
import * as resourceTags from './operations/resource-tags.js';
import { splitShard } from './operations/split-shard.js';
import * as streamEncryption from './operations/stream-encryption.js';
import * as streamTags from './operations/stream-tags.js';
import { subscribeToShard } from './operations/subscribe-to-shard.js';
import { updateMaxRecordSize } from './operations/update-max-record-size.js';
import { updateShardCount } from './operations/update-shard-count.js';
import { updateStreamMode } from './operations/update-stream-mode.js';
import { updateStreamRecordDistributionStrategy } from './operations/update-stream-record-distribution-strategy.js';
import { updateStreamWarmThroughput } from './operations/update-stream-warm-throughput.js';
import { streamDestination } from './stream-destination.js';
import { streamSource } from './stream-source.js';
import { cutNumbers } from './whole-numbers.js';

/** Kinesis Data Streams, in memory. */
export const kinesis = defineService({
  id: 'kinesis',
  title: 'Kinesis',
  state: (environment) => new KinesisState(environment),
  operations: [
    ...Object.values(accountSettings),
    ...Object.values(changeRetention),
    createStream,
    deleteStream,
    deregisterStreamConsumer,
    describeLimits,
    describeStreamConsumer,
    describeStreamSummary,
    describeStream,
    ...Object.values(enhancedMonitoring),
    getRecords,
    getShardIterator,
    listShards,
    listStreamConsumers,
    listStreams,
    mergeShards,
    putRecord,
    putRecords,
    registerStreamConsumer,
    ...Object.values(resourcePolicy),
    ...Object.values(resourceTags),
    splitShard,
    ...Object.values(streamEncryption),
    ...Object.values(streamTags),
    subscribeToShard,
    updateMaxRecordSize,
    updateShardCount,
    updateStreamMode,
    updateStreamRecordDistributionStrategy,
    updateStreamWarmThroughput,
  ],
  prepare(state, operation) {
    const checkRate = callRateOf(state, operation);
    return (input, context) => {
      checkRate?.(input, context);
      return cutNumbers(input);
    };
  },
  eventSources: (state) => [streamSource(state)],
  destinations: (state) => [streamDestination(state)],
  close: (state) => state.close(),
  gaps: KINESIS_GAPS,
});

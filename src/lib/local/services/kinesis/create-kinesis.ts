import type { LocalService, ServiceEnvironment } from '../../service.js';
import { withCallRates } from './call-rates.js';
import { KinesisState } from './kinesis-state.js';
import { describeAccountSettings, updateAccountSettings } from './operations/account-settings.js';
import { decreaseStreamRetentionPeriod, increaseStreamRetentionPeriod } from './operations/change-retention.js';
import { createStream } from './operations/create-stream.js';
import { deleteStream } from './operations/delete-stream.js';
import { deregisterStreamConsumer } from './operations/deregister-stream-consumer.js';
import { describeLimits } from './operations/describe-limits.js';
import { describeStream } from './operations/describe-stream.js';
import { describeStreamConsumer } from './operations/describe-stream-consumer.js';
import { describeStreamSummary } from './operations/describe-stream-summary.js';
import { disableEnhancedMonitoring, enableEnhancedMonitoring } from './operations/enhanced-monitoring.js';
import { getRecords } from './operations/get-records.js';
import { getShardIterator } from './operations/get-shard-iterator.js';
import { listShards } from './operations/list-shards.js';
import { listStreamConsumers } from './operations/list-stream-consumers.js';
import { listStreams } from './operations/list-streams.js';
import { mergeShards } from './operations/merge-shards.js';
import { putRecord } from './operations/put-record.js';
import { putRecords } from './operations/put-records.js';
import { registerStreamConsumer } from './operations/register-stream-consumer.js';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './operations/resource-policy.js';
import { listTagsForResource, tagResource, untagResource } from './operations/resource-tags.js';
import { splitShard } from './operations/split-shard.js';
import { startStreamEncryption, stopStreamEncryption } from './operations/stream-encryption.js';
import { addTagsToStream, listTagsForStream, removeTagsFromStream } from './operations/stream-tags.js';
import { subscribeToShard } from './operations/subscribe-to-shard.js';
import { updateMaxRecordSize } from './operations/update-max-record-size.js';
import { updateShardCount } from './operations/update-shard-count.js';
import { updateStreamMode } from './operations/update-stream-mode.js';
import { updateStreamRecordDistributionStrategy } from './operations/update-stream-record-distribution-strategy.js';
import { updateStreamWarmThroughput } from './operations/update-stream-warm-throughput.js';
import { streamDestination } from './stream-destination.js';
import { streamSource } from './stream-source.js';
import { withWholeNumbers } from './whole-numbers.js';

/** Kinesis Data Streams, in memory. */
export function createKinesis(environment: ServiceEnvironment): LocalService<'kinesis'> {
  const state = new KinesisState(environment);
  const handlers = withWholeNumbers({
    AddTagsToStream: addTagsToStream(state),
    CreateStream: createStream(state),
    DecreaseStreamRetentionPeriod: decreaseStreamRetentionPeriod(state),
    DeleteResourcePolicy: deleteResourcePolicy(state),
    DeleteStream: deleteStream(state),
    DeregisterStreamConsumer: deregisterStreamConsumer(state),
    DescribeAccountSettings: describeAccountSettings(state),
    DescribeLimits: describeLimits(state),
    DescribeStream: describeStream(state),
    DescribeStreamConsumer: describeStreamConsumer(state),
    DescribeStreamSummary: describeStreamSummary(state),
    DisableEnhancedMonitoring: disableEnhancedMonitoring(state),
    EnableEnhancedMonitoring: enableEnhancedMonitoring(state),
    GetRecords: getRecords(state),
    GetResourcePolicy: getResourcePolicy(state),
    GetShardIterator: getShardIterator(state),
    IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod(state),
    ListShards: listShards(state),
    ListStreamConsumers: listStreamConsumers(state),
    ListStreams: listStreams(state),
    ListTagsForResource: listTagsForResource(state),
    ListTagsForStream: listTagsForStream(state),
    MergeShards: mergeShards(state),
    PutRecord: putRecord(state),
    PutRecords: putRecords(state),
    PutResourcePolicy: putResourcePolicy(state),
    RegisterStreamConsumer: registerStreamConsumer(state),
    RemoveTagsFromStream: removeTagsFromStream(state),
    SplitShard: splitShard(state),
    StartStreamEncryption: startStreamEncryption(state),
    StopStreamEncryption: stopStreamEncryption(state),
    SubscribeToShard: subscribeToShard(state),
    TagResource: tagResource(state),
    UntagResource: untagResource(state),
    UpdateAccountSettings: updateAccountSettings(state),
    UpdateMaxRecordSize: updateMaxRecordSize(state),
    UpdateShardCount: updateShardCount(state),
    UpdateStreamMode: updateStreamMode(state),
    UpdateStreamRecordDistributionStrategy: updateStreamRecordDistributionStrategy(state),
    UpdateStreamWarmThroughput: updateStreamWarmThroughput(state),
  });
  return {
    handlers: withCallRates(handlers, state),
    eventSources: [streamSource(state)],
    destinations: [streamDestination(state)],
    async close() {
      state.close();
    },
  };
}

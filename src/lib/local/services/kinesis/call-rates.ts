// How often the operations that make, change and describe streams may be called.
import type { OperationContext } from '../../wire/handlers.js';
import { limitExceeded } from './aws-errors.js';
import type { ConsumerReference } from './find-consumer.js';
import type { KinesisState, StreamReference } from './kinesis-state.js';
import { type CallBuckets, TokenBucket } from './token-bucket.js';

interface CallRate {
  perSecond: number;
  /** Whether each stream has this rate, or all streams of a region share it. */
  of: 'stream' | 'account';
}

const account = (perSecond: number): CallRate => ({ perSecond, of: 'account' });
const stream = (perSecond: number): CallRate => ({ perSecond, of: 'stream' });

/**
 * https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html#kds-api-limits-control; UpdateShardCount's is in its own
 * page of the API reference. Operations that are not here have no documented rate.
 */
const RATES: Readonly<Record<string, CallRate>> = {
  AddTagsToStream: account(5),
  CreateStream: account(5),
  DecreaseStreamRetentionPeriod: stream(5),
  DeleteResourcePolicy: account(5),
  DeleteStream: account(5),
  DeregisterStreamConsumer: stream(5),
  DescribeAccountSettings: account(5),
  DescribeLimits: account(1),
  DescribeStream: account(10),
  DescribeStreamConsumer: stream(20),
  DescribeStreamSummary: account(20),
  DisableEnhancedMonitoring: stream(5),
  EnableEnhancedMonitoring: stream(5),
  GetResourcePolicy: account(5),
  IncreaseStreamRetentionPeriod: stream(5),
  ListShards: stream(1000),
  ListStreamConsumers: stream(5),
  ListStreams: account(5),
  ListTagsForStream: stream(5),
  MergeShards: stream(5),
  PutResourcePolicy: account(5),
  RegisterStreamConsumer: stream(5),
  RemoveTagsFromStream: stream(5),
  SplitShard: stream(5),
  UpdateAccountSettings: account(5),
  UpdateShardCount: account(10),
  UpdateStreamWarmThroughput: account(5),
};

type Reference = StreamReference & ConsumerReference & { ResourceARN?: string | undefined };
/**
 * AWS's call rate of an operation: a bucket of one second's worth, refilled evenly. Only calls that come over the wire count, as only
 * they come from an AWS client; a refused call takes nothing.
 * @returns what throws AwsError LimitExceededException when a call comes too soon; undefined where no rate holds, but under `--limits all`
 */
export function callRateOf(
  state: KinesisState,
  operation: string,
): ((input: Reference, context: OperationContext) => void) | undefined {
  const rate = RATES[operation];
  if (!rate || !state.ratesLimited) return undefined;
  return (input, context) => {
    if (context.origin !== 'wire') return;
    const streamName = streamNamedBy(input);
    const region = state.region(context.region);
    // A stream that is not there has no rate: the operation says that it is not there.
    const owner = rate.of === 'account' ? region : region.streams.get(streamName ?? '');
    if (owner && !admit(owner.callBuckets, operation, rate.perSecond, state.nowMs)) {
      const whose = streamName === undefined ? '' : `stream ${streamName} under `;
      throw limitExceeded(`Rate exceeded for ${whose}account ${context.accountId}.`);
    }
  };
}

function admit(buckets: CallBuckets, operation: string, perSecond: number, nowMs: number): boolean {
  let bucket = buckets.get(operation);
  if (!bucket) buckets.set(operation, (bucket = new TokenBucket(perSecond, nowMs)));
  return bucket.admit(1, nowMs);
}

/** The stream in a request, by its own name, its ARN or the ARN of one of its consumers; a page of ListShards names none. */
function streamNamedBy(input: Reference): string | undefined {
  const arn = input.StreamARN ?? input.ConsumerARN ?? input.ResourceARN;
  return input.StreamName ?? arn?.split('/')[1];
}

import { defineOperation } from '../../../define-operation.js';
import { parseArn } from '../../../kit/arn.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { inUse, invalid, notFound } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { KinesisFeed, type Precision } from '../kinesis-feed.js';
import type { Table } from '../table.js';

const PRECISION = {
  members: { ApproximateCreationDateTimePrecision: { enum: ['MILLISECOND', 'MICROSECOND'] } },
} as const;

export const enableKinesisStreamingDestination = defineOperation('dynamodb', 'EnableKinesisStreamingDestination').as({
  constraints: { StreamArn: { min: 37, max: 1024 }, EnableKinesisStreamingConfiguration: PRECISION },
  async run(state: DynamoDbState, input, context) {
    const table = state.table(input.TableName, context);
    const streamArn = await checkStream(state, input.StreamArn, context);
    const before = find(table, streamArn);
    if (before && before.status !== 'DISABLED') {
      throw inUse(`Table is already in a valid Kinesis Streaming Destination state: ${before.status}`);
    }
    const precision = input.EnableKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision as
      | Precision
      | undefined;
    const feed = new KinesisFeed(
      { name: table.name, key: table.items.key },
      { streamArn, region: context.region, precision },
      state.environment,
    );
    table.kinesisFeeds.set(streamArn, feed);
    state.settle(table, () => {
      if (feed.status !== 'ENABLING') return;
      feed.status = 'ACTIVE';
      table.feeds.add(feed);
    });
    return answer(table, feed, input.EnableKinesisStreamingConfiguration);
  },
});

export const disableKinesisStreamingDestination = defineOperation('dynamodb', 'DisableKinesisStreamingDestination').as({
  run(state: DynamoDbState, input, context) {
    const table = state.table(input.TableName, context);
    const feed = find(table, input.StreamArn);
    if (feed?.status !== 'ACTIVE') {
      throw invalid('Table is not in a valid state to disable Kinesis Streaming Destination: it must be ACTIVE');
    }
    feed.status = 'DISABLING';
    table.feeds.delete(feed);
    state.settle(table, () => {
      feed.status = 'DISABLED';
    });
    return answer(table, feed, input.EnableKinesisStreamingConfiguration);
  },
});

export const updateKinesisStreamingDestination = defineOperation('dynamodb', 'UpdateKinesisStreamingDestination').as({
  constraints: { UpdateKinesisStreamingConfiguration: PRECISION },
  run(state: DynamoDbState, input, context) {
    const table = state.table(input.TableName, context);
    const feed = find(table, input.StreamArn);
    if (feed?.status !== 'ACTIVE') {
      throw invalid('Table is not in a valid state to update Kinesis Streaming Destination: it must be ACTIVE');
    }
    feed.precision = (input.UpdateKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision ??
      feed.precision) as Precision | undefined;
    feed.status = 'UPDATING';
    state.settle(table, () => {
      if (feed.status === 'UPDATING') feed.status = 'ACTIVE';
    });
    return {
      TableName: table.name,
      StreamArn: feed.streamArn,
      DestinationStatus: feed.status,
      UpdateKinesisStreamingConfiguration: input.UpdateKinesisStreamingConfiguration,
    };
  },
});

export const describeKinesisStreamingDestination = defineOperation(
  'dynamodb',
  'DescribeKinesisStreamingDestination',
).as({
  run(state: DynamoDbState, input, context) {
    const table = state.anyTable(input.TableName, context);
    return {
      TableName: table.name,
      KinesisDataStreamDestinations: [...table.kinesisFeeds.values()].map(({ streamArn, status, precision }) => ({
        StreamArn: streamArn,
        DestinationStatus: status,
        ...(precision && { ApproximateCreationDateTimePrecision: precision }),
      })),
    };
  },
});

const find = ({ kinesisFeeds }: Table, arn: string): KinesisFeed | undefined => kinesisFeeds.get(arn);

const answer = <Configuration>({ name }: Table, { streamArn, status }: KinesisFeed, configuration: Configuration) => ({
  TableName: name,
  StreamArn: streamArn,
  DestinationStatus: status,
  EnableKinesisStreamingConfiguration: configuration,
});

/** @throws AwsError ValidationException for what is no stream, ResourceNotFoundException for one that is not there */
async function checkStream({ environment }: DynamoDbState, arn: string, context: OperationContext): Promise<string> {
  const destination = parseArn(arn)?.service === 'kinesis' ? await environment.ports.destination(arn) : undefined;
  if (!destination) throw invalid(`Invalid StreamArn: ${arn} is not the ARN of a Kinesis data stream`);
  const { region, accountId } = context;
  try {
    await destination.check(arn, { region, accountId, service: 'dynamodb', sourceArn: arn });
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') throw notFound();
    throw error;
  }
  return arn;
}

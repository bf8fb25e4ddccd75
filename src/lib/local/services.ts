// Which services there are. Adding one is its folder and its line here.
import type { ServiceEntry } from './define-service.js';

export const SERVICES: readonly ServiceEntry[] = [
  { id: 'kinesis', atStart: true, load: async () => (await import('./services/kinesis/kinesis.js')).kinesis },
  {
    id: 'cloudwatch-logs',
    load: async () => (await import('./services/cloudwatch-logs/cloudwatch-logs.js')).cloudwatchLogs,
  },
  { id: 'iam', load: async () => (await import('./services/iam/iam.js')).iam },
  { id: 'sts', load: async () => (await import('./services/sts/sts.js')).sts },
  { id: 's3', load: async () => (await import('./services/s3/s3.js')).s3 },
  { id: 'firehose', load: async () => (await import('./services/firehose/firehose.js')).firehose },
  { id: 'sns', load: async () => (await import('./services/sns/sns.js')).sns },
  { id: 'sqs', load: async () => (await import('./services/sqs/sqs.js')).sqs },
  { id: 'dynamodb', load: async () => (await import('./services/dynamodb/dynamodb.js')).dynamodb },
  {
    id: 'dynamodb-streams',
    load: async () => (await import('./services/dynamodb-streams/dynamodb-streams.js')).dynamodbStreams,
  },
  { id: 'ssm', load: async () => (await import('./services/ssm/ssm.js')).ssm },
  {
    id: 'api-gateway',
    load: async () => (await import('./services/api-gateway/api-gateway.js')).apiGateway,
  },
  {
    id: 'lambda',
    with: ['cloudwatch-logs'],
    load: async () => (await import('./services/lambda/lambda.js')).lambda,
  },
  {
    id: 'cloudformation',
    load: async () => (await import('./services/cloudformation/cloudformation.js')).cloudformation,
  },
  {
    id: 'kinesis-analytics-v2',
    load: async () => (await import('./services/kinesis-analytics-v2/kinesis-analytics-v2.js')).kinesisAnalyticsV2,
  },
];

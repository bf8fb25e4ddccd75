// Which services there are. Adding one is its folder and its line here.
import type { Service, ServiceEntry } from './define-service.js';
import type { LocalService, ServiceEnvironment } from './service.js';
import { LOGS_GAPS } from './services/cloudwatch-logs/gaps.js';
import type { ServiceId } from './wire/handlers.js';

export const SERVICES: readonly ServiceEntry[] = [
  { id: 'kinesis', atStart: true, load: async () => (await import('./services/kinesis/kinesis.js')).kinesis },
  {
    id: 'cloudwatch-logs',
    load: async () =>
      adopt(
        'cloudwatch-logs',
        'CloudWatch Logs',
        LOGS_GAPS,
        (await import('./services/cloudwatch-logs/create-cloudwatch-logs.js')).createCloudwatchLogs,
      ),
  },
  { id: 'iam', load: async () => (await import('./services/iam/iam.js')).iam },
  { id: 'sts', load: async () => (await import('./services/sts/sts.js')).sts },
  { id: 's3', load: async () => (await import('./services/s3/s3.js')).s3 },
  { id: 'sqs', load: async () => (await import('./services/sqs/sqs.js')).sqs },
  { id: 'dynamodb', load: async () => (await import('./services/dynamodb/dynamodb.js')).dynamodb },
  { id: 'ssm', load: async () => (await import('./services/ssm/ssm.js')).ssm },
  {
    id: 'lambda',
    with: ['cloudwatch-logs'],
    load: async () => (await import('./services/lambda/lambda.js')).lambda,
  },
  {
    id: 'cloudformation',
    load: async () => (await import('./services/cloudformation/cloudformation.js')).cloudformation,
  },
];

/** A service of an older form, until it is defined as the others are. */
const adopt = <Id extends ServiceId>(
  id: Id,
  title: string,
  gaps: readonly string[],
  start: (environment: ServiceEnvironment) => LocalService<Id>,
): Service<Id> => ({ id, title, operations: [], gaps, gapsOf: {}, start });

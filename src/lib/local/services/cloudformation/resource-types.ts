import type { ResourceType } from './resource-type.js';
import { iamPolicy } from './resources/iam-policy.js';
import { iamRole } from './resources/iam-role.js';
import { kinesisStream } from './resources/kinesis-stream.js';
import { lambdaEventSourceMapping } from './resources/lambda-event-source-mapping.js';
import { lambdaFunction } from './resources/lambda-function.js';
import { lambdaPermission } from './resources/lambda-permission.js';
import { logsLogGroup } from './resources/logs-log-group.js';
import { logsSubscriptionFilter } from './resources/logs-subscription-filter.js';
import { s3Bucket } from './resources/s3-bucket.js';

/** Every resource type there is, by name. A new one is a file in `resources/` and a line here. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    iamPolicy,
    iamRole,
    kinesisStream,
    lambdaEventSourceMapping,
    lambdaFunction,
    lambdaPermission,
    logsLogGroup,
    logsSubscriptionFilter,
    s3Bucket,
  ].map((type) => [type.type, type]),
);

// Written by `npm run resource-types`: a file in resources/ is found by itself.
import type { ResourceType } from './resource-type.js';
import { cdkMetadata } from './resources/cdk-metadata.js';
import { cloudformationStack } from './resources/cloudformation-stack.js';
import { dynamodbGlobalTable } from './resources/dynamodb-global-table.js';
import { dynamodbTable } from './resources/dynamodb-table.js';
import { ecrRepository } from './resources/ecr-repository.js';
import { iamInstanceProfile } from './resources/iam-instance-profile.js';
import { iamManagedPolicy } from './resources/iam-managed-policy.js';
import { iamPolicy } from './resources/iam-policy.js';
import { iamRole } from './resources/iam-role.js';
import { kinesisFirehoseDeliveryStream } from './resources/kinesis-firehose-delivery-stream.js';
import { kinesisResourcePolicy } from './resources/kinesis-resource-policy.js';
import { kinesisStreamConsumer } from './resources/kinesis-stream-consumer.js';
import { kinesisStream } from './resources/kinesis-stream.js';
import { lambdaAlias } from './resources/lambda-alias.js';
import { lambdaEventInvokeConfig } from './resources/lambda-event-invoke-config.js';
import { lambdaEventSourceMapping } from './resources/lambda-event-source-mapping.js';
import { lambdaFunction } from './resources/lambda-function.js';
import { lambdaLayerVersion } from './resources/lambda-layer-version.js';
import { lambdaPermission } from './resources/lambda-permission.js';
import { lambdaUrl } from './resources/lambda-url.js';
import { lambdaVersion } from './resources/lambda-version.js';
import { logsLogGroup } from './resources/logs-log-group.js';
import { logsLogStream } from './resources/logs-log-stream.js';
import { logsMetricFilter } from './resources/logs-metric-filter.js';
import { logsSubscriptionFilter } from './resources/logs-subscription-filter.js';
import { s3BucketPolicy } from './resources/s3-bucket-policy.js';
import { s3Bucket } from './resources/s3-bucket.js';
import { ssmParameter } from './resources/ssm-parameter.js';
import { waitConditionHandle } from './resources/wait-condition-handle.js';

/** Every resource type that has behavior here, by name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    cdkMetadata,
    cloudformationStack,
    dynamodbGlobalTable,
    dynamodbTable,
    ecrRepository,
    iamInstanceProfile,
    iamManagedPolicy,
    iamPolicy,
    iamRole,
    kinesisFirehoseDeliveryStream,
    kinesisResourcePolicy,
    kinesisStreamConsumer,
    kinesisStream,
    lambdaAlias,
    lambdaEventInvokeConfig,
    lambdaEventSourceMapping,
    lambdaFunction,
    lambdaLayerVersion,
    lambdaPermission,
    lambdaUrl,
    lambdaVersion,
    logsLogGroup,
    logsLogStream,
    logsMetricFilter,
    logsSubscriptionFilter,
    s3BucketPolicy,
    s3Bucket,
    ssmParameter,
    waitConditionHandle,
  ].map((type) => [type.type, type]),
);

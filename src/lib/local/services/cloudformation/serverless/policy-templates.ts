import { isMap, type ValueMap } from '../template/value.js';
import type { ServerlessResource } from './serverless-resource.js';

interface PolicyTemplate {
  /** The parameter that names what the policy is for; undefined where there is none. */
  parameter: string | undefined;
  statements: { actions: string; resources: string[] }[];
}

const HERE = `\${AWS::Region}:\${AWS::AccountId}`;
const stream = `arn:\${AWS::Partition}:kinesis:${HERE}:stream/\${name}`;
const streams = `arn:\${AWS::Partition}:kinesis:${HERE}:stream/*`;
const objects = [`arn:\${AWS::Partition}:s3:::\${name}`, `arn:\${AWS::Partition}:s3:::\${name}/*`];

/**
 * The templates for what this endpoint has. `actions` are words, with the service in front of the first.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
const TEMPLATES: Readonly<Record<string, PolicyTemplate>> = {
  KinesisStreamReadPolicy: {
    parameter: 'StreamName',
    statements: [
      { actions: 'kinesis: ListStreams DescribeLimits', resources: [streams] },
      {
        actions: 'kinesis: DescribeStream DescribeStreamSummary GetRecords GetShardIterator',
        resources: [stream],
      },
    ],
  },
  KinesisCrudPolicy: {
    parameter: 'StreamName',
    statements: [
      {
        actions:
          'kinesis: AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream DescribeStreamSummary ' +
          'GetShardIterator IncreaseStreamRetentionPeriod ListTagsForStream MergeShards PutRecord PutRecords SplitShard ' +
          'RemoveTagsFromStream',
        resources: [stream],
      },
    ],
  },
  S3ReadPolicy: {
    parameter: 'BucketName',
    statements: [
      {
        actions: 's3: GetObject ListBucket GetBucketLocation GetObjectVersion GetLifecycleConfiguration',
        resources: objects,
      },
    ],
  },
  S3WritePolicy: {
    parameter: 'BucketName',
    statements: [{ actions: 's3: PutObject PutObjectAcl PutLifecycleConfiguration', resources: objects }],
  },
  S3CrudPolicy: {
    parameter: 'BucketName',
    statements: [
      {
        actions:
          's3: GetObject ListBucket GetBucketLocation GetObjectVersion PutObject PutObjectAcl GetLifecycleConfiguration ' +
          'PutLifecycleConfiguration DeleteObject',
        resources: objects,
      },
    ],
  },
  LambdaInvokePolicy: {
    parameter: 'FunctionName',
    statements: [
      { actions: 'lambda: InvokeFunction', resources: [`arn:\${AWS::Partition}:lambda:${HERE}:function:\${name}*`] },
    ],
  },
  SSMParameterReadPolicy: {
    parameter: 'ParameterName',
    statements: [
      { actions: 'ssm: DescribeParameters', resources: ['*'] },
      {
        actions: 'ssm: GetParameters GetParameter GetParametersByPath',
        resources: [`arn:\${AWS::Partition}:ssm:${HERE}:parameter/\${name}`],
      },
    ],
  },
  CloudWatchPutMetricPolicy: {
    parameter: undefined,
    statements: [{ actions: 'cloudwatch: PutMetricData', resources: ['*'] }],
  },
};

/** `{ KinesisStreamReadPolicy: { StreamName: X } }` as the document it stands for. */
export function policyFromTemplate(policy: ValueMap, { fail }: ServerlessResource): ValueMap {
  const [name = '', ...more] = Object.keys(policy);
  const template = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name] : undefined;
  if (!template || more.length > 0) {
    return fail(
      `The policy template ${Object.keys(policy).join(', ')} is not supported by this endpoint, which has ${Object.keys(TEMPLATES).join(', ')}; a Statement works for any`,
    );
  }
  const given = policy[name];
  const { parameter } = template;
  const value = parameter === undefined || !isMap(given) ? undefined : given[parameter];
  if (parameter !== undefined && value === undefined)
    fail(`Must specify valid parameter values for policy template '${name}': ${parameter}`);
  return {
    Version: '2012-10-17',
    Statement: template.statements.map(({ actions, resources }) => ({
      Effect: 'Allow',
      Action: actionList(actions),
      Resource: resources.map((arn) =>
        arn.includes(`\${name}`) ? { 'Fn::Sub': [arn, { name: value ?? '' }] } : arn === '*' ? arn : { 'Fn::Sub': arn },
      ),
    })),
  };
}

function actionList(actions: string): string[] {
  const [service, ...names] = actions.split(' ');
  return names.map((name) => `${service}${name}`);
}

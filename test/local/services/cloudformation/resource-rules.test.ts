// What single resource types do beyond being created, updated and deleted.
import {
  CreateStackCommand,
  DescribeStackEventsCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
  PutMetricFilterCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, HeadBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, ListTagsForResourceCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
let s3: S3Client;
let ssm: SSMClient;
beforeAll(async () => {
  fixture = await startStackFixture();
  const settings = {
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  ssm = new SSMClient(settings);
});
afterAll(async () => {
  s3.destroy();
  ssm.destroy();
  await fixture.close();
});

let count = 0;

/** Creates a stack of one resource, `It`, and waits for its end. */
async function create(type: string, properties: string, more: object = {}): Promise<Stack> {
  const StackName = `one-${++count}`;
  await fixture.cloudformation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: `Resources: { It: { Type: "AWS::${type}", Properties: ${properties} } }`,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ...more,
    }),
  );
  return fixture.settled(StackName);
}

/** Why the resource failed. */
async function reason({ StackId: StackName }: Stack): Promise<string | undefined> {
  const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason;
}

test('what somebody else made is not taken over, and still there after the rollback', async () => {
  const { kinesis, logs } = fixture;
  await s3.send(new CreateBucketCommand({ Bucket: 'theirs' }));
  const policy = '{"Version":"2012-10-17","Statement":[]}';
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'theirs', Policy: policy }));
  await kinesis.send(new CreateStreamCommand({ StreamName: 'theirs', ShardCount: 1 }));
  await expect
    .poll(async () => (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'theirs' }))).$metadata)
    .toBeDefined();
  const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/theirs';
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'theirs' }));
  const filter = { logGroupName: 'theirs', filterName: 'f', filterPattern: 'theirs' };
  await expect
    .poll(async () => {
      const answer = logs.send(
        new PutSubscriptionFilterCommand({
          ...filter,
          destinationArn: streamArn,
          roleArn: 'arn:aws:iam::000000000000:role/r',
        }),
      );
      return answer.then(
        () => 'put',
        (error: Error) => error.name,
      );
    })
    .toBe('put');
  const metricTransformations = [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }];
  await logs.send(new PutMetricFilterCommand({ ...filter, metricTransformations }));

  const taken: [string, string][] = [
    ['S3::Bucket', '{ BucketName: theirs }'],
    ['S3::BucketPolicy', `{ Bucket: theirs, PolicyDocument: ${policy} }`],
    [
      'Logs::SubscriptionFilter',
      `{ LogGroupName: theirs, FilterName: f, FilterPattern: ours, DestinationArn: "${streamArn}", RoleArn: "arn:aws:iam::000000000000:role/r" }`,
    ],
    [
      'Logs::MetricFilter',
      '{ LogGroupName: theirs, FilterName: f, FilterPattern: ours, MetricTransformations: [{ MetricName: m, MetricNamespace: n, MetricValue: "1" }] }',
    ],
  ];
  for (const [type, properties] of taken) {
    const stack = await create(type, properties);
    expect(stack.StackStatus, type).toBe('ROLLBACK_COMPLETE');
    expect(await reason(stack)).toMatch(
      new RegExp(
        `^Resource handler returned message: "Resource of type 'AWS::${type}' with identifier '[^']+' already exists\\." \\(RequestToken: .*, HandlerErrorCode: AlreadyExists\\)$`,
      ),
    );
  }
  await s3.send(new HeadBucketCommand({ Bucket: 'theirs' }));
  const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: 'theirs' }));
  expect(subscriptionFilters).toMatchObject([{ filterPattern: 'theirs' }]);
});

test.each([
  ['Kinesis::Stream', '{ ShardCount: 2, StreamModeDetails: { StreamMode: ON_DEMAND } }', /ON_DEMAND|on-demand/],
  [
    'IAM::Policy',
    '{ PolicyName: p, PolicyDocument: { Version: "2012-10-17", Statement: [] }, Roles: [] }',
    /^At least one of \[Groups,Roles,Users\] must be non-empty\.$/,
  ],
  [
    'SSM::Parameter',
    '{ Type: String, Value: "{{resolve:ssm:/not/there:3}}" }',
    /Parameters: \[ssm:\/not\/there:3\] cannot/,
  ],
  ['SSM::Parameter', '{ Type: String, Value: "{{resolve:secretsmanager:x}}" }', /resolves ssm and ssm-secure only/],
  [
    'IAM::Policy',
    '{ PolicyName: p, PolicyDocument: { Version: "2012-10-17", Statement: [] }, Users: [me] }',
    /^This endpoint's IAM has roles, and neither users nor groups: me\.$/,
  ],
  [
    'IAM::ManagedPolicy',
    '{ PolicyDocument: { Version: "2012-10-17", Statement: [] }, Groups: [us] }',
    /neither users nor groups: us\.$/,
  ],
  // What was made before the part that failed goes, and the part that never was does not stand in its way.
  [
    'IAM::Role',
    '{ AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }, ManagedPolicyArns: ["arn:aws:iam::000000000000:policy/none"] }',
    /policy\/none (was not found|does not exist)/,
  ],
  [
    'IAM::Role',
    '{ AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }, Policies: [{ PolicyName: "a b", PolicyDocument: { Version: "2012-10-17", Statement: [] } }] }',
    /policyName/,
  ],
])('%s %s fails and says why', async (type, properties, expected) => {
  const stack = await create(type, properties);
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await reason(stack)).toMatch(expected);
});

test('dynamic references bring the value of their version; a secure parameter only as ssm-secure', async () => {
  const put = (Name: string, Value: string, Type: 'String' | 'SecureString') =>
    ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
  await put('/plain', 'one', 'String');
  await put('/plain', 'two', 'String');
  await put('/secret', 's3cret', 'SecureString');
  const value = (text: string) => create('SSM::Parameter', `{ Name: /made, Type: String, Value: "${text}" }`);
  const stack = await value('{{resolve:ssm:/plain:1}}+{{resolve:ssm:/plain}}+{{resolve:ssm-secure:/secret:1}}');
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/made' }));
  expect(Parameter?.Value).toBe('one+two+s3cret');
  const { StackEvents = [] } = await fixture.cloudformation.send(
    new DescribeStackEventsCommand({ StackName: stack.StackId }),
  );
  expect(JSON.stringify(StackEvents)).not.toContain('s3cret');
  expect(await reason(await value('{{resolve:ssm:/secret}}'))).toBe(
    'Non-secure ssm prefix was used for secure parameter: /secret',
  );
});

test('a parameter gets the stack’s tags, and loses those the stack loses', async () => {
  const stack = await create('SSM::Parameter', '{ Name: /tagged, Type: String, Value: x, Tags: { own: "1" } }', {
    Tags: [
      { Key: 'team', Value: 'data' },
      { Key: 'old', Value: 'x' },
    ],
  });
  await fixture.cloudformation.send(
    new UpdateStackCommand({
      StackName: stack.StackId,
      UsePreviousTemplate: true,
      Tags: [{ Key: 'team', Value: 'platform' }],
    }),
  );
  expect((await fixture.settled(stack.StackId ?? '')).StackStatus).toBe('UPDATE_COMPLETE');
  const { TagList } = await ssm.send(
    new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/tagged' }),
  );
  expect(TagList).toEqual([
    { Key: 'team', Value: 'platform' },
    { Key: 'own', Value: '1' },
  ]);
});

test.each([
  ['Kinesis::Stream', '{}', '{ DesiredShardLevelMetrics: [x] }'],
  ['Kinesis::Stream', '{}', '{ Tags: [{ Key: "aws:x", Value: v }] }'],
  ['Kinesis::Stream', '{ DesiredShardLevelMetrics: [ALL] }', '{ DesiredShardLevelMetrics: [x] }'],
  [
    'IAM::Policy',
    '{ PolicyName: fine, Roles: [standing], PolicyDocument: { Version: "2012-10-17", Statement: [] } }',
    '{ PolicyName: "not fine", Roles: [standing], PolicyDocument: { Version: "2012-10-17", Statement: [] } }',
  ],
])('%s that an update asks too much of goes back to %s', async (type, before, after) => {
  const role = { RoleName: 'standing', AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' };
  await fixture.iam.send(new CreateRoleCommand(role)).catch(() => {}); // there from the case before
  const stack = await create(type, before);
  expect(stack.StackStatus, await reason(stack)).toBe('CREATE_COMPLETE');
  await fixture.cloudformation.send(
    new UpdateStackCommand({
      StackName: stack.StackId,
      TemplateBody: `Resources: { It: { Type: "AWS::${type}", Properties: ${after} } }`,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  expect((await fixture.settled(stack.StackId ?? '')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
});

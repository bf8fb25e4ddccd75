// Every resource type: created, updated in place and deleted through the endpoint's own services, its attributes read.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand, DescribeMetricFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRoleCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { GetFunctionConfigurationCommand, InvokeCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlineZip } from '../../../../src/lib/local/services/cloudformation/inline-zip.js';
import { resourceTypes } from '../../../../src/lib/local/services/cloudformation/resource-types.js';
import { signedFor } from '../../wire/raw-request.js';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture();
});
afterAll(() => fixture.close());

const Capabilities: 'CAPABILITY_NAMED_IAM'[] = ['CAPABILITY_NAMED_IAM'];

async function whole(stackName: string, status: string): Promise<Stack> {
  const stack = await fixture.settled(stackName);
  const { StackEvents = [] } = await fixture.cloudformation.send(
    new DescribeStackEventsCommand({ StackName: stackName }),
  );
  const failures = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED')).map(
    ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`,
  );
  expect(failures).toEqual([]);
  expect(stack.StackStatus).toBe(status);
  return stack;
}

/** One of each, in one stack; `v` tells two versions of it apart wherever a property can be changed in place. */
const everything = (v: 1 | 2): string => `
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: ${v}
      RetentionPeriodHours: ${v * 24}
      MaxRecordSizeInKiB: ${v * 1024}
      Tags: [{ Key: v, Value: "${v}" }]
  StreamPolicy:
    Type: AWS::Kinesis::ResourcePolicy
    Properties:
      ResourceArn: !GetAtt Stream.Arn
      ResourcePolicy:
        Version: 2012-10-17
        Statement: [{ Sid: v${v}, Effect: Allow, Principal: { AWS: "000000000000" }, Action: kinesis:DescribeStreamSummary, Resource: !GetAtt Stream.Arn }]
  Consumer: { Type: AWS::Kinesis::StreamConsumer, Properties: { ConsumerName: push, StreamARN: !GetAtt Stream.Arn } }
  Hose:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      ExtendedS3DestinationConfiguration: { BucketARN: !GetAtt Bucket.Arn, RoleARN: !GetAtt Role.Arn, Prefix: "v${v}/" }
      Tags: [{ Key: v, Value: "${v}" }]
  Role:
    Type: AWS::IAM::Role
    Properties:
      Description: version ${v}
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: { Service: [lambda.amazonaws.com, logs.amazonaws.com] }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: inline-${v}
          PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: "kinesis:*", Resource: "*" }] }
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: separate
      Roles: [!Ref Role]
      PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: "logs:v${v}", Resource: "*" }] }
  ManagedPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: "s3:v${v}", Resource: "*" }] }
  Profile: { Type: AWS::IAM::InstanceProfile, Properties: { Roles: [!Ref Role] } }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Timeout: ${v * 10}
      Environment: { Variables: { VERSION: "${v}" } }
      Layers: [!Ref Layer]
      Tags: [{ Key: v, Value: "${v}" }]
      Code:
        ZipFile: |
          exports.handler = async () => ({ version: process.env.VERSION, code: ${v} });
  Layer:
    Type: AWS::Lambda::LayerVersion
    Properties: { LayerName: shared, Content: { S3Bucket: !Ref LayerBucket, S3Key: layer.zip } }
  Version: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Function, Description: once } }
  Alias:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !Ref Function, FunctionVersion: !GetAtt Version.Version, Name: live, Description: v${v} }
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !GetAtt Function.Arn, Action: lambda:InvokeFunction, Principal: logs.amazonaws.com }
  Url: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !GetAtt Function.Arn, AuthType: ${v === 1 ? 'NONE' : 'AWS_IAM'} } }
  Async:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: { FunctionName: !Ref Function, Qualifier: $LATEST, MaximumRetryAttempts: ${v - 1} }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Stream.Arn, FunctionName: !Ref Function, StartingPosition: LATEST, BatchSize: ${v * 10} }
  Group: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: ${v * 7 === 14 ? 14 : 7}, DeletionProtectionEnabled: ${v === 1} } }
  Line: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: !Ref Group } }
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties: { LogGroupName: !Ref Group, FilterPattern: "v${v}", DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn }
  Metric:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: !Ref Group
      FilterPattern: "v${v}"
      MetricTransformations: [{ MetricName: lines, MetricNamespace: test, MetricValue: "1", DefaultValue: 0 }]
  LayerBucket: { Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: { BucketName: layers } }
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: { Status: ${v === 1 ? 'Enabled' : 'Suspended'} }
      PublicAccessBlockConfiguration: { BlockPublicAcls: true }
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 } }] }
      CorsConfiguration: { CorsRules: [{ AllowedMethods: [GET], AllowedOrigins: ["*"], MaxAge: ${v * 10} }] }
      OwnershipControls: { Rules: [{ ObjectOwnership: BucketOwnerEnforced }] }
      LifecycleConfiguration: { Rules: [{ Status: Enabled, ExpirationInDays: 1 }] }
      Tags: [{ Key: v, Value: "${v}" }]
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: 2012-10-17
        Statement: [{ Sid: v${v}, Effect: Deny, Principal: "*", Action: "s3:*", Resource: !Sub "\${Bucket.Arn}/*" }]
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_IMAGE }
      Tags: [{ Key: v, Value: "${v}" }]
  GlobalTable:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_IMAGE }
      Replicas: [{ Region: us-east-1, Tags: [{ Key: v, Value: "${v}" }] }]
  Parameter: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: "value-${v}", Tags: { v: "${v}" } } }
  Repository: { Type: AWS::ECR::Repository, Properties: { ImageTagMutability: ${v === 1 ? 'IMMUTABLE' : 'MUTABLE'} } }
  Metadata: { Type: AWS::CDK::Metadata, Properties: { Analytics: "v${v}" } }
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: "https://layers.s3.us-east-1.amazonaws.com/nested.yaml", Parameters: { Version: "${v}" } }
Outputs:
${outputs()}
`;

/** Every attribute of every type, as an output: all of them must have a value. */
function outputs(): string {
  const logicalIds: Record<string, string> = {
    'AWS::Kinesis::Stream': 'Stream',
    'AWS::Kinesis::StreamConsumer': 'Consumer',
    'AWS::KinesisFirehose::DeliveryStream': 'Hose',
    'AWS::IAM::Role': 'Role',
    'AWS::IAM::Policy': 'Policy',
    'AWS::IAM::ManagedPolicy': 'ManagedPolicy',
    'AWS::IAM::InstanceProfile': 'Profile',
    'AWS::Lambda::Function': 'Function',
    'AWS::Lambda::LayerVersion': 'Layer',
    'AWS::Lambda::Version': 'Version',
    'AWS::Lambda::Alias': 'Alias',
    'AWS::Lambda::Permission': 'Permission',
    'AWS::Lambda::Url': 'Url',
    'AWS::Lambda::EventSourceMapping': 'Mapping',
    'AWS::Logs::LogGroup': 'Group',
    'AWS::S3::Bucket': 'Bucket',
    'AWS::DynamoDB::Table': 'Table',
    'AWS::DynamoDB::GlobalTable': 'GlobalTable',
    'AWS::SSM::Parameter': 'Parameter',
    'AWS::ECR::Repository': 'Repository',
    'AWS::CloudFormation::WaitConditionHandle': 'Handle',
    'AWS::CloudFormation::Stack': 'Nested',
  };
  const lines: string[] = [];
  for (const [name, { attributes }] of resourceTypes) {
    if (attributes.length > 0) expect(logicalIds, name).toHaveProperty(name);
    for (const attribute of attributes.filter((one) => !one.startsWith('SnapStart'))) {
      const asked = attribute.replace('*', 'Version');
      lines.push(`  ${logicalIds[name]}${asked.replace('.', '')}: { Value: !GetAtt ${logicalIds[name]}.${asked} }`);
    }
  }
  return lines.join('\n');
}

test('every type is created, updated in place, and deleted', async () => {
  const { cloudformation, lambda, kinesis, iam, logs } = fixture;
  // The layer's zip must be there before the stack: the bucket is made by a first version of it.
  await cloudformation.send(
    new CreateStackCommand({
      StackName: 'everything',
      TemplateBody:
        'Resources: { LayerBucket: { Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: { BucketName: layers } } }',
    }),
  );
  await whole('everything', 'CREATE_COMPLETE');
  await fetch(`${fixture.endpoint.url}/layers/layer.zip`, {
    method: 'PUT',
    headers: signedFor('s3'),
    body: await inlineZip('shared.txt', 'shared'),
  });
  await fetch(`${fixture.endpoint.url}/layers/nested.yaml`, {
    method: 'PUT',
    headers: signedFor('s3'),
    body: `
Parameters: { Version: { Type: String } }
Resources: { Parameter: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Version } } }
Outputs: { Version: { Value: !GetAtt Parameter.Value } }
`,
  });

  await cloudformation.send(
    new UpdateStackCommand({ StackName: 'everything', TemplateBody: everything(1), Capabilities }),
  );
  const first = await whole('everything', 'UPDATE_COMPLETE');
  const value = (stack: Stack, key: string): string =>
    stack.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
  for (const { OutputKey, OutputValue } of first.Outputs ?? []) expect(OutputValue, OutputKey).not.toBe('');
  expect(value(first, 'BucketArn')).toMatch(/^arn:aws:s3:::everything-bucket-[a-z0-9]{12}$/);
  const functionArn = value(first, 'FunctionArn');
  const invoke = async (): Promise<unknown> => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: functionArn }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };
  expect(await invoke()).toEqual({ version: '1', code: 1 });
  const groups = async () =>
    (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'everything-' }))).logGroups;
  expect(await groups()).toMatchObject([{ retentionInDays: 7, deletionProtectionEnabled: true }]);

  await cloudformation.send(
    new UpdateStackCommand({ StackName: 'everything', TemplateBody: everything(2), Capabilities }),
  );
  const second = await whole('everything', 'UPDATE_COMPLETE');
  for (const same of ['StreamArn', 'FunctionArn', 'RoleArn', 'ManagedPolicyPolicyArn', 'MappingId', 'BucketArn'])
    expect(value(second, same), same).toBe(value(first, same));
  expect(await invoke()).toEqual({ version: '2', code: 2 });
  const { StreamDescriptionSummary } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamARN: value(second, 'StreamArn') }),
  );
  expect(StreamDescriptionSummary).toMatchObject({
    OpenShardCount: 2,
    RetentionPeriodHours: 48,
    MaxRecordSizeInKiB: 2048,
    ConsumerCount: 1,
  });
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: functionArn }));
  expect(EventSourceMappings).toMatchObject([{ BatchSize: 20, State: 'Enabled' }]);
  expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionArn }))).toMatchObject({
    Timeout: 20,
    Layers: [{ Arn: value(second, 'LayerLayerVersionArn') }],
  });
  const RoleName = value(second, 'RoleArn').split('/')[1];
  expect((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Description).toBe('version 2');
  await expect(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'inline-2' }))).resolves.toBeDefined();
  await expect(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'inline-1' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  const { metricFilters } = await logs.send(new DescribeMetricFiltersCommand({}));
  expect(metricFilters).toMatchObject([{ filterPattern: 'v2' }]);

  await cloudformation.send(new DeleteStackCommand({ StackName: 'everything' }));
  const gone = await whole(second.StackId ?? '', 'DELETE_COMPLETE');
  expect(gone.StackStatusReason).toBeUndefined();
  await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  await expect(lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionArn }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a property without effect here says so in the events', async () => {
  await fixture.cloudformation.send(
    new CreateStackCommand({
      StackName: 'inert',
      TemplateBody:
        'Resources: { B: { Type: AWS::S3::Bucket, Properties: { LifecycleConfiguration: { Rules: [] }, WebsiteConfiguration: { IndexDocument: i } } } }',
    }),
  );
  await whole('inert', 'CREATE_COMPLETE');
  const { StackEvents = [] } = await fixture.cloudformation.send(
    new DescribeStackEventsCommand({ StackName: 'inert' }),
  );
  expect(
    StackEvents.find(
      ({ LogicalResourceId, ResourceStatus }) => LogicalResourceId === 'B' && ResourceStatus === 'CREATE_COMPLETE',
    )?.ResourceStatusReason,
  ).toBe('Kept, but without effect at this endpoint: LifecycleConfiguration, WebsiteConfiguration');
});

// ARNs have the partition of their region, in every service.
import {
  CloudFormationClient,
  CreateStackCommand,
  type DescribeStacksCommandOutput,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateInstanceProfileCommand, CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishLayerVersionCommand,
} from '@aws-sdk/client-lambda';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../src/lib/local/start-endpoint.js';
import { zip } from './lambda/start-lambda.js';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
});
afterAll(() => endpoint.close());

describe.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['eu-west-1', 'aws'],
])('in %s the partition is %s', (region, partition) => {
  const config = () => ({
    endpoint: endpoint.url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

  it('in SSM', async () => {
    using ssm = closing(new SSMClient(config()));
    await ssm.client.send(new PutParameterCommand({ Name: 'level', Value: 'info', Type: 'String' }));
    const { Parameter } = await ssm.client.send(new GetParameterCommand({ Name: 'level' }));
    expect(Parameter?.ARN).toBe(`arn:${partition}:ssm:${region}:000000000000:parameter/level`);
  });

  it('in STS', async () => {
    using sts = closing(new STSClient(config()));
    expect((await sts.client.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:${partition}:iam::000000000000:root`,
    );
    const RoleArn = `arn:${partition}:iam::000000000000:role/loader`;
    const assumed = await sts.client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
    expect(assumed.AssumedRoleUser?.Arn).toBe(`arn:${partition}:sts::000000000000:assumed-role/loader/me`);
  });

  it('in IAM', async () => {
    using iam = closing(new IAMClient(config()));
    const AssumeRolePolicyDocument = '{"Statement":[]}';
    const RoleName = `loader-${region}`;
    const { Role } = await iam.client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    expect(Role?.Arn).toBe(`arn:${partition}:iam::000000000000:role/${RoleName}`);
    const policy = { PolicyName: `read-${region}`, PolicyDocument: AssumeRolePolicyDocument };
    const { Policy } = await iam.client.send(new CreatePolicyCommand(policy));
    expect(Policy?.Arn).toBe(`arn:${partition}:iam::000000000000:policy/read-${region}`);
    const InstanceProfileName = `profile-${region}`;
    const made = await iam.client.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    expect(made.InstanceProfile?.Arn).toBe(
      `arn:${partition}:iam::000000000000:instance-profile/${InstanceProfileName}`,
    );
  });

  it('in Kinesis, CloudWatch Logs and Lambda', async () => {
    using kinesis = closing(new KinesisClient(config()));
    using logs = closing(new CloudWatchLogsClient(config()));
    using lambda = closing(new LambdaClient(config()));
    const StreamName = 'orders';
    await kinesis.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary?.StreamARN).toBe(`arn:${partition}:kinesis:${region}:000000000000:stream/orders`);
    await logs.client.send(new CreateLogGroupCommand({ logGroupName: 'app' }));
    const { logGroups } = await logs.client.send(new DescribeLogGroupsCommand({}));
    expect(logGroups?.[0]?.arn).toBe(`arn:${partition}:logs:${region}:000000000000:log-group:app:*`);
    const ZipFile = await zip({ 'index.js': 'exports.handler = async () => 1' });
    const layer = await lambda.client.send(new PublishLayerVersionCommand({ LayerName: 'lib', Content: { ZipFile } }));
    expect(layer.LayerVersionArn).toBe(`arn:${partition}:lambda:${region}:000000000000:layer:lib:1`);
    const Role = `arn:${partition}:iam::000000000000:role/any`;
    const made = await lambda.client.send(
      new CreateFunctionCommand({
        FunctionName: 'f',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role,
        Code: { ZipFile },
      }),
    );
    expect(made.FunctionArn).toBe(`arn:${partition}:lambda:${region}:000000000000:function:f`);
    const added = await lambda.client.send(
      new AddPermissionCommand({
        FunctionName: 'f',
        StatementId: 's',
        Action: 'lambda:InvokeFunction',
        Principal: '000000000000',
      }),
    );
    expect(JSON.parse(added.Statement ?? '').Principal).toEqual({ AWS: `arn:${partition}:iam::000000000000:root` });
  });

  it('in CloudFormation', async () => {
    using cloudformation = closing(new CloudFormationClient(config()));
    const TemplateBody = `
Resources:
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files-${region} } }
  Images: { Type: AWS::ECR::Repository, Properties: { RepositoryName: images } }
Outputs:
  Files: { Value: !GetAtt Files.Arn }
  Images: { Value: !GetAtt Images.Arn }
  Partition: { Value: !Ref AWS::Partition }
`;
    const { StackId } = await cloudformation.client.send(new CreateStackCommand({ StackName: 'all', TemplateBody }));
    expect(StackId).toMatch(new RegExp(`^arn:${partition}:cloudformation:${region}:000000000000:stack/all/`));
    const { Stacks } = await waitUntilStackCreateComplete(
      { client: cloudformation.client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 },
      { StackName: 'all' },
    ).then(({ reason }) => reason as DescribeStacksCommandOutput);
    const outputs = Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map((out) => [out.OutputKey, out.OutputValue]));
    expect(outputs).toEqual({
      Files: `arn:${partition}:s3:::files-${region}`,
      Images: `arn:${partition}:ecr:${region}:000000000000:repository/images`,
      Partition: partition,
    });
  });
});

function closing<Client extends { destroy(): void }>(client: Client): { client: Client } & Disposable {
  return { client, [Symbol.dispose]: () => client.destroy() };
}

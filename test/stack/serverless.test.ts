import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetFunctionUrlConfigCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { deployStack } from '../../src/lib/stack/deploy-stack.js';
import { destroyStack } from '../../src/lib/stack/destroy-stack.js';
import { localStacks } from './local-stacks.js';

const local = localStacks();

test('a SAM template is packaged, expanded, and its function reads the stream', async () => {
  await mkdir(join(local.folder, 'src'));
  const code = (answer: string): string => `
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
const s3 = new S3Client({ forcePathStyle: true });
export const handler = async ({ Records }) => {
  for (const { kinesis } of Records ?? [])
    await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: 'seen', Body: Buffer.from(kinesis.data, 'base64') }));
  return '${answer}';
};`;
  await writeFile(join(local.folder, 'src', 'index.mjs'), code('one'));
  const templatePath = await local.template(`
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { CodeUri: ./src, Runtime: nodejs22.x, Handler: index.handler, Timeout: 10 } }
Resources:
  Stream: { Type: AWS::Kinesis::Stream, Properties: { Name: sam-orders } }
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: sam-bucket } }
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: sam-reader
      AutoPublishAlias: live
      FunctionUrlConfig: { AuthType: NONE }
      EventInvokeConfig: { MaximumRetryAttempts: 0 }
      Environment: { Variables: { BUCKET: !Ref Bucket } }
      Policies: [{ S3WritePolicy: { BucketName: !Ref Bucket } }]
      Events:
        Orders: { Type: Kinesis, Properties: { Stream: !GetAtt Stream.Arn, StartingPosition: TRIM_HORIZON, BatchSize: 5 } }
Outputs:
  Role: { Value: !GetAtt ReaderRole.Arn }
`);
  const deploy = () => deployStack(local.clients, { stackName: 'sam', templatePath });
  const first = await deploy();
  expect(first.plan.changes.map(({ logicalId }) => logicalId.replace(/Version.*/, 'Version')).sort()).toEqual(
    ['Bucket', 'Reader', 'ReaderAliaslive', 'ReaderEventInvokeConfig', 'ReaderOrders', 'ReaderRole', 'ReaderUrl']
      .concat(['ReaderUrlPublicPermissions', 'ReaderVersion', 'Stream'])
      .sort(),
  );
  expect(first.outputs[0]?.value).toMatch(/^arn:aws:iam::000000000000:role\/sam-ReaderRole-/);
  expect((await deploy()).action).toBe('unchanged');

  const { clients } = local;
  const lambda = await clients.lambda();
  const { FunctionUrl = '' } = await lambda.send(
    new GetFunctionUrlConfigCommand({ FunctionName: 'sam-reader', Qualifier: 'live' }),
  );
  expect(await (await fetch(FunctionUrl)).text()).toBe('one');
  const kinesis = await clients.kinesis();
  await kinesis.send(
    new PutRecordCommand({ StreamName: 'sam-orders', PartitionKey: 'p', Data: Buffer.from('order 7') }),
  );
  const s3 = await clients.s3();
  await expect
    .poll(
      async () => {
        const answer = s3.send(new GetObjectCommand({ Bucket: 'sam-bucket', Key: 'seen' }));
        return answer.then(
          ({ Body }) => Body?.transformToString(),
          () => undefined,
        );
      },
      { timeout: 20_000 },
    )
    .toBe('order 7');

  await writeFile(join(local.folder, 'src', 'index.mjs'), code('two'));
  expect((await deploy()).action).toBe('updated');
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'sam-reader', Qualifier: 'live' }));
  expect(Buffer.from(Payload ?? []).toString()).toBe('"two"');

  const cloudformation = await clients.cloudformation();
  const template = async (TemplateStage?: 'Original' | 'Processed') =>
    (await cloudformation.send(new GetTemplateCommand({ StackName: 'sam', TemplateStage }))).TemplateBody;
  expect(await template('Original')).toContain('AWS::Serverless::Function');
  expect(await template()).not.toContain('AWS::Serverless');
  await destroyStack(clients, { stackName: 'sam' });
}, 60_000);

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { deployStack } from '../../src/lib/stack/deploy-stack.js';
import { destroyStack } from '../../src/lib/stack/destroy-stack.js';
import { listener, localStacks } from './local-stacks.js';

const local = localStacks();

test('local code inside of a loop and a local snippet are uploaded once; a bucket a loop keeps is not emptied', async () => {
  await mkdir(join(local.folder, 'code'));
  await writeFile(join(local.folder, 'code', 'index.mjs'), 'export const handler = async () => process.env.NAME;');
  await writeFile(
    join(local.folder, 'role.yaml'),
    `
Role:
  Type: AWS::IAM::Role
  Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] } }
`,
  );
  const templatePath = await local.template(`
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: "one,two" } }
Resources:
  Fn::Transform: { Name: AWS::Include, Parameters: { Location: role.yaml } }
  Fn::ForEach::Functions:
    - Name
    - !Ref Names
    - "Function\${Name}":
        Type: AWS::Lambda::Function
        Properties:
          FunctionName: !Sub "looped-\${Name}"
          Runtime: nodejs22.x
          Handler: index.handler
          Role: !GetAtt Role.Arn
          Code: ./code
          Environment: { Variables: { NAME: !Ref Name } }
      "Bucket\${Name}":
        Type: AWS::S3::Bucket
        DeletionPolicy: !If [Keeps, Retain, Delete]
        Properties: { BucketName: !Sub "looped-\${Name}" }
Conditions: { Keeps: !Equals [1, 1] }
`);
  const { heard, onEvent } = listener();
  await deployStack(local.clients, { stackName: 'looped', templatePath, onEvent });
  expect(heard.filter((line) => line.startsWith('packaged'))).toEqual(['packaged ./code', 'packaged role.yaml']);
  const lambda = await local.clients.lambda();
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'looped-two' }));
  expect(Buffer.from(Payload ?? []).toString()).toBe('"two"');
  expect(await deployStack(local.clients, { stackName: 'looped', templatePath })).toMatchObject({
    action: 'unchanged',
  });
  const s3 = await local.clients.s3();
  await s3.send(new PutObjectCommand({ Bucket: 'looped-one', Key: 'x', Body: 'x' }));
  await destroyStack(local.clients, { stackName: 'looped' });
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'looped-one' }))).resolves.toBeDefined();
});

test('a snippet that is not there is refused before anything is sent', async () => {
  const templatePath = await local.template(
    'Resources: { A: { Type: AWS::S3::Bucket }, Fn::Transform: { Name: AWS::Include, Parameters: { Location: gone.yaml } } }',
    'gone-snippet.yaml',
  );
  await expect(deployStack(local.clients, { stackName: 'gone', templatePath })).rejects.toThrow(
    'Cannot read gone.yaml, which the template includes: ENOENT.',
  );
});

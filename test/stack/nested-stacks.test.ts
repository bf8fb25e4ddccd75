import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { planLines } from '../../src/lib/stack/deploy-event-lines.js';
import { deployStack, planStack } from '../../src/lib/stack/deploy-stack.js';
import { destroyStack } from '../../src/lib/stack/destroy-stack.js';
import { listener, localStacks } from './local-stacks.js';

const local = localStacks();

const ROLE =
  '{ Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] } } }';

test('a template beside the template is packaged with its code, deployed, and destroyed with its buckets', async () => {
  const inner = join(local.folder, 'inner');
  await mkdir(join(inner, 'code'), { recursive: true });
  await writeFile(join(inner, 'code', 'index.mjs'), 'export const handler = async () => "from inside";');
  // Its path to the code starts at its own folder.
  await writeFile(
    join(inner, 'stack.yaml'),
    `
Resources:
  Role: ${ROLE}
  Function: { Type: AWS::Lambda::Function, Properties: { FunctionName: inside, Runtime: nodejs22.x, Handler: index.handler, Role: !GetAtt Role.Arn, Code: ./code } }
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: inside-bucket } }
Outputs: { Name: { Value: !Ref Function } }
`,
  );
  const templatePath = await local.template(`
# A comment that stays.
Resources:
  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: inner/stack.yaml } }
Outputs: { Function: { Value: !GetAtt Inner.Outputs.Name, Export: { Name: inner-function } } }
`);
  const { heard, onEvent } = listener();
  const result = await deployStack(local.clients, { stackName: 'outer', templatePath, onEvent });
  expect(heard.slice(0, 2)).toEqual(['packaged ./code', 'packaged inner/stack.yaml']);
  expect(heard).toContain('Inner CREATE_COMPLETE');
  const lines = planLines(
    await planStack(local.clients, { stackName: 'outer-anew', templatePath }),
    new Chalk({ level: 0 }),
  );
  expect(lines).toEqual(['  + Inner  AWS::CloudFormation::Stack  what is inside is not planned', '  1 to add']);
  expect(result.outputs).toMatchObject([{ value: 'inside', exportName: 'inner-function' }]);
  const lambda = await local.clients.lambda();
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'inside' }));
  expect(Buffer.from(Payload ?? []).toString()).toBe('"from inside"');
  expect(await deployStack(local.clients, { stackName: 'outer', templatePath })).toMatchObject({ action: 'unchanged' });

  const s3 = await local.clients.s3();
  await s3.send(new PutObjectCommand({ Bucket: 'inside-bucket', Key: 'x', Body: 'x' }));
  await destroyStack(local.clients, { stackName: 'outer' });
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'inside-bucket' }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('a failure inside names the resource inside, and why', async () => {
  await local.template(
    'Resources: { Line: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: /nowhere } } }',
    'broken.yaml',
  );
  const templatePath = await local.template(
    'Resources: { Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: broken.yaml } } }',
    'around.yaml',
  );
  await expect(deployStack(local.clients, { stackName: 'around', templatePath })).rejects.toThrow(
    /^Deploying around failed \(ROLLBACK_COMPLETE\)\. Line \(AWS::Logs::LogStream\) in around-Inner-\w{12}: The specified log group does not exist\. \(Service: CloudWatchLogs, Status Code: 400\)$/,
  );
});

test('templates in a circle, and one that is not there, are refused before anything is sent', async () => {
  const names = (file: string): string =>
    `Resources: { Next: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${file} } } }`;
  const templatePath = await local.template(names('two.yaml'), 'one.yaml');
  await local.template(names('one.yaml'), 'two.yaml');
  await expect(deployStack(local.clients, { stackName: 'circle', templatePath })).rejects.toMatchObject({
    name: 'UsageError',
    message: 'one.yaml is nested in itself: one.yaml -> two.yaml -> one.yaml.',
  });
  await local.template(names('gone.yaml'), 'two.yaml');
  await expect(deployStack(local.clients, { stackName: 'circle', templatePath })).rejects.toThrow(
    'Cannot read the template gone.yaml: there is no such file.',
  );
});

import { DescribeStacksCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { deployStack } from '../../src/lib/stack/deploy-stack.js';
import { destroyStack, destroyStacks } from '../../src/lib/stack/destroy-stack.js';
import { resolveExport } from '../../src/lib/stack/resolve-export.js';
import { stackOutputs } from '../../src/lib/stack/stack-outputs.js';
import { listener, localStacks } from './local-stacks.js';

const local = localStacks();

const exporter = (name: string): string => `
Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: "/${name}/g" } } }
Outputs: { O: { Value: !Ref G, Export: { Name: ${name}-group } } }
`;
const importer = (name: string): string => `
Resources: { L: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: !ImportValue ${name}-group } } }
`;

async function deploy(stackName: string, text: string): Promise<void> {
  await deployStack(local.clients, { stackName, templatePath: await local.template(text) });
}

async function exists(stackName: string): Promise<boolean> {
  const client = await local.clients.cloudformation();
  return client.send(new DescribeStacksCommand({ StackName: stackName })).then(
    () => true,
    () => false,
  );
}

test('importers go before exporters, whatever the order given; what is not there is no error', async () => {
  await deploy('base', exporter('base'));
  await deploy('user', importer('base'));
  const { heard, onEvent } = listener();
  const results = await destroyStacks(local.clients, { stackNames: ['base', 'nobody', 'user', 'base'], onEvent });
  expect(results.map(({ stackName, existed }) => [stackName, existed])).toEqual([
    ['user', true],
    ['base', true],
    ['nobody', false],
  ]);
  expect(heard.indexOf('user DELETE_COMPLETE')).toBeLessThan(heard.indexOf('base DELETE_COMPLETE'));
  expect(await exists('base')).toBe(false);
});

test('an importer that is not to go stops it before anything is deleted', async () => {
  await deploy('held', exporter('held'));
  await deploy('holder', importer('held'));
  await deploy('bystander', exporter('bystander'));
  await expect(destroyStacks(local.clients, { stackNames: ['bystander', 'held'] })).rejects.toMatchObject({
    message: 'held exports held-group, which holder imports.',
    hint: 'Destroy both: pipectl destroy holder bystander held',
  });
  expect(await exists('bystander')).toBe(true);
  // CloudFormation itself refuses too, and its sentence is passed on.
  await expect(destroyStack(local.clients, { stackName: 'held' })).rejects.toThrow(
    'Delete canceled. Cannot delete export held-group as it is in use by holder.',
  );
});

test('buckets are emptied, one that is to be retained is not touched', async () => {
  await deploy(
    'buckets',
    `
Resources:
  Goes: { Type: AWS::S3::Bucket, Properties: { BucketName: bucket-goes } }
  Stays: { Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: { BucketName: bucket-stays } }
`,
  );
  const s3 = await local.clients.s3();
  for (const Bucket of ['bucket-goes', 'bucket-stays'])
    for (const Key of ['a', 'b/c']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  const { heard, onEvent } = listener();
  await destroyStack(local.clients, { stackName: 'buckets', onEvent });
  expect(heard[0]).toBe('emptied bucket-goes (2 objects)');
  expect(heard).toContain('Stays DELETE_SKIPPED');
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'bucket-stays' }))).resolves.toBeDefined();
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'bucket-goes' }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('a protected stack says how to lift the protection', async () => {
  await deploy('guarded', exporter('guarded'));
  const client = await local.clients.cloudformation();
  await client.send(
    new UpdateTerminationProtectionCommand({ StackName: 'guarded', EnableTerminationProtection: true }),
  );
  await expect(destroyStack(local.clients, { stackName: 'guarded' })).rejects.toMatchObject({
    message: 'guarded is protected against deletion.',
    hint: expect.stringContaining('--no-enable-termination-protection'),
  });
});

test('an export by name, and the near ones when it is not there', async () => {
  await deploy('named', exporter('named'));
  expect(await resolveExport(local.clients, 'named-group')).toBe('/named/g');
  await expect(resolveExport(local.clients, 'namd-group')).rejects.toMatchObject({
    name: 'OperationError',
    message: 'No export named "namd-group" in us-east-1.',
    hint: expect.stringContaining('"named-group"'),
  });
  expect(await stackOutputs(local.clients, 'named')).toMatchObject([{ key: 'O', value: '/named/g' }]);
  await expect(stackOutputs(local.clients, 'nobody')).rejects.toThrow('No stack named "nobody" in us-east-1.');
});

import {
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  RollbackStackCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture();
});
afterAll(() => fixture.close());

/** A log group for each name, with its retention; `broken` adds a resource that cannot be made. */
function groups(prefix: string, retention: Record<string, number>, broken = false): string {
  const lines = Object.entries(retention).map(
    ([name, days]) =>
      `  ${name}: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /${prefix}/${name}, RetentionInDays: ${days} } }`,
  );
  if (broken) {
    lines.push(
      `  Broken: { Type: AWS::Logs::LogStream, DependsOn: [${Object.keys(retention).join(', ')}], Properties: { LogGroupName: /${prefix}/nowhere } }`,
    );
  }
  return `Resources:\n${lines.join('\n')}`;
}

async function create(StackName: string, TemplateBody: string, more: object = {}): Promise<Stack> {
  await fixture.cloudformation.send(new CreateStackCommand({ StackName, TemplateBody, ...more }));
  return fixture.settled(StackName);
}

async function update(StackName: string, TemplateBody: string, more: object = {}): Promise<Stack> {
  await fixture.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody, ...more }));
  return fixture.settled(StackName);
}

async function standing(prefix: string): Promise<Record<string, number | undefined>> {
  const { logGroups = [] } = await fixture.logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/${prefix}/` }),
  );
  return Object.fromEntries(logGroups.map((group) => [group.logGroupName?.split('/')[2], group.retentionInDays]));
}

const rollBack = async (StackName: string): Promise<Stack> => {
  await fixture.cloudformation.send(new RollbackStackCommand({ StackName }));
  return fixture.settled(StackName);
};

test('an update left as it failed goes back when asked to', async () => {
  await create('left', groups('left', { a: 1 }));
  const failed = await update('left', groups('left', { a: 3, b: 1 }, true), { DisableRollback: true });
  expect(failed.StackStatus).toBe('UPDATE_FAILED');
  expect(await standing('left')).toEqual({ a: 3, b: 1 });
  expect((await rollBack('left')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await standing('left')).toEqual({ a: 1 });
  await expect(rollBack('left')).rejects.toThrow('is in UPDATE_ROLLBACK_COMPLETE state and can not be rolled back.');
});

test('two failed updates in a row go back to the state before both', async () => {
  await create('twice', groups('twice', { a: 1, b: 1 }));
  await update('twice', groups('twice', { a: 3, b: 1, c: 1 }, true), { DisableRollback: true });
  const stack = await update('twice', groups('twice', { a: 5, b: 7, c: 3, d: 1 }, true));
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await standing('twice')).toEqual({ a: 1, b: 1 });
});

test('a stream that took only a part of its update, or none, goes back to what it was', async () => {
  const stream = (properties: string): string =>
    `Resources: { S: { Type: AWS::Kinesis::Stream, Properties: { Name: half-way, ${properties} } } }`;
  const before = 'ShardCount: 1, RetentionPeriodHours: 24';
  await create('half-way', stream(before));
  // More than double the shards is refused, and what would come after it is never done; one that comes last is refused after the others.
  for (const properties of [
    'ShardCount: 5, RetentionPeriodHours: 48, StreamEncryption: { EncryptionType: KMS, KeyId: alias/aws/kinesis }',
    'ShardCount: 2, RetentionPeriodHours: 48, StreamEncryption: { EncryptionType: KMS, KeyId: not a key }',
  ]) {
    expect((await update('half-way', stream(properties))).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { StreamDescriptionSummary } = await fixture.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: 'half-way' }),
    );
    expect(StreamDescriptionSummary).toMatchObject({
      OpenShardCount: 1,
      RetentionPeriodHours: 24,
      EncryptionType: 'NONE',
    });
  }
});

test('and what the first of them replaced goes once the second succeeds', async () => {
  const named = (name: string, broken = false): string =>
    groups('swap', { one: 1 }, broken).replace('LogGroupName: /swap/one', `LogGroupName: /swap/${name}`);
  await create('swap', named('first'));
  await update('swap', named('second', true), { DisableRollback: true });
  expect(await standing('swap')).toEqual({ first: 1, second: 1 });
  const stack = await update('swap', named('second'));
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await standing('swap')).toEqual({ second: 1 });
});

test.each([
  ['in place', '{ LogGroupName: /typo/a, RetentionInDays: soon }', '#/RetentionInDays: expected type: Integer'],
  ['by replacement', '{ LogGroupName: [/typo/a] }', '#/LogGroupName: expected type: String'],
  ['with a key nobody knows', '{ LogGroupName: /typo/a, Retention: 1 }', 'extraneous key \\[Retention\\]'],
])('a property of the wrong kind, %s, fails the update and harms nothing', async (_, properties, reason) => {
  const template = (given: string): string => `Resources: { G: { Type: AWS::Logs::LogGroup, Properties: ${given} } }`;
  await create('typo', template('{ LogGroupName: /typo/a, RetentionInDays: 7 }'));
  const stack = await update('typo', template(properties));
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: 'typo' }));
  expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason ?? '').join()).toMatch(new RegExp(reason));
  expect(await standing('typo')).toEqual({ a: 7 });
  expect((await update('typo', template('{ LogGroupName: /typo/a, RetentionInDays: 14 }'))).StackStatus).toBe(
    'UPDATE_COMPLETE',
  );
  await fixture.cloudformation.send(new DeleteStackCommand({ StackName: 'typo' }));
  expect((await fixture.settled(stack.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
  expect(await standing('typo')).toEqual({});
});

test.each([
  ['that was not made', '{ LogGroupName: [x] }'],
  ['that was made, and failed then', '{ LogGroupName: /leak/b, RetentionInDays: 2 }'],
])('a stack left in the middle of a replacement %s is deleted with the old resource', async (_, properties) => {
  const template = (given: string): string => `Resources: { G: { Type: AWS::Logs::LogGroup, Properties: ${given} } }`;
  const { StackId = '' } = await create('leak', template('{ LogGroupName: /leak/a }'));
  expect((await update('leak', template(properties), { DisableRollback: true })).StackStatus).toBe('UPDATE_FAILED');
  await fixture.cloudformation.send(new DeleteStackCommand({ StackName: 'leak' }));
  expect((await fixture.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
  expect(await standing('leak')).toEqual({});
});

test('a creation left as it failed goes back when asked to', async () => {
  const failed = await create('begun', groups('begun', { a: 1 }, true), { OnFailure: 'DO_NOTHING' });
  expect(failed.StackStatus).toBe('CREATE_FAILED');
  expect(await standing('begun')).toEqual({ a: 1 });
  expect((await rollBack('begun')).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await standing('begun')).toEqual({});
});

test('a rollback that cannot be finished goes on where it stopped, without what is given up', async () => {
  await create('stuck', groups('stuck', { a: 1, gone: 1 }));
  await fixture.logs.send(new DeleteLogGroupCommand({ logGroupName: '/stuck/gone' }));
  const failed = await update('stuck', groups('stuck', { a: 3, gone: 3 }));
  expect(failed).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_FAILED',
    StackStatusReason: 'The following resource(s) failed to update: [gone]. ',
  });
  const goOn = async (...ResourcesToSkip: string[]): Promise<Stack> => {
    await fixture.cloudformation.send(new ContinueUpdateRollbackCommand({ StackName: 'stuck', ResourcesToSkip }));
    return fixture.settled('stuck');
  };
  await expect(goOn('a')).rejects.toThrow('Resource a cannot be skipped');
  expect((await goOn()).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect((await goOn('gone')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await standing('stuck')).toEqual({ a: 1 });
});

test('and one whose cause was mended needs nothing given up', async () => {
  await create('mended', groups('mended', { a: 1 }));
  await fixture.logs.send(new DeleteLogGroupCommand({ logGroupName: '/mended/a' }));
  await update('mended', groups('mended', { a: 3 }));
  await fixture.logs.send(new CreateLogGroupCommand({ logGroupName: '/mended/a' }));
  await fixture.cloudformation.send(new ContinueUpdateRollbackCommand({ StackName: 'mended' }));
  expect((await fixture.settled('mended')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await standing('mended')).toEqual({ a: 1 });
});

test('what could not be deleted can be left behind, and nothing else', async () => {
  const s3 = new S3Client({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  const { StackId } = await create(
    'full',
    'Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: full } }, G: { Type: AWS::Logs::LogGroup } }',
  );
  await s3.send(new PutObjectCommand({ Bucket: 'full', Key: 'x', Body: 'x' }));
  const remove = async (...RetainResources: string[]): Promise<Stack> => {
    await fixture.cloudformation.send(new DeleteStackCommand({ StackName: StackId, RetainResources }));
    return fixture.settled(StackId ?? '');
  };
  expect((await remove()).StackStatus).toBe('DELETE_FAILED');
  await expect(remove('G')).rejects.toThrow('Resource G cannot be retained');
  expect((await remove('B')).StackStatus).toBe('DELETE_COMPLETE');
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'full' }))).resolves.toBeDefined();
  s3.destroy();
});

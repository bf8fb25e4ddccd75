import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
let s3: S3Client;
beforeAll(async () => {
  fixture = await startStackFixture();
  s3 = new S3Client({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
});
afterAll(async () => {
  s3.destroy();
  await fixture.close();
});

const CHILD = `
Parameters: { Name: { Type: String }, Days: { Type: Number, Default: 1 } }
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Ref Name, RetentionInDays: !Ref Days } }
Outputs:
  GroupName: { Value: !Ref Group }
`;

/** Puts a template into the bucket and gives its URL. */
async function upload(key: string, text: string): Promise<string> {
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: key, Body: text }));
  return `${fixture.endpoint.url}/templates/${key}`;
}

const parent = (url: string, parameters: string, more = ''): string => `
Resources:
  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "${url}", Parameters: ${parameters} } }
  Line:
    Type: AWS::Logs::LogStream
    Properties: { LogGroupName: !GetAtt Nested.Outputs.GroupName, LogStreamName: line }
${more}
Outputs:
  Inner: { Value: !Sub "\${Nested.Outputs.GroupName} in \${Nested}" }
`;

async function create(StackName: string, TemplateBody: string): Promise<Stack> {
  await fixture.cloudformation.send(
    new CreateStackCommand({ StackName, TemplateBody, Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  return fixture.settled(StackName);
}

async function update(StackName: string, TemplateBody: string): Promise<Stack> {
  await fixture.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody }));
  return fixture.settled(StackName);
}

test('a stack inside gets what was acknowledged for the one around it, and no more', async () => {
  const url = await upload(
    'role.yaml',
    'Resources: { Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: [] } } } }',
  );
  const TemplateBody = `Resources: { Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "${url}" } } }`;
  expect((await create('unacknowledged', TemplateBody)).StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await fixture.cloudformation.send(
    new DescribeStackEventsCommand({ StackName: 'unacknowledged' }),
  );
  expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toContain(
    'Requires capabilities : [CAPABILITY_IAM]',
  );
  await fixture.cloudformation.send(
    new CreateStackCommand({ StackName: 'acknowledged', TemplateBody, Capabilities: ['CAPABILITY_IAM'] }),
  );
  expect((await fixture.settled('acknowledged')).StackStatus).toBe('CREATE_COMPLETE');
});

test('a template with a nested stack says what that may need', async () => {
  const answer = await fixture.cloudformation.send(
    new ValidateTemplateCommand({ TemplateBody: parent('https://s3.amazonaws.com/b/k', '{}') }),
  );
  expect(answer).toMatchObject({
    Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::CloudFormation::Stack]',
  });
});

async function retention(prefix: string): Promise<Record<string, number | undefined>> {
  const { logGroups = [] } = await fixture.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }));
  return Object.fromEntries(logGroups.map((group) => [group.logGroupName, group.retentionInDays]));
}

async function reasons(StackName: string): Promise<string> {
  const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason ?? '').join('\n');
}

test('a stack in a stack is made with its parameters, gives its outputs, changes and goes with the one around it', async () => {
  const url = await upload('child.yaml', CHILD);
  const outer = await create('outer', parent(url, '{ Name: /nested/a, Days: 3 }'));
  expect(outer.StackStatus, await reasons('outer')).toBe('CREATE_COMPLETE');
  expect(outer.Outputs?.[0]?.OutputValue).toMatch(/^\/nested\/a in arn:aws:cloudformation:.*:stack\/outer-Nested-/);
  const { StackResources = [] } = await fixture.cloudformation.send(
    new DescribeStackResourcesCommand({ StackName: 'outer', LogicalResourceId: 'Nested' }),
  );
  const id = StackResources[0]?.PhysicalResourceId;
  const { Stacks = [] } = await fixture.cloudformation.send(new DescribeStacksCommand({ StackName: id }));
  expect(Stacks[0]).toMatchObject({
    ParentId: outer.StackId,
    RootId: outer.StackId,
    Tags: [{ Key: 'a', Value: 'b' }],
    Parameters: [{ ParameterValue: '/nested/a' }, { ParameterValue: '3' }],
  });

  expect((await update('outer', parent(url, '{ Name: /nested/a, Days: 7 }'))).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await retention('/nested/a')).toEqual({ '/nested/a': 7 });

  await fixture.cloudformation.send(new DeleteStackCommand({ StackName: 'outer' }));
  expect((await fixture.settled(outer.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await fixture.settled(id ?? '')).StackStatus).toBe('DELETE_COMPLETE');
  expect(await retention('/nested/a')).toEqual({});
});

test('one that cannot be made says so, and nothing of it is left', async () => {
  const url = await upload(
    'broken.yaml',
    `${CHILD.replace('Outputs:', '  Broken: { Type: AWS::Logs::LogStream, DependsOn: Group, Properties: { LogGroupName: /nowhere } }\nOutputs:')}`,
  );
  const outer = await create('breaks', parent(url, '{ Name: /nested/b }'));
  expect(outer.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await reasons('breaks')).toMatch(
    /Embedded stack arn:aws:cloudformation:\S+ was not successfully created: The following resource\(s\) failed to create: \[Broken\]\./,
  );
  expect(await retention('/nested/b')).toEqual({});
});

test('an update that fails outside takes the one inside back too', async () => {
  const url = await upload('child.yaml', CHILD);
  await create('undone', parent(url, '{ Name: /nested/c, Days: 3 }'));
  const broken = '  Broken: { Type: AWS::Logs::LogStream, DependsOn: Nested, Properties: { LogGroupName: /nowhere } }';
  const outer = await update('undone', parent(url, '{ Name: /nested/c, Days: 7 }', broken));
  expect(outer.StackStatus, await reasons('undone')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await retention('/nested/c')).toEqual({ '/nested/c': 3 });
});

test('an update that fails inside says why outside, and all is as it was', async () => {
  const url = await upload('child.yaml', CHILD);
  await create('undone-inside', parent(url, '{ Name: /nested/d, Days: 3 }'));
  const broken = await upload(
    'broken-child.yaml',
    CHILD.replace(
      'Outputs:',
      '  Broken: { Type: AWS::Logs::LogStream, DependsOn: Group, Properties: { LogGroupName: /nowhere } }\nOutputs:',
    ),
  );
  const outer = await update('undone-inside', parent(broken, '{ Name: /nested/d, Days: 7 }'));
  expect(outer.StackStatus, await reasons('undone-inside')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await retention('/nested/d')).toEqual({ '/nested/d': 3 });
  expect(await reasons('undone-inside')).toMatch(
    /was not successfully updated\. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource\(s\) failed to create: \[Broken\]\./,
  );
  // It can be updated again.
  const again = await update('undone-inside', parent(url, '{ Name: /nested/d, Days: 5 }'));
  expect(again.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await retention('/nested/d')).toEqual({ '/nested/d': 5 });
});

test('a template that names itself comes to an end', async () => {
  const url = `${fixture.endpoint.url}/templates/self.yaml`;
  await upload(
    'self.yaml',
    `Resources: { Again: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "${url}" } } }`,
  );
  const { StackId = '' } = await fixture.cloudformation.send(
    new CreateStackCommand({ StackName: 'endless', TemplateURL: url }),
  );
  expect((await fixture.settled(StackId)).StackStatus).toBe('ROLLBACK_COMPLETE');
  const { Stacks = [] } = await fixture.cloudformation.send(new DescribeStacksCommand({}));
  expect(Stacks.filter(({ StackName }) => StackName?.startsWith('endless-'))).toEqual([]);
});

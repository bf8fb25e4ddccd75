import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture();
});
afterAll(() => fixture.close());

let count = 0;
const freshName = (): string => `stack-${++count}`;

async function create(template: string, name = freshName(), more: object = {}): Promise<string> {
  await fixture.cloudformation.send(new CreateStackCommand({ StackName: name, TemplateBody: template, ...more }));
  return name;
}

async function createWhole(template: string, name = freshName(), more: object = {}): Promise<string> {
  await create(template, name, more);
  const stack = await fixture.settled(name);
  expect(stack.StackStatus, stack.StackStatusReason).toBe('CREATE_COMPLETE');
  return name;
}

/** Why things failed, for the message of an assertion. */
async function reasons(name: string): Promise<string> {
  const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
  return StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason ?? '').join('\n');
}

const update = (name: string, template: string, more: object = {}) =>
  fixture.cloudformation.send(new UpdateStackCommand({ StackName: name, TemplateBody: template, ...more }));

async function streamNames(): Promise<string[]> {
  const { StreamNames = [] } = await fixture.kinesis.send(new ListStreamsCommand({ Limit: 1000 }));
  return StreamNames;
}

const group = (name: string, more = ''): string => `
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: ${name} ${more} }
`;

describe('creating', () => {
  test('resources come in dependency order, with the names, attributes and outputs the template asks for', async () => {
    const name = await createWhole(`
Description: two streams
Parameters:
  Shards: { Type: Number, Default: 2 }
  Secret: { Type: String, NoEcho: true, Default: hush }
Mappings: { Hours: { prod: { retention: 48 } } }
Conditions:
  Never: !Equals [!Ref Shards, 99]
Resources:
  Second:
    Type: AWS::Kinesis::Stream
    DependsOn: First
    Properties: { ShardCount: 1, RetentionPeriodHours: !FindInMap [Hours, prod, retention] }
  First:
    Type: AWS::Kinesis::Stream
    Properties:
      Name: !Sub "\${AWS::StackName}-first"
      ShardCount: !Ref Shards
  Absent:
    Type: AWS::Kinesis::Stream
    Condition: Never
Outputs:
  First: { Value: !Ref First, Description: its name, Export: { Name: !Sub "\${AWS::StackName}-first-name" } }
  Second: { Value: !GetAtt Second.Arn }
  Absent: { Value: !Ref Absent, Condition: Never }
`);
    const stack = await fixture.settled(name);
    const second = stack.Outputs?.find(({ OutputKey }) => OutputKey === 'Second')?.OutputValue ?? '';
    expect(stack.Description).toBe('two streams');
    expect(stack.Outputs).toEqual([
      { OutputKey: 'First', OutputValue: `${name}-first`, Description: 'its name', ExportName: `${name}-first-name` },
      { OutputKey: 'Second', OutputValue: second },
    ]);
    expect(second).toMatch(
      new RegExp(`^arn:aws:kinesis:us-east-1:000000000000:stream/${name}-Second-[A-Za-z0-9]{12}$`),
    );
    expect(stack.Parameters).toEqual([
      { ParameterKey: 'Shards', ParameterValue: '2' },
      { ParameterKey: 'Secret', ParameterValue: '****' },
    ]);
    const summary = await fixture.kinesis.send(new DescribeStreamSummaryCommand({ StreamARN: second }));
    expect(summary.StreamDescriptionSummary).toMatchObject({ RetentionPeriodHours: 48, OpenShardCount: 1 });
    expect(await fixture.history(name)).toEqual([
      `${name} CREATE_IN_PROGRESS`,
      'First CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS',
      'First CREATE_COMPLETE',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_COMPLETE',
      `${name} CREATE_COMPLETE`,
    ]);
  });

  test('a log group’s Arn ends with :*, as CloudFormation gives it', async () => {
    const name = await createWhole(`${group('/arn/group')}Outputs: { Arn: { Value: !GetAtt Group.Arn } }`);
    const stack = await fixture.settled(name);
    expect(stack.Outputs?.[0]?.OutputValue).toBe('arn:aws:logs:us-east-1:000000000000:log-group:/arn/group:*');
  });

  test('a name in use is AlreadyExistsException; a bad one a ValidationError', async () => {
    const name = await createWhole(group('/taken/group'));
    await expect(create(group('/other/group'), name)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: `Stack [${name}] already exists`,
    });
    await expect(create(group('/other/group'), '1-bad_name')).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('the same request again gives the stack that is there; another one of that name does not', async () => {
    const token = { ClientRequestToken: 'again' };
    const send = (more: object) =>
      fixture.cloudformation.send(
        new CreateStackCommand({ StackName: 'retried', TemplateBody: group('/retried'), ...more }),
      );
    const { StackId } = await send(token);
    expect((await send(token)).StackId).toBe(StackId);
    await expect(send({ ClientRequestToken: 'other' })).rejects.toThrow('Stack [retried] already exists');
    await expect(send({})).rejects.toThrow('Stack [retried] already exists');
  });

  test.each([
    [[{ Key: 'aws:x', Value: '' }], 'Tags: aws:x begins with aws:, which is reserved.'],
    [
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'Tags: a is given twice.',
    ],
  ])('tags that no service would take are refused: %j', async (Tags, message) => {
    await expect(create(group('/tags'), freshName(), { Tags })).rejects.toThrow(message);
  });

  test('IAM resources need their capability, a named one the stronger', async () => {
    const role = (more: string): string =>
      `Resources: { R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [] } ${more} } } }`;
    await expect(create(role(''))).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
    await expect(create(role(', RoleName: mine'), freshName(), { Capabilities: ['CAPABILITY_IAM'] })).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    );
  });
});

describe('a create that fails', () => {
  test('says which resource and why, and leaves nothing behind', async () => {
    const name = await create(`
Resources:
  Stream: { Type: AWS::Kinesis::Stream, Properties: { Name: gone-again, ShardCount: 1 } }
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties:
      LogGroupName: /aws/lambda/never-invoked
      FilterPattern: ""
      DestinationArn: !GetAtt Stream.Arn
`);
    const stack = await fixture.settled(name);
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await streamNames()).not.toContain('gone-again');
    const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
    const failure = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    expect(failure?.LogicalResourceId).toBe('Filter');
    expect(failure?.ResourceStatusReason).toMatch(
      /^Resource handler returned message: "The specified log group does not exist\. \(Service: CloudWatchLogs, Status Code: 400, Request ID: [0-9a-f-]{36}\)" \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: NotFound\)$/,
    );
    expect(JSON.parse(failure?.ResourceProperties ?? '{}')).toMatchObject({
      LogGroupName: '/aws/lambda/never-invoked',
    });
    const rollback = StackEvents.find(({ ResourceStatus }) => String(ResourceStatus) === 'ROLLBACK_IN_PROGRESS');
    expect(rollback?.ResourceStatusReason).toBe(
      'The following resource(s) failed to create: [Filter]. Rollback requested by user.',
    );
    await expect(update(name, group('/x/y'))).rejects.toThrow(
      `Stack:${stack.StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
    );
  });

  test('a property nobody knows, and one of another type, are told in the validator’s words', async () => {
    const name = await create(
      'Resources: { S: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: many, Shards: 1, StreamModeDetails: {} } } }',
    );
    await fixture.settled(name);
    const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
    expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toBe(
      'Properties validation failed for resource S with message:\n' +
        '#/ShardCount: expected type: Integer, found: String\n' +
        '#/StreamModeDetails: required key [StreamMode] not found\n' +
        '#: extraneous key [Shards] is not permitted',
    );
  });

  test('keeps what was made where the request says so', async () => {
    const template = `
Resources:
  Kept: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /kept/after-failure } }
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    DependsOn: Kept
    Properties: { LogGroupName: /not/there, FilterPattern: "", DestinationArn: "arn:aws:kinesis:us-east-1:000000000000:stream/x" }
`;
    const name = await create(template, freshName(), { DisableRollback: true });
    expect((await fixture.settled(name)).StackStatus).toBe('CREATE_FAILED');
    const { logGroups } = await fixture.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/kept/after-failure' }),
    );
    expect(logGroups).toHaveLength(1);
    // And the next update goes on from there.
    await update(
      name,
      template
        .replace('/not/there', '!Ref Kept')
        .replace('Logs::SubscriptionFilter', 'Logs::LogStream')
        .replace(/, FilterPattern.*x"/, ''),
    );
    const stack = await fixture.settled(name);
    expect(stack.StackStatus, await reasons(name)).toBe('UPDATE_COMPLETE');
  });

  test('a rule that the parameters break, in its author’s words', async () => {
    const template = `
Parameters: { Version: { Type: String, Default: "5" }, Env: { Type: String, Default: test } }
Rules:
  Bootstrapped:
    Assertions:
      - Assert: !Not [{ "Fn::Contains": [["1", "2", "3", "4", "5"], !Ref Version] }]
        AssertDescription: version 6 required
  OnlyInProd:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions: [{ Assert: !Equals [!Ref Version, "7"] }]
${group('/rules/group')}`;
    const parameter = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue });
    await expect(create(template)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Template validation error: rule Bootstrapped failed: version 6 required',
    });
    const prod = { Parameters: [parameter('Version', '6'), parameter('Env', 'prod')] };
    await expect(create(template, freshName(), prod)).rejects.toThrow(/rule OnlyInProd failed/);
    await createWhole(template, freshName(), { Parameters: [parameter('Version', '6')] });
  });

  test('a type this endpoint has not, unless its condition keeps it away', async () => {
    const template = (wanted: string): string => `
Conditions: { Wanted: !Equals [${wanted}, "yes"] }
Resources:
  Key: { Type: AWS::Events::EventBus, Condition: Wanted, Properties: { Name: bus } }
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /un/wanted, KmsKeyId: !If [Wanted, !GetAtt Key.Arn, !Ref AWS::NoValue] } }
`;
    await expect(create(template('"yes"'))).rejects.toThrow(
      /Unrecognized resource types: \[AWS::Events::EventBus\]\. To keep them without effect: pipectl local start --inert /,
    );
    await createWhole(template('"no"'));
  });

  test('a mistake that can be seen before anything exists is an answer, and no stack', async () => {
    const name = freshName();
    await expect(
      create(
        'Mappings: { M: { a: { b: c } } }\nResources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !FindInMap [M, x, b] } } }',
        name,
      ),
    ).rejects.toMatchObject({ name: 'ValidationError', message: 'Template error: Unable to get mapping for M::x::b' });
    await expect(fixture.settled(name)).rejects.toThrow('does not exist');
  });

  test('an import that nothing exports', async () => {
    const name = await create(
      'Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !ImportValue nobody-exports-this } } }',
    );
    await fixture.settled(name);
    const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
    expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContain(
      'No export named nobody-exports-this found',
    );
  });

  test('something of that name is there already, made by somebody else: it is left alone', async () => {
    await fixture.kinesis.send(new CreateStreamCommand({ StreamName: 'not-ours', ShardCount: 1 }));
    const name = await create('Resources: { S: { Type: AWS::Kinesis::Stream, Properties: { Name: not-ours } } }');
    expect((await fixture.settled(name)).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await streamNames()).toContain('not-ours');
  });
});

describe('updating', () => {
  test('in place where AWS updates in place', async () => {
    const name = await createWhole(group('/up/date', ', RetentionInDays: 7'));
    await update(name, group('/up/date', ', RetentionInDays: 30'));
    expect((await fixture.settled(name)).StackStatus).toBe('UPDATE_COMPLETE');
    const { logGroups } = await fixture.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/up/date' }));
    expect(logGroups?.[0]?.retentionInDays).toBe(30);
    expect((await fixture.history(name)).slice(-5)).toEqual([
      `${name} UPDATE_IN_PROGRESS`,
      'Group UPDATE_IN_PROGRESS',
      'Group UPDATE_COMPLETE',
      `${name} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`,
      `${name} UPDATE_COMPLETE`,
    ]);
  });

  test('by a new resource where AWS replaces; what refers to it follows, and the old one goes last', async () => {
    const template = (name: string): string => `
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: ${name} } }
  Stream: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: !Ref Group, LogStreamName: one } }
Outputs: { Name: { Value: !Ref Group } }
`;
    const name = await createWhole(template('/re/place-1'));
    await update(name, template('/re/place-2'));
    const stack = await fixture.settled(name);
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(stack.Outputs?.[0]?.OutputValue).toBe('/re/place-2');
    const { logGroups } = await fixture.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/re/place' }));
    expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['/re/place-2']);
    const events = (await fixture.history(name)).slice(4);
    expect(events.indexOf('Group UPDATE_COMPLETE')).toBeLessThan(events.indexOf('Group DELETE_COMPLETE'));
    expect(events.indexOf('Stream DELETE_COMPLETE')).toBeLessThan(events.indexOf('Group DELETE_COMPLETE'));
  });

  test('a custom name that would have to stay is refused, and the stack stays what it was', async () => {
    const template = (path: string): string => `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: { RoleName: same, Path: ${path}, AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] } }
`;
    const capabilities = { Capabilities: ['CAPABILITY_NAMED_IAM'] };
    const name = await createWhole(template('/a/'), freshName(), capabilities);
    await update(name, template('/b/'), capabilities);
    expect((await fixture.settled(name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
    expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED')?.ResourceStatusReason).toBe(
      'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename same and update the stack again.',
    );
  });

  test('adds and removes resources; one that is to be retained stays', async () => {
    const name = await createWhole(`
Resources:
  Goes: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /change/goes } }
  Stays: { Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, Properties: { LogGroupName: /change/stays } }
`);
    await update(
      name,
      'Resources: { Comes: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /change/comes } } }',
    );
    expect((await fixture.settled(name)).StackStatus).toBe('UPDATE_COMPLETE');
    const { logGroups } = await fixture.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/change/' }));
    expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['/change/comes', '/change/stays']);
    expect(await fixture.history(name)).toContain('Stays DELETE_SKIPPED');
    const { StackResourceSummaries } = await fixture.cloudformation.send(
      new ListStackResourcesCommand({ StackName: name }),
    );
    expect(StackResourceSummaries?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Comes']);
  });

  test('that changes nothing is refused as AWS refuses it', async () => {
    const name = await createWhole(group('/no/change'));
    await expect(update(name, group('/no/change'))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    });
    await expect(update(name, `Description: only words\n${group('/no/change')}`)).rejects.toThrow(
      'No updates are to be performed.',
    );
  });

  test('of outputs alone is an update', async () => {
    const name = await createWhole(group('/out/puts'));
    await update(name, `${group('/out/puts')}Outputs: { O: { Value: here } }`);
    const stack = await fixture.settled(name);
    expect(stack.Outputs).toEqual([{ OutputKey: 'O', OutputValue: 'here' }]);
  });

  test('keeps parameters and template where the request says so', async () => {
    const template = `
Parameters: { Name: { Type: String }, Days: { Type: Number, Default: 7 } }
Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Ref Name, RetentionInDays: !Ref Days } } }
`;
    const name = await createWhole(template, freshName(), {
      Parameters: [{ ParameterKey: 'Name', ParameterValue: '/previous/values' }],
    });
    await fixture.cloudformation.send(
      new UpdateStackCommand({
        StackName: name,
        UsePreviousTemplate: true,
        Parameters: [
          { ParameterKey: 'Name', UsePreviousValue: true },
          { ParameterKey: 'Days', ParameterValue: '14' },
        ],
      }),
    );
    expect((await fixture.settled(name)).StackStatus).toBe('UPDATE_COMPLETE');
    const { logGroups } = await fixture.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/previous/values' }),
    );
    expect(logGroups?.[0]?.retentionInDays).toBe(14);
  });

  test('that fails brings every resource back to what it was', async () => {
    const template = (days: number, name: string, more: string): string => `
Resources:
  Changed: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /undo/changed, RetentionInDays: ${days} } }
  Replaced: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: ${name} } }
${more}
`;
    const name = await createWhole(template(7, '/undo/replaced-1', ''));
    await update(
      name,
      template(
        30,
        '/undo/replaced-2',
        `
  Added: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /undo/added } }
  Broken:
    Type: AWS::Logs::SubscriptionFilter
    DependsOn: [Changed, Replaced, Added]
    Properties: { LogGroupName: /undo/nowhere, FilterPattern: "", DestinationArn: "arn:aws:kinesis:us-east-1:000000000000:stream/x" }
`,
      ),
    );
    const stack = await fixture.settled(name);
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { logGroups } = await fixture.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/undo/' }));
    expect(logGroups?.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])).toEqual([
      ['/undo/changed', 7],
      ['/undo/replaced-1', undefined],
    ]);
    const { StackResources } = await fixture.cloudformation.send(
      new DescribeStackResourcesCommand({ StackName: name }),
    );
    expect(
      StackResources?.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
    ).toEqual([
      ['Changed', '/undo/changed'],
      ['Replaced', '/undo/replaced-1'],
    ]);
    const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
    expect(
      StackEvents.find(({ ResourceStatus }) => String(ResourceStatus) === 'UPDATE_ROLLBACK_IN_PROGRESS')
        ?.ResourceStatusReason,
    ).toBe('The following resource(s) failed to create: [Broken]. ');
    // It is as good as new: the same update without the broken part goes through.
    await update(name, template(30, '/undo/replaced-2', ''));
    expect((await fixture.settled(name)).StackStatus).toBe('UPDATE_COMPLETE');
  });

  test('the stack’s tags reach what can be tagged', async () => {
    const template =
      'Resources: { S: { Type: AWS::Kinesis::Stream, Properties: { Name: tagged, Tags: [{ Key: own, Value: x }] } } }';
    const name = await createWhole(template, freshName(), { Tags: [{ Key: 'team', Value: 'a' }] });
    await update(name, template, { Tags: [{ Key: 'team', Value: 'b' }] });
    const stack = await fixture.settled(name);
    expect(stack.StackStatus, await reasons(name)).toBe('UPDATE_COMPLETE');
    expect(stack.Tags).toEqual([{ Key: 'team', Value: 'b' }]);
    const { Tags } = await fixture.kinesis.send(new ListTagsForStreamCommand({ StreamName: 'tagged' }));
    expect(Tags).toEqual([
      { Key: 'own', Value: 'x' },
      { Key: 'team', Value: 'b' },
    ]);
  });
});

describe('exports', () => {
  const exporter = (value: string): string => `
Resources: { S: { Type: AWS::Kinesis::Stream, Properties: { Name: ${value} } } }
Outputs: { Name: { Value: !Ref S, Export: { Name: shared-stream } } }
`;
  const importer = `
Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub ["/of/\${s}", { s: !ImportValue shared-stream }] } } }
`;

  test('are listed, imported, and kept while they are imported', async () => {
    const first = await createWhole(exporter('exported-1'));
    const second = await createWhole(importer);
    const { Exports = [] } = await fixture.cloudformation.send(new ListExportsCommand({}));
    expect(Exports.find(({ Name }) => Name === 'shared-stream')).toMatchObject({
      Value: 'exported-1',
      ExportingStackId: expect.stringContaining(`stack/${first}/`),
    });
    const { Imports } = await fixture.cloudformation.send(new ListImportsCommand({ ExportName: 'shared-stream' }));
    expect(Imports).toEqual([second]);

    await update(first, exporter('exported-2'));
    let stack = await fixture.settled(first);
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.Outputs?.[0]?.OutputValue).toBe('exported-1');
    const { StackEvents = [] } = await fixture.cloudformation.send(
      new DescribeStackEventsCommand({ StackName: first }),
    );
    expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContain(
      `Update canceled. Cannot update export shared-stream as it is in use by ${second}.`,
    );

    await fixture.cloudformation.send(new DeleteStackCommand({ StackName: first }));
    stack = await fixture.settled(first);
    expect(stack).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
      StackStatusReason: `Delete canceled. Cannot delete export shared-stream as it is in use by ${second}.`,
    });

    await fixture.cloudformation.send(new DeleteStackCommand({ StackName: second }));
    await goneByName(second);
    await fixture.cloudformation.send(new DeleteStackCommand({ StackName: first }));
    await goneByName(first);
    await expect(fixture.cloudformation.send(new ListImportsCommand({ ExportName: 'shared-stream' }))).rejects.toThrow(
      "Export 'shared-stream' is not imported by any stack.",
    );
  });

  test('two stacks cannot export one name', async () => {
    const output = 'Outputs: { O: { Value: v, Export: { Name: only-once } } }';
    const first = await createWhole(`${group('/once/1')}${output}`);
    const second = await create(`${group('/once/2')}${output}`);
    expect((await fixture.settled(second)).StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await fixture.cloudformation.send(
      new DescribeStackEventsCommand({ StackName: second }),
    );
    expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContain(
      `Export with name only-once is already exported by stack ${first}. Rollback requested by user.`,
    );
  });
});

async function goneByName(name: string): Promise<void> {
  for (;;) {
    try {
      await fixture.cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    } catch (error) {
      expect(error).toMatchObject({ name: 'ValidationError', message: `Stack with id ${name} does not exist` });
      return;
    }
  }
}

describe('deleting', () => {
  test('takes dependents first, and the stack is found by its id afterwards', async () => {
    const name = await createWhole(`
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /delete/order } }
  Stream: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: !Ref Group } }
`);
    const { StackId = '' } = await fixture.settled(name);
    await fixture.cloudformation.send(new DeleteStackCommand({ StackName: name }));
    expect((await fixture.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    const events = await fixture.history(StackId);
    expect(events.indexOf('Stream DELETE_COMPLETE')).toBeLessThan(events.indexOf('Group DELETE_IN_PROGRESS'));
    const { StackSummaries = [] } = await fixture.cloudformation.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
    );
    expect(StackSummaries.map((summary) => summary.StackId)).toContain(StackId);
  });

  test('what is gone already is deleted enough', async () => {
    await expect(
      fixture.cloudformation.send(new DeleteStackCommand({ StackName: 'never-was' })),
    ).resolves.toBeDefined();
  });

  test('is refused under termination protection', async () => {
    const name = await createWhole(group('/pro/tected'), freshName(), { EnableTerminationProtection: true });
    await expect(fixture.cloudformation.send(new DeleteStackCommand({ StackName: name }))).rejects.toThrow(
      `Stack [${name}] cannot be deleted while TerminationProtection is enabled`,
    );
    await fixture.cloudformation.send(
      new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: false }),
    );
    await fixture.cloudformation.send(new DeleteStackCommand({ StackName: name }));
    await goneByName(name);
  });

  test('while the stack is still being created waits for what is under way, begins nothing new, and takes it along', async () => {
    // Time stands still: a stream is being created until the clock is moved.
    const clock = new DrivenClock(Date.now());
    const frozen = await startStackFixture({ clock });
    try {
      const { StackId = '' } = await frozen.cloudformation.send(
        new CreateStackCommand({
          StackName: 'half-made',
          TemplateBody:
            'Resources: { A: { Type: AWS::Kinesis::Stream, Properties: { Name: half-made } }, B: { Type: AWS::Kinesis::Stream, DependsOn: A } }',
        }),
      );
      expect(await frozen.history(StackId)).toEqual([
        'half-made CREATE_IN_PROGRESS',
        'A CREATE_IN_PROGRESS',
        'A CREATE_IN_PROGRESS',
      ]);
      await frozen.cloudformation.send(new DeleteStackCommand({ StackName: StackId }));
      const driver = setInterval(() => clock.advance(100), 10);
      expect((await frozen.settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
      clearInterval(driver);
      expect((await frozen.history(StackId)).filter((event) => event.startsWith('B'))).toEqual([]);
      const { StreamNames } = await frozen.kinesis.send(new ListStreamsCommand({}));
      expect(StreamNames).toEqual([]);
    } finally {
      await frozen.close();
    }
  });
});

describe('templates', () => {
  const template = `
Description: about
Parameters: { P: { Type: String, Default: x, Description: a word } }
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
`;

  test('are given back as they came', async () => {
    const name = await createWhole(group('/give/back'));
    const { TemplateBody } = await fixture.cloudformation.send(new GetTemplateCommand({ StackName: name }));
    expect(TemplateBody).toBe(group('/give/back'));
  });

  test('are summed up and validated', async () => {
    const summary = await fixture.cloudformation.send(new GetTemplateSummaryCommand({ TemplateBody: template }));
    expect(summary).toMatchObject({
      Description: 'about',
      Capabilities: ['CAPABILITY_IAM'],
      ResourceTypes: ['AWS::IAM::Role'],
      Parameters: [{ ParameterKey: 'P', DefaultValue: 'x', ParameterType: 'String', NoEcho: false }],
    });
    const validated = await fixture.cloudformation.send(new ValidateTemplateCommand({ TemplateBody: template }));
    expect(validated.CapabilitiesReason).toBe('The following resource(s) require capabilities: [AWS::IAM::Role]');
    await expect(
      fixture.cloudformation.send(new ValidateTemplateCommand({ TemplateBody: 'Resources: {A: {Type: X}}' })),
    ).rejects.toThrow('Unrecognized resource types: [X]');
  });
});

test('a filter delivers to a stream of the same stack, once its log group is there', async () => {
  await fixture.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/primed' }));
  const name = await createWhole(
    `
Resources:
  Stream: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: { Service: logs.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: put
          PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: kinesis:PutRecord, Resource: !GetAtt Stream.Arn }] }
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties:
      LogGroupName: /aws/lambda/primed
      FilterPattern: "{ $.event_class = * }"
      DestinationArn: !GetAtt Stream.Arn
      RoleArn: !GetAtt Role.Arn
Outputs: { Filter: { Value: !Ref Filter } }
`,
    freshName(),
    { Capabilities: ['CAPABILITY_IAM'] },
  );
  const stack = await fixture.settled(name);
  const { subscriptionFilters } = await fixture.logs.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName: '/aws/lambda/primed' }),
  );
  expect(subscriptionFilters?.[0]).toMatchObject({
    filterName: stack.Outputs?.[0]?.OutputValue,
    filterPattern: '{ $.event_class = * }',
  });
});

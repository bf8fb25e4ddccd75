import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture();
});
afterAll(() => fixture.close());

const template = (group: string, days: number): string => `
Parameters: { Days: { Type: Number, Default: ${days} } }
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: ${group}, RetentionInDays: !Ref Days } }
  Line: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: !Ref Group } }
`;

const plan = async (stack: string, name: string, type: 'CREATE' | 'UPDATE', body: string) => {
  const { cloudformation } = fixture;
  const { Id = '' } = await cloudformation.send(
    new CreateChangeSetCommand({ StackName: stack, ChangeSetName: name, ChangeSetType: type, TemplateBody: body }),
  );
  return cloudformation.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
};

test('a new stack is in review until its change set is executed; the next change set shows what would change', async () => {
  const { cloudformation } = fixture;
  const first = await plan('planned', 'first', 'CREATE', template('/plan/one', 7));
  expect(first).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', ChangeSetName: 'first' });
  expect(first.Changes?.map(({ ResourceChange: change }) => [change?.Action, change?.LogicalResourceId])).toEqual([
    ['Add', 'Group'],
    ['Add', 'Line'],
  ]);
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'planned' }));
  expect(Stacks?.[0]).toMatchObject({ StackStatus: 'REVIEW_IN_PROGRESS' });
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: 'first', StackName: 'planned' }));
  expect((await fixture.settled('planned')).StackStatus).toBe('CREATE_COMPLETE');

  const modified = await plan('planned', 'modified', 'UPDATE', template('/plan/one', 14));
  expect(modified.Changes?.map(({ ResourceChange: change }) => change)).toMatchObject([
    {
      Action: 'Modify',
      LogicalResourceId: 'Group',
      PhysicalResourceId: '/plan/one',
      Replacement: 'False',
      Scope: ['Properties'],
      Details: [
        {
          Target: { Attribute: 'Properties', Name: 'RetentionInDays', RequiresRecreation: 'Never' },
          ChangeSource: 'ParameterReference',
          CausingEntity: 'Days',
          Evaluation: 'Static',
        },
      ],
    },
  ]);

  const replaced = await plan('planned', 'replaced', 'UPDATE', template('/plan/two', 7));
  expect(
    replaced.Changes?.map(({ ResourceChange: change }) => [
      change?.LogicalResourceId,
      change?.Replacement,
      change?.Details?.[0]?.Evaluation,
      change?.Details?.[0]?.CausingEntity,
    ]),
  ).toEqual([
    ['Group', 'True', 'Static', undefined],
    ['Line', 'Conditional', 'Dynamic', 'Group'],
  ]);

  const { Summaries } = await cloudformation.send(new ListChangeSetsCommand({ StackName: 'planned' }));
  expect(Summaries?.map(({ ChangeSetName }) => ChangeSetName)).toEqual(['modified', 'replaced']);
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: 'modified', StackName: 'planned' }));
  expect((await fixture.settled('planned')).StackStatus).toBe('UPDATE_COMPLETE');
  // Executing one drops the others, which were planned over what is no more.
  await expect(
    cloudformation.send(new DescribeChangeSetCommand({ ChangeSetName: 'replaced', StackName: 'planned' })),
  ).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
});

test('a change set without changes fails in the words that `deploy` looks for, and cannot be executed', async () => {
  const { cloudformation } = fixture;
  await plan('idle', 'first', 'CREATE', template('/idle/one', 7));
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: 'first', StackName: 'idle' }));
  await fixture.settled('idle');
  const empty = await plan('idle', 'empty', 'UPDATE', template('/idle/one', 7));
  expect(empty).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  });
  await expect(
    cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: 'empty', StackName: 'idle' })),
  ).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  await cloudformation.send(new DeleteChangeSetCommand({ ChangeSetName: 'empty', StackName: 'idle' }));
  const { Summaries } = await cloudformation.send(new ListChangeSetsCommand({ StackName: 'idle' }));
  expect(Summaries).toEqual([]);
});

test('type and state must fit', async () => {
  const { cloudformation } = fixture;
  await expect(plan('nobody', 'x', 'UPDATE', template('/x', 7))).rejects.toThrow('Stack [nobody] does not exist');
  await plan('fits', 'one', 'CREATE', template('/fits', 7));
  await expect(plan('fits', 'one', 'CREATE', template('/fits', 7))).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  });
  await expect(plan('fits', 'two', 'UPDATE', template('/fits', 7))).rejects.toThrow(/REVIEW_IN_PROGRESS/);
  await cloudformation.send(new DeleteStackCommand({ StackName: 'fits' }));
  await plan(
    'missing-import',
    'one',
    'CREATE',
    'Resources: {G: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !ImportValue nope}}}',
  ).then((answer) => expect(answer).toMatchObject({ Status: 'FAILED', StatusReason: 'No export named nope found' }));
});

test('a template with a transform is created directly only by who says to know that it is expanded', async () => {
  const template =
    'Transform: AWS::LanguageExtensions\nResources: { H: { Type: AWS::CloudFormation::WaitConditionHandle } }';
  const create = (Capabilities?: 'CAPABILITY_AUTO_EXPAND'[]) =>
    fixture.cloudformation.send(
      new CreateStackCommand({ StackName: 'transformed', TemplateBody: template, Capabilities }),
    );
  await expect(create()).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
  });
  await expect(create(['CAPABILITY_AUTO_EXPAND'])).resolves.toBeDefined();
});

test('change sets made at the same moment for a new stack belong to one stack', async () => {
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((name) => plan('together', name, 'CREATE', template('/together', 7))),
  );
  expect(new Set(answers.map(({ StackId }) => StackId)).size).toBe(1);
});

test('a name is taken while its change set can be executed, and free again afterwards', async () => {
  const { cloudformation } = fixture;
  await plan('named', 'same', 'CREATE', template('/plan/named', 7));
  await expect(plan('named', 'same', 'CREATE', template('/plan/named', 7))).rejects.toMatchObject({
    name: 'AlreadyExistsException',
    message: 'ChangeSet same already exists',
  });
  await cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: 'same', StackName: 'named' }));
  await fixture.settled('named');
  expect(await plan('named', 'same', 'UPDATE', template('/plan/named', 7))).toMatchObject({ Status: 'FAILED' });
  expect(await plan('named', 'same', 'UPDATE', template('/plan/named', 14))).toMatchObject({
    Status: 'CREATE_COMPLETE',
  });
});

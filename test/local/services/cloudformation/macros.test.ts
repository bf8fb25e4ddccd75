// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
// Templates that are written out before they are carried out, and values of other stacks, over the wire.
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture();
});
afterAll(() => fixture.close());

const LOOPS = `
Transform: AWS::LanguageExtensions
Parameters:
  Names: { Type: CommaDelimitedList, Default: "a,b" }
  Policy: { Type: String, Default: Delete }
Resources:
  Fn::ForEach::Groups:
    - Name
    - !Ref Names
    - "Group\${Name}":
        Type: AWS::Logs::LogGroup
        DeletionPolicy: !Ref Policy
        Properties: { LogGroupName: !Sub "/loop/\${AWS::StackName}/\${Name}" }
Outputs:
  Fn::ForEach::Arns:
    - Name
    - !Ref Names
    - "Arn\${Name}": { Value: !GetAtt [!Sub "Group\${Name}", Arn] }
`;
const groups = async (prefix: string): Promise<(string | undefined)[]> => {
  const { logGroups = [] } = await fixture.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }));
  return logGroups.map(({ logGroupName }) => logGroupName);
};
const acknowledged = { Capabilities: ['CAPABILITY_AUTO_EXPAND' as const] };

test('a loop over a parameter makes a resource an item, and follows the parameter', async () => {
  const { cloudformation } = fixture;
  await expect(
    cloudformation.send(new CreateStackCommand({ StackName: 'loops', TemplateBody: LOOPS })),
  ).rejects.toMatchObject({ name: 'InsufficientCapabilitiesException' });
  await cloudformation.send(new CreateStackCommand({ StackName: 'loops', TemplateBody: LOOPS, ...acknowledged }));
  const { StackStatus, Outputs } = await fixture.settled('loops');
  expect(StackStatus).toBe('CREATE_COMPLETE');
  expect(Outputs?.map(({ OutputKey }) => OutputKey)).toEqual(['Arna', 'Arnb']);
  expect(await groups('/loop/loops/')).toEqual(['/loop/loops/a', '/loop/loops/b']);

  await cloudformation.send(
    new UpdateStackCommand({
      StackName: 'loops',
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: 'Names', ParameterValue: 'b,c' },
        { ParameterKey: 'Policy', ParameterValue: 'Retain' },
      ],
      ...acknowledged,
    }),
  );
  expect((await fixture.settled('loops')).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await groups('/loop/loops/')).toEqual(['/loop/loops/b', '/loop/loops/c']);

  const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName: 'loops' }));
  const processed = JSON.parse(TemplateBody);
  expect(Object.keys(processed.Resources)).toEqual(['Groupb', 'Groupc']);
  expect(processed.Resources.Groupb.DeletionPolicy).toBe('Retain');
  const original = await cloudformation.send(new GetTemplateCommand({ StackName: 'loops', TemplateStage: 'Original' }));
  expect(original.TemplateBody).toBe(LOOPS);
  const summary = await cloudformation.send(new GetTemplateSummaryCommand({ StackName: 'loops' }));
  expect(summary).toMatchObject({
    ResourceTypes: ['AWS::Logs::LogGroup', 'AWS::Logs::LogGroup'],
    DeclaredTransforms: ['AWS::LanguageExtensions'],
  });

  await cloudformation.send(new DeleteStackCommand({ StackName: 'loops' }));
  expect(await groups('/loop/loops/')).toEqual(['/loop/loops/b', '/loop/loops/c']);
});

test('a template with loops is valid, and says what it takes, before anybody gives it values', async () => {
  const { cloudformation } = fixture;
  const TemplateBody = LOOPS.replace(', Default: "a,b"', '');
  const valid = await cloudformation.send(new ValidateTemplateCommand({ TemplateBody }));
  expect(valid.DeclaredTransforms).toEqual(['AWS::LanguageExtensions']);
  expect(valid.Capabilities).toEqual(['CAPABILITY_AUTO_EXPAND']);
  const { Parameters } = await cloudformation.send(new GetTemplateSummaryCommand({ TemplateBody }));
  expect(Parameters?.map(({ ParameterKey }) => ParameterKey)).toEqual(['Names', 'Policy']);
});

test('an output of a stack in another region is read, exported or not, and holds nothing back', async () => {
  const { cloudformation, endpoint } = fixture;
  const west = new CloudFormationClient({
    endpoint: endpoint.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
  const source = (value: string): string =>
    `Resources: { G: { Type: AWS::Logs::LogGroup } }\nOutputs: { Value: { Value: "${value}" } }`;
  const reader = (output: string): string => `
Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /weak/value
      Type: String
      Value: { Fn::GetStackOutput: { StackName: weak-source, OutputName: ${output}, Region: eu-west-1 } }
Outputs: { Copy: { Value: !GetStackOutput { StackName: weak-source, OutputName: ${output}, Region: eu-west-1 } } }
`;
  await west.send(new CreateStackCommand({ StackName: 'weak-source', TemplateBody: source('one') }));
  await cloudformation.send(new CreateStackCommand({ StackName: 'weak-reader', TemplateBody: reader('Value') }));
  expect((await fixture.settled('weak-reader')).Outputs?.[0]?.OutputValue).toBe('one');
  const again = { StackName: 'weak-reader', TemplateBody: reader('Value') };
  await expect(cloudformation.send(new UpdateStackCommand(again))).rejects.toThrow('No updates are to be performed.');

  await west.send(new UpdateStackCommand({ StackName: 'weak-source', TemplateBody: source('two') }));
  await cloudformation.send(new UpdateStackCommand(again));
  expect((await fixture.settled('weak-reader')).Outputs?.[0]?.OutputValue).toBe('two');

  await cloudformation.send(new UpdateStackCommand({ StackName: 'weak-reader', TemplateBody: reader('Gone') }));
  expect((await fixture.settled('weak-reader')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const { StackResourceDetail } = await cloudformation.send(
    new DescribeStackResourceCommand({ StackName: 'weak-reader', LogicalResourceId: 'P' }),
  );
  expect(StackResourceDetail?.PhysicalResourceId).toBe('/weak/value');
  const events = await fixture.history('weak-reader');
  expect(events).toContain('P UPDATE_FAILED');

  await west.send(new DeleteStackCommand({ StackName: 'weak-source' }));
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'weak-reader' }));
  expect(Stacks?.[0]?.Outputs?.[0]?.OutputValue).toBe('two');
  west.destroy();
});

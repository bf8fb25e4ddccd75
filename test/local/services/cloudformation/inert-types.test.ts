// Types without behavior here: kept, named as such, and refused if they carry events.
import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
beforeAll(async () => {
  fixture = await startStackFixture({ inertTypes: ['AWS::Events::*', 'Custom::*', 'AWS::MSK::Cluster'] });
});
afterAll(() => fixture.close());

const NETWORK = (cidr: string): string => `
Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsSupport: "true" } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: ${cidr}, AvailabilityZone: us-east-1a } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: d, VpcId: !Ref Vpc } }
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [] } } }
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: db } }
  Parameter: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !GetAtt Key.Arn } }
Outputs:
  Vpc: { Value: !Ref Vpc }
  Subnet: { Value: !Ref Subnet }
  Group: { Value: !GetAtt Group.GroupId }
  Key: { Value: !GetAtt Key.Arn }
  Secret: { Value: !Ref Secret }
`;

const outputs = async (name: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    ((await fixture.settled(name)).Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );

test('an inert resource has a plausible id and attributes, keeps them, and says that it does nothing', async () => {
  await fixture.cloudformation.send(new CreateStackCommand({ StackName: 'net', TemplateBody: NETWORK('10.0.1.0/24') }));
  const first = await outputs('net');
  expect(first.Vpc).toMatch(/^vpc-[0-9a-f]{17}$/);
  expect(first.Subnet).toMatch(/^subnet-[0-9a-f]{17}$/);
  expect(first.Group).toMatch(/^sg-[0-9a-f]{17}$/);
  expect(first.Key).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}$/);
  expect(first.Secret).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:db-[A-Za-z]{6}$/);
  const { StackEvents = [] } = await fixture.cloudformation.send(new DescribeStackEventsCommand({ StackName: 'net' }));
  const complete = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_COMPLETE');
  expect(
    Object.fromEntries(
      complete.map(({ LogicalResourceId, ResourceStatusReason }) => [LogicalResourceId, ResourceStatusReason]),
    ),
  ).toMatchObject({ Vpc: 'Kept without effect at this endpoint.', Parameter: undefined });

  // A subnet's block cannot change: a new one. All else stays.
  await fixture.cloudformation.send(new UpdateStackCommand({ StackName: 'net', TemplateBody: NETWORK('10.0.2.0/24') }));
  const second = await outputs('net');
  expect({ ...second, Subnet: first.Subnet }).toEqual(first);
  expect(second.Subnet).not.toBe(first.Subnet);
  await fixture.cloudformation.send(new DeleteStackCommand({ StackName: 'net' }));
});

test('a change set names what is kept without effect', async () => {
  await fixture.cloudformation.send(
    new CreateChangeSetCommand({
      StackName: 'planned',
      ChangeSetName: 'c',
      ChangeSetType: 'CREATE',
      TemplateBody: NETWORK('10.0.1.0/24'),
    }),
  );
  const { Status, StatusReason } = await fixture.cloudformation.send(
    new DescribeChangeSetCommand({ StackName: 'planned', ChangeSetName: 'c' }),
  );
  expect([Status, StatusReason]).toEqual([
    'CREATE_COMPLETE',
    'Kept without effect at this endpoint: Vpc, Subnet, Group, Key, Secret.',
  ]);
});

test('what AWS’s schema does not take is refused here as well', async () => {
  await fixture.cloudformation.send(
    new CreateStackCommand({
      StackName: 'wrong',
      TemplateBody: 'Resources: { V: { Type: AWS::EC2::VPC, Properties: { CidrBlok: 10.0.0.0/16 } } }',
    }),
  );
  expect((await fixture.settled('wrong')).StackStatus).toBe('ROLLBACK_COMPLETE');
});

test.each(['AWS::Pipes::Pipe', 'AWS::StepFunctions::StateMachine', 'AWS::IoT::TopicRule', 'AWS::Nobody::Knows'])(
  '%s is refused in one sentence',
  async (type) => {
    await expect(
      fixture.cloudformation.send(
        new CreateStackCommand({ StackName: 'refused', TemplateBody: `Resources: { A: { Type: "${type}" } }` }),
      ),
    ).rejects.toThrow(
      `Template format error: Unrecognized resource types: [${type}]. To keep them without effect: pipectl local start --inert ${type}`,
    );
  },
);

test('types that the endpoint was told to keep come in, known to a schema or not', async () => {
  const TemplateBody = `
Resources:
  Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 minute) } }
  Mine: { Type: Custom::Mine, Properties: { ServiceToken: t, Anything: { at: [all] } } }
  Cluster: { Type: AWS::MSK::Cluster, Properties: { ClusterName: kafka, KafkaVersion: 3.7.x, NumberOfBrokerNodes: 2, BrokerNodeGroupInfo: { InstanceType: kafka.t3.small, ClientSubnets: [a, b] } } }
Outputs:
  Rule: { Value: !GetAtt Rule.Arn }
  Mine: { Value: !GetAtt Mine.Whatever }
  Cluster: { Value: !Ref Cluster }
`;
  await fixture.cloudformation.send(new CreateStackCommand({ StackName: 'let-in', TemplateBody }));
  const values = await outputs('let-in');
  expect(values.Rule).toMatch(/^arn:aws:events:us-east-1:000000000000:rule\//);
  expect(values.Mine).not.toBe('');
  expect(values.Cluster).toMatch(/^arn:aws:kafka:us-east-1:000000000000:cluster\/kafka/);
  const { StackResources = [] } = await fixture.cloudformation.send(
    new DescribeStackResourcesCommand({ StackName: 'let-in' }),
  );
  expect(StackResources.map(({ ResourceStatusReason }) => ResourceStatusReason)).toEqual(
    Array.from({ length: 3 }, () => 'Kept without effect at this endpoint.'),
  );
});

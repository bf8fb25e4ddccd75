import { CreateStackCommand, DeleteStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackFixture, startStackFixture } from './stack-fixture.js';

let fixture: StackFixture;
let db: DynamoDBClient;
beforeAll(async () => {
  fixture = await startStackFixture();
  db = new DynamoDBClient({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  db.destroy();
  await fixture.close();
});

const table = async (TableName: string) => (await db.send(new DescribeTableCommand({ TableName }))).Table;
const outputs = (stack: { Outputs?: { OutputKey?: string; OutputValue?: string }[] | undefined }) =>
  Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));

async function create(StackName: string, TemplateBody: string) {
  await fixture.cloudformation.send(
    new CreateStackCommand({ StackName, TemplateBody, Tags: [{ Key: 'stack', Value: StackName }] }),
  );
  return fixture.settled(StackName);
}

const TABLE = (more: string, definitions = '') => `
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }${definitions}]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      ${more}
Outputs:
  Name: { Value: !Ref Orders }
  Arn: { Value: !GetAtt Orders.Arn }
  Stream: { Value: !GetAtt Orders.StreamArn }`;

test('a table is made, changed and deleted with its stack', async () => {
  const made = await create(
    'tables',
    TABLE(`BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_IMAGE }
      TimeToLiveSpecification: { AttributeName: until, Enabled: true }
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
      Tags: [{ Key: team, Value: blue }]`),
  );
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
  const first = await table('orders');
  expect(outputs(made)).toEqual({ Name: 'orders', Arn: arn, Stream: first?.LatestStreamArn });
  expect(first).toMatchObject({ TableStatus: 'ACTIVE', StreamSpecification: { StreamViewType: 'NEW_IMAGE' } });
  const ttl = async () => (await db.send(new DescribeTimeToLiveCommand({ TableName: 'orders' }))).TimeToLiveDescription;
  expect(await ttl()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' });
  const backups = await db.send(new DescribeContinuousBackupsCommand({ TableName: 'orders' }));
  expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
    'ENABLED',
  );
  const tags = async () => (await db.send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags;
  expect(await tags()).toEqual(
    expect.arrayContaining([
      { Key: 'team', Value: 'blue' },
      { Key: 'stack', Value: 'tables' },
    ]),
  );
  await fixture.cloudformation.send(
    new UpdateStackCommand({
      StackName: 'tables',
      TemplateBody: TABLE(
        `ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 }
      StreamSpecification: { StreamViewType: KEYS_ONLY }
      DeletionProtectionEnabled: false
      GlobalSecondaryIndexes:
        - IndexName: by-kind
          KeySchema: [{ AttributeName: kind, KeyType: HASH }]
          Projection: { ProjectionType: ALL }
          ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }`,
        ', { AttributeName: kind, AttributeType: S }',
      ),
    }),
  );
  const updated = await fixture.settled('tables');
  expect(updated.StackStatus).toBe('UPDATE_COMPLETE');
  const second = await table('orders');
  expect(second).toMatchObject({
    TableId: first?.TableId,
    ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 },
    StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-kind', IndexStatus: 'ACTIVE' }],
  });
  expect(outputs(updated).Stream).toBe(second?.LatestStreamArn);
  expect(await ttl()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  expect((await tags())?.map(({ Key }) => Key)).not.toContain('team');
  await fixture.cloudformation.send(new DeleteStackCommand({ StackName: 'tables' }));
  await fixture.settled(updated.StackId ?? '');
  expect((await db.send(new ListTablesCommand({}))).TableNames).toEqual([]);
});

const GLOBAL = (region: string) => `
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }, { AttributeName: at, AttributeType: N }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }, { AttributeName: at, KeyType: RANGE }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
      Replicas: [{ Region: ${region}, DeletionProtectionEnabled: false, Tags: [{ Key: a, Value: b }] }]
Outputs:
  Name: { Value: !Ref Orders }
  Id: { Value: !GetAtt Orders.TableId }
  Stream: { Value: !GetAtt Orders.StreamArn }`;

test('a global table with the replica of its region is a table; other replicas are refused', async () => {
  const made = await create('global', GLOBAL('!Ref AWS::Region'));
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  const { Name = '', Id, Stream } = outputs(made);
  expect(Name).toMatch(/^global-Orders-/);
  expect(await table(Name)).toMatchObject({ TableId: Id, LatestStreamArn: Stream });
  const refused = await create('elsewhere', GLOBAL('eu-west-1'));
  expect(refused.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await db.send(new ListTablesCommand({}))).TableNames).toEqual([Name]);
});

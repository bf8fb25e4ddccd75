import { AwsError } from '../../../wire/aws-error.js';
import { tagChanges, tagList } from '../resource-tags.js';
import { defineResourceType } from '../resource-type.js';
import type { DynamoDBGlobalTableProperties } from '../schema/resource-properties.js';
import { changeTags, createTable, deleteTable, updateTable, type WantedTable } from '../table-steps.js';

/**
 * A table with one replica, that of the stack's region: what CDK's TableV2 makes.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
 */
export const dynamodbGlobalTable = defineResourceType<DynamoDBGlobalTableProperties>({
  type: 'AWS::DynamoDB::GlobalTable',
  effective: [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'LocalSecondaryIndexes',
    'GlobalSecondaryIndexes',
    'BillingMode',
    'WriteProvisionedThroughputSettings',
    'StreamSpecification',
    'TimeToLiveSpecification',
    'Replicas',
  ],
  nameProperty: 'TableName',

  create(request) {
    const { properties, region, stackTags } = request;
    const replica = replicaOf(properties, region);
    return createTable(
      properties.TableName ?? request.generateName({ maxLength: 255 }),
      wantedOf(properties, replica, tagList({ stackTags, properties: replica })),
      request,
    );
  },

  async update(request) {
    const { physicalId, properties, previous, region } = request;
    const [replica, before] = [replicaOf(properties, region), replicaOf(previous, region)];
    const done = await updateTable(physicalId, wantedOf(properties, replica), wantedOf(previous, before), request);
    const changes = tagChanges({ ...request, properties: replica, previous: before, changed: () => false });
    await changeTags(String(done.attributes?.Arn), changes, request);
    return done;
  },

  delete: ({ physicalId, ...request }) => deleteTable(physicalId, request),
});

type Properties = DynamoDBGlobalTableProperties;
type Replica = Properties['Replicas'][number];

/** @throws AwsError for replicas elsewhere: what is written here would not be there */
function replicaOf({ Replicas: replicas }: Properties, region: string): Replica {
  const elsewhere = replicas.find((replica) => replica.Region !== region);
  if (elsewhere) {
    throw new AwsError(
      'ValidationException',
      `Replicas in other regions (${elsewhere.Region}) are not implemented at this endpoint: the stack's region is ${region}.`,
    );
  }
  const [replica] = replicas;
  if (!replica) throw new AwsError('ValidationException', `Replicas must have one of the stack's region, ${region}.`);
  return replica;
}

type Scaling = { MinCapacity: number; SeedCapacity?: number } | undefined;
const startOf = (scaling: Scaling): number | undefined => scaling?.SeedCapacity ?? scaling?.MinCapacity;

function throughputOf(
  write: Properties['WriteProvisionedThroughputSettings'],
  read: Replica['ReadProvisionedThroughputSettings'],
) {
  const WriteCapacityUnits = startOf(write?.WriteCapacityAutoScalingSettings);
  const ReadCapacityUnits = read?.ReadCapacityUnits ?? startOf(read?.ReadCapacityAutoScalingSettings);
  return WriteCapacityUnits === undefined || ReadCapacityUnits === undefined
    ? undefined
    : { ReadCapacityUnits, WriteCapacityUnits };
}

function wantedOf(properties: Properties, replica: Replica, Tags?: ReturnType<typeof tagList>): WantedTable {
  const { StreamSpecification: stream, BillingMode } = properties;
  const isOnDemand = BillingMode === 'PAY_PER_REQUEST';
  return {
    // The schema has checked the words that are only strings in its types.
    create: {
      KeySchema: properties.KeySchema,
      AttributeDefinitions: properties.AttributeDefinitions,
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map((index) => {
        const read = replica.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.IndexName);
        const { IndexName, KeySchema, Projection } = index;
        const units = throughputOf(
          index.WriteProvisionedThroughputSettings ?? properties.WriteProvisionedThroughputSettings,
          read?.ReadProvisionedThroughputSettings ?? replica.ReadProvisionedThroughputSettings,
        );
        return { IndexName, KeySchema, Projection, ...(!isOnDemand && { ProvisionedThroughput: units }) };
      }),
      BillingMode,
      ...(!isOnDemand && {
        ProvisionedThroughput: throughputOf(
          properties.WriteProvisionedThroughputSettings,
          replica.ReadProvisionedThroughputSettings,
        ),
      }),
      ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } }),
      TableClass: replica.TableClass,
      DeletionProtectionEnabled: replica.DeletionProtectionEnabled,
      Tags,
    } as unknown as WantedTable['create'],
    timeToLive: properties.TimeToLiveSpecification,
    recovery: replica.PointInTimeRecoverySpecification,
    kinesis: replica.KinesisStreamSpecification,
  };
}

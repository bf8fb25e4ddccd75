import { tagChanges, tagList } from '../resource-tags.js';
import { defineResourceType } from '../resource-type.js';
import type { DynamoDBTableProperties } from '../schema/resource-properties.js';
import { changeTags, createTable, deleteTable, updateTable, type WantedTable } from '../table-steps.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export const dynamodbTable = defineResourceType<DynamoDBTableProperties>({
  type: 'AWS::DynamoDB::Table',
  effective: [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'LocalSecondaryIndexes',
    'GlobalSecondaryIndexes',
    'BillingMode',
    'ProvisionedThroughput',
    'OnDemandThroughput',
    'StreamSpecification',
    'TimeToLiveSpecification',
    'PointInTimeRecoverySpecification',
    'KinesisStreamSpecification',
    'TableClass',
    'DeletionProtectionEnabled',
    'Tags',
  ],
  nameProperty: 'TableName',

  create: (request) =>
    createTable(
      request.properties.TableName ?? request.generateName({ maxLength: 255 }),
      wantedOf(request.properties, tagList(request)),
      request,
    ),

  async update(request) {
    const { physicalId, properties, previous } = request;
    const done = await updateTable(physicalId, wantedOf(properties), wantedOf(previous), request);
    await changeTags(String(done.attributes?.Arn), tagChanges(request), request);
    return done;
  },

  delete: ({ physicalId, ...request }) => deleteTable(physicalId, request),
});

type Properties = DynamoDBTableProperties;

function wantedOf(properties: Properties, Tags?: ReturnType<typeof tagList>): WantedTable {
  const { StreamSpecification: stream, BillingMode, ProvisionedThroughput } = properties;
  return {
    // The schema has checked the words that are only strings in its types.
    create: {
      KeySchema: properties.KeySchema,
      AttributeDefinitions: properties.AttributeDefinitions ?? [],
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(
        ({ IndexName, KeySchema, Projection, ProvisionedThroughput: indexUnits }) => ({
          IndexName,
          KeySchema,
          Projection,
          ProvisionedThroughput: indexUnits,
        }),
      ),
      BillingMode,
      ProvisionedThroughput,
      OnDemandThroughput: properties.OnDemandThroughput,
      ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } }),
      TableClass: properties.TableClass,
      DeletionProtectionEnabled: properties.DeletionProtectionEnabled,
      Tags,
    } as unknown as WantedTable['create'],
    timeToLive: properties.TimeToLiveSpecification,
    recovery: properties.PointInTimeRecoverySpecification,
    kinesis: properties.KinesisStreamSpecification,
  };
}

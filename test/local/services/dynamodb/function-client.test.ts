import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaFixture, startLambda } from '../lambda/start-lambda.js';

let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda();
});
afterAll(() => fixture.close());

const CODE = `
const { CreateTableCommand, DynamoDBClient, waitUntilTableExists } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, GetCommand, PutCommand } = require('@aws-sdk/lib-dynamodb');
exports.handler = async () => {
  const client = new DynamoDBClient({});
  await client.send(new CreateTableCommand({
    TableName: 'documents',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  }));
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { TableName: 'documents' });
  const documents = DynamoDBDocumentClient.from(client);
  await documents.send(new PutCommand({ TableName: 'documents', Item: { id: 'a', tags: new Set(['x']), deep: [{ n: 1.5 }] } }));
  const { Item } = await documents.send(new GetCommand({ TableName: 'documents', Key: { id: 'a' } }));
  return { ...Item, tags: [...Item.tags] };
};`;

test('a local function writes documents with the clients that Lambda ships with', async () => {
  await fixture.create('documents', { 'index.js': CODE }, { Timeout: 20 });
  const { payload, error } = await fixture.invoke('documents');
  expect(error).toBeUndefined();
  expect(payload).toEqual({ id: 'a', tags: ['x'], deep: [{ n: 1.5 }] });
});

import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';

export interface LocalDynamoDb {
  endpoint: Endpoint;
  client: DynamoDBClient;
  /** Creates a table and waits until it is ACTIVE, or moves a driven clock until it is: partition key `pk`, and sort key `sk`, both strings, unless `input` says otherwise. */
  create(TableName: string, input?: Partial<CreateTableCommandInput>): Promise<void>;
  close(): Promise<void>;
}

export const COMPOSITE: Partial<CreateTableCommandInput> = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

export async function startDynamoDb(options: EndpointOptions = {}): Promise<LocalDynamoDb> {
  const endpoint = await startEndpoint({ port: 0, ...options });
  const client = new DynamoDBClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    endpoint,
    client,
    async create(TableName, input = {}) {
      await client.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          ...input,
        }),
      );
      if (options.clock instanceof DrivenClock) options.clock.advance(1000);
      else
        await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.03, maxDelay: 0.05 } as never, { TableName });
    },
    async close() {
      client.destroy();
      await endpoint.close();
    },
  };
}

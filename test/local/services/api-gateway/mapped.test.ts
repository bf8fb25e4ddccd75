import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionUri, type RestFixture, startApi } from './start-api.js';

let fixture: RestFixture;
beforeAll(async () => {
  fixture = await startApi({ limits: 'off' });
  await fixture.handler('map', 'if (event.fail) throw new Error("teapot 7"); return { seen: event };');
});
afterAll(() => fixture.close());

const settings = () => ({
  endpoint: fixture.endpoint.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

test("MOCK answers CDK's preflight", async () => {
  const api = await fixture.newApi();
  await fixture.method(api, api.rootId, 'OPTIONS', {
    integration: { type: 'MOCK', requestTemplates: { 'application/json': '{ statusCode: 204 }' } },
    responses: [
      {
        statusCode: '204',
        responseParameters: {
          'method.response.header.Access-Control-Allow-Origin': "'*'",
          'method.response.header.Access-Control-Allow-Methods': "'OPTIONS,GET'",
        },
      },
    ],
  });
  await fixture.deploy(api);
  const answer = await fetch(fixture.url(api), { method: 'OPTIONS', headers: { origin: 'https://app.example' } });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-methods')).toBe('OPTIONS,GET');
});

async function records(StreamName: string): Promise<string[]> {
  const { ShardIterator } = await fixture.kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await fixture.kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data, PartitionKey }) => `${PartitionKey}: ${Buffer.from(Data ?? []).toString()}`);
}

describe('AWS integrations', () => {
  test('Kinesis: PutRecord and PutRecords, with their answers mapped', async () => {
    await fixture.kinesis.send(new CreateStreamCommand({ StreamName: 'in', ShardCount: 1 }));
    const api = await fixture.newApi();
    const many = await fixture.resource(api, api.rootId, 'many');
    const uri = (action: string): string => `arn:aws:apigateway:us-east-1:kinesis:action/${action}`;
    const one = `{"StreamName":"in","Data":"$util.base64Encode($input.json('$.data'))","PartitionKey":"$input.path('$.key')"}`;
    const all = `{"StreamName":"in","Records":[#foreach($r in $input.path('$.records')){"Data":"$util.base64Encode($r.data)","PartitionKey":"$r.key"}#if($foreach.hasNext),#end#end]}`;
    const responses = [
      { statusCode: '200', responseTemplates: { 'application/json': `{"shard":$input.json('$.ShardId')}` } },
      {
        statusCode: '400',
        selectionPattern: '4\\d{2}',
        responseTemplates: { 'application/json': `{"error":$input.json('$.__type')}` },
      },
    ];
    const as = (action: string, template: string) => ({
      integration: { type: 'AWS' as const, uri: uri(action), requestTemplates: { 'application/json': template } },
      responses,
    });
    await fixture.method(api, api.rootId, 'POST', as('PutRecord', one));
    await fixture.method(api, many, 'POST', as('PutRecords', all));
    await fixture.deploy(api);
    const post = (path: string, body: object): Promise<Response> =>
      fetch(fixture.url(api) + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const first = await post('', { data: { n: 1 }, key: 'k' });
    expect([first.status, await first.json()]).toEqual([200, { shard: 'shardId-000000000000' }]);
    expect(
      (
        await post('/many', {
          records: [
            { data: 'a', key: '1' },
            { data: 'b', key: '2' },
          ],
        })
      ).status,
    ).toBe(200);
    expect(await records('in')).toEqual(['k: {"n":1}', '1: a', '2: b']);
    const failed = await post('', { data: 1 });
    expect(failed.status).toBe(400);
    expect(await failed.json()).toEqual({ error: expect.stringContaining('Exception') });
  });

  test('DynamoDB and SQS', async () => {
    const dynamodb = new DynamoDBClient(settings());
    const sqs = new SQSClient(settings());
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'orders',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
    const api = await fixture.newApi();
    const jobs = await fixture.resource(api, api.rootId, 'jobs');
    const order = await fixture.resource(api, api.rootId, '{id}');
    await fixture.method(api, order, 'PUT', {
      integration: {
        type: 'AWS',
        uri: 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
        requestTemplates: {
          'application/json': `{"TableName":"orders","Item":{"id":{"S":"$input.params('id')"},"by":{"S":"$context.identity.sourceIp"}}}`,
        },
      },
      responses: [{}],
    });
    await fixture.method(api, jobs, 'POST', {
      integration: {
        type: 'AWS',
        uri: 'arn:aws:apigateway:us-east-1:sqs:path/000000000000/jobs',
        requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
        requestTemplates: { 'application/json': 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' },
      },
      responses: [{ responseTemplates: { 'application/json': '{"queued":true}' } }],
    });
    await fixture.deploy(api);
    const json = { 'content-type': 'application/json' };
    expect((await fetch(`${fixture.url(api)}/7`, { method: 'PUT', headers: json, body: '{}' })).status).toBe(200);
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: '7' } } }));
    expect(Item).toEqual({ id: { S: '7' }, by: { S: '127.0.0.1' } });
    const sent = await fetch(`${fixture.url(api)}/jobs`, { method: 'POST', headers: json, body: '{"a": "b&c"}' });
    expect([sent.status, await sent.json()]).toEqual([200, { queued: true }]);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => Body)).toEqual(['{"a": "b&c"}']);
    dynamodb.destroy();
    sqs.destroy();
  });

  test('a function without proxy: its errors are chosen by their message', async () => {
    const api = await fixture.newApi();
    await fixture.method(api, api.rootId, 'POST', {
      integration: { type: 'AWS', uri: functionUri('map') },
      responses: [
        {
          statusCode: '200',
          responseTemplates: {
            'application/json': "#set($context.responseOverride.status = 202)$input.json('$.seen')",
          },
        },
        {
          statusCode: '418',
          selectionPattern: 'teapot.*',
          responseParameters: { 'method.response.header.X-Why': 'integration.response.body.errorMessage' },
        },
      ],
    });
    await fixture.deploy(api);
    const post = (body: string): Promise<Response> =>
      fetch(fixture.url(api), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const fine = await post('{"a":1}');
    expect([fine.status, await fine.json()]).toEqual([202, { a: 1 }]);
    const failed = await post('{"fail":true}');
    expect([failed.status, failed.headers.get('x-why')]).toEqual([418, 'teapot 7']);
  });
});

test('a body of a type without a template', async () => {
  const api = await fixture.newApi();
  await fixture.method(api, api.rootId, 'POST', {
    integration: {
      type: 'MOCK',
      passthroughBehavior: 'NEVER',
      requestTemplates: { 'application/json': '{"statusCode":200}' },
    },
    responses: [{}],
  });
  await fixture.deploy(api);
  const answer = await fetch(fixture.url(api), { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a' });
  expect([answer.status, await answer.json()]).toEqual([415, { message: 'Unsupported Media Type' }]);
});

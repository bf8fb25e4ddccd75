import {
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  ImportRestApiCommand,
  PutGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionUri, type RestFixture, startApi } from './start-api.js';

let fixture: RestFixture;
beforeAll(async () => {
  fixture = await startApi();
  await fixture.handler(
    'echo',
    'return { statusCode: 200, body: JSON.stringify(event.requestContext.authorizer ?? null) };',
  );
  await fixture.handler(
    'authorizer',
    `console.log('asked');
     const caller = event.authorizationToken ?? event.headers['X-Caller'];
     if (caller === 'throw') throw new Error('Unauthorized');
     if (caller === 'break') return 'none';
     const Effect = caller === 'deny' ? 'Deny' : 'Allow';
     const Resource = caller === 'elsewhere' ? event.methodArn + '/x' : event.methodArn;
     return { principalId: caller, policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] }, context: { level: 7 } };`,
  );
});
afterAll(() => fixture.close());

const json = { 'content-type': 'application/json' };
const read = async (answer: Response): Promise<unknown> => [answer.status, await answer.json()];

test('a validator checks parameters and the body against its model', async () => {
  const api = await fixture.newApi();
  const { id: requestValidatorId } = await fixture.api.send(
    new CreateRequestValidatorCommand({
      restApiId: api.id,
      name: 'all',
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
  );
  const schema = {
    type: 'object',
    required: ['amount'],
    properties: { amount: { type: 'integer', minimum: 1 }, tags: { type: 'array', items: { type: 'string' } } },
    additionalProperties: false,
  };
  await fixture.api.send(
    new CreateModelCommand({
      restApiId: api.id,
      name: 'Order',
      contentType: 'application/json',
      schema: JSON.stringify(schema),
    }),
  );
  await fixture.method(api, api.rootId, 'POST', {
    method: {
      requestValidatorId,
      requestModels: { 'application/json': 'Order' },
      requestParameters: { 'method.request.querystring.shop': true, 'method.request.header.X-Trace': false },
    },
    integration: { uri: functionUri('echo') },
  });
  await fixture.deploy(api);
  const post = async (query: string, body: string): Promise<unknown> =>
    read(await fetch(fixture.url(api) + query, { method: 'POST', headers: json, body }));
  expect(await post('?shop=1', '{"amount":3,"tags":["a"]}')).toEqual([200, null]);
  expect(await post('', '{"amount":3}')).toEqual([400, { message: 'Missing required request parameters: [shop]' }]);
  for (const body of [
    '{"amount":0}',
    '{"amount":"3"}',
    '{}',
    '[]',
    '{',
    '{"amount":1,"x":1}',
    '{"amount":1,"tags":[1]}',
  ]) {
    expect(await post('?shop=1', body)).toEqual([400, { message: 'Invalid request body' }]);
  }
});

async function guarded(type: 'TOKEN' | 'REQUEST', identitySource: string) {
  const api = await fixture.newApi();
  const { id: authorizerId } = await fixture.api.send(
    new CreateAuthorizerCommand({
      restApiId: api.id,
      name: 'auth',
      type,
      identitySource,
      authorizerUri: functionUri('authorizer'),
    }),
  );
  await fixture.method(api, api.rootId, 'GET', {
    method: { authorizationType: 'CUSTOM', authorizerId },
    integration: { uri: functionUri('echo') },
  });
  await fixture.api.send(
    new PutGatewayResponseCommand({
      restApiId: api.id,
      responseType: 'ACCESS_DENIED',
      statusCode: '404',
      responseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
      responseTemplates: { 'application/json': '{"why":$context.error.messageString}' },
    }),
  );
  await fixture.deploy(api);
  return api;
}

test.each([
  ['TOKEN', 'Authorization', 'method.request.header.Authorization'],
  ['REQUEST', 'X-Caller', 'method.request.header.X-Caller'],
] as const)('a %s authorizer decides, and tells the function who calls', async (type, header, source) => {
  const api = await guarded(type, source);
  const ask = (caller?: string): Promise<Response> =>
    fetch(fixture.url(api), { headers: caller === undefined ? {} : { [header]: caller } });
  expect(await read(await ask('ann'))).toEqual([200, { principalId: 'ann', level: '7', integrationLatency: 0 }]);
  const asked = (await fixture.messages('/aws/lambda/authorizer')).filter((line) => line.includes('asked')).length;
  expect((await ask('ann')).status).toBe(200);
  expect((await fixture.messages('/aws/lambda/authorizer')).filter((line) => line.includes('asked'))).toHaveLength(
    asked,
  );
  expect(await read(await ask())).toEqual([401, { message: 'Unauthorized' }]);
  expect(await read(await ask('throw'))).toEqual([401, { message: 'Unauthorized' }]);
  expect((await ask('break')).status).toBe(500);
  const elsewhere = await ask('elsewhere');
  expect(elsewhere.headers.get('access-control-allow-origin')).toBe('*');
  expect(await read(elsewhere)).toEqual([404, { why: 'User is not authorized to access this resource' }]);
  expect((await ask('deny')).status).toBe(404);
});

test('an API key lets in where a usage plan says so', async () => {
  const api = await fixture.newApi();
  await fixture.method(api, api.rootId, 'GET', {
    method: { apiKeyRequired: true },
    integration: { uri: functionUri('echo') },
  });
  await fixture.deploy(api);
  const { id: keyId, value = '' } = await fixture.api.send(new CreateApiKeyCommand({ name: 'k', enabled: true }));
  const ask = async (key?: string): Promise<unknown> =>
    read(await fetch(fixture.url(api), { headers: key === undefined ? {} : { 'x-api-key': key } }));
  expect(await ask()).toEqual([403, { message: 'Forbidden' }]);
  expect(await ask(value)).toEqual([403, { message: 'Forbidden' }]);
  const { id: usagePlanId } = await fixture.api.send(
    new CreateUsagePlanCommand({ name: 'p', apiStages: [{ apiId: api.id, stage: 'prod' }] }),
  );
  await fixture.api.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  expect(await ask(value)).toEqual([200, null]);
  expect(await ask('other')).toEqual([403, { message: 'Forbidden' }]);
});

test('an OpenAPI document, as SAM writes it', async () => {
  const uri = functionUri('echo');
  const document = {
    swagger: '2.0',
    info: { title: 'imported api', version: '1' },
    securityDefinitions: {
      mine: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'custom',
        'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: functionUri('authorizer') },
      },
    },
    paths: {
      '/open/{id}': { get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri } } },
      '/closed': {
        'x-amazon-apigateway-any-method': {
          security: [{ mine: [] }],
          'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri },
        },
      },
      '/mock': {
        options: {
          'x-amazon-apigateway-integration': {
            type: 'mock',
            requestTemplates: { 'application/json': '{\n "statusCode" : 200\n}\n' },
            responses: {
              default: {
                statusCode: '200',
                responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
                responseTemplates: { 'application/json': '{}\n' },
              },
            },
          },
        },
      },
    },
  };
  const { id = '', name } = await fixture.api.send(
    new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(document)) }),
  );
  expect(name).toBe('imported api');
  await fixture.deploy({ id });
  const url = fixture.url({ id });
  expect((await fetch(`${url}/open/1`)).status).toBe(200);
  expect((await fetch(`${url}/closed`)).status).toBe(401);
  expect((await fetch(`${url}/closed`, { method: 'PUT', headers: { authorization: 'ann' } })).status).toBe(200);
  expect((await fetch(`${url}/mock`, { method: 'OPTIONS' })).headers.get('access-control-allow-origin')).toBe('*');
  await expect(fixture.api.send(new ImportRestApiCommand({ body: Buffer.from('{}') }))).rejects.toThrow(
    'Invalid OpenAPI',
  );
});

import {
  CreateStageCommand,
  DeleteDeploymentCommand,
  GetResourcesCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from '../../wire/raw-request.js';
import { functionUri, type RestFixture, startApi } from './start-api.js';

let fixture: RestFixture;
beforeAll(async () => {
  fixture = await startApi();
  await fixture.handler('echo', 'return { statusCode: 200, body: JSON.stringify(event) };');
});
afterAll(() => fixture.close());

/** An API with `/items/{id}` and `/files/{path+}`, all by the function `echo`. */
async function echoApi(options = {}) {
  const api = await fixture.newApi(options);
  const items = await fixture.resource(api, api.rootId, 'items');
  const item = await fixture.resource(api, items, '{id}');
  const files = await fixture.resource(api, api.rootId, 'files');
  const file = await fixture.resource(api, files, '{path+}');
  const integration = { uri: functionUri('echo') };
  await fixture.method(api, items, 'POST', { integration });
  await fixture.method(api, item, 'GET', { integration });
  await fixture.method(api, file, 'ANY', { integration });
  return api;
}

test('a function gets payload 1.0, and its answer is the response', async () => {
  const api = await echoApi();
  const deploymentId = await fixture.deploy(api, 'prod', { table: 'orders' });
  const answer = await fetch(`${fixture.url(api)}/items/4%2F2?a=1&a=2&b=x`, {
    headers: { 'X-Own': 'value', 'content-type': 'text/plain' },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await answer.json()).toMatchObject({
    resource: '/items/{id}',
    path: '/items/4%2F2',
    httpMethod: 'GET',
    headers: { 'X-Own': 'value', 'User-Agent': 'node', 'X-Forwarded-For': '127.0.0.1' },
    multiValueHeaders: { 'X-Own': ['value'] },
    queryStringParameters: { a: '2', b: 'x' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['x'] },
    pathParameters: { id: '4/2' },
    stageVariables: { table: 'orders' },
    requestContext: {
      resourcePath: '/items/{id}',
      httpMethod: 'GET',
      path: '/prod/items/4%2F2',
      stage: 'prod',
      apiId: api.id,
      deploymentId,
      accountId: '000000000000',
      identity: { sourceIp: '127.0.0.1', userAgent: 'node' },
    },
    body: null,
    isBase64Encoded: false,
  });
});

describe('each form of URL', () => {
  test('paths and hosts', async () => {
    const api = await echoApi();
    await fixture.deploy(api);
    const ask = async (path: string, host?: string): Promise<unknown> => {
      const answer = await rawRequest(fixture.endpoint.url, {
        method: 'GET',
        path,
        headers: host === undefined ? {} : { host },
      });
      return { status: answer.status, id: JSON.parse(answer.text).pathParameters?.id };
    };
    const fine = { status: 200, id: '7' };
    expect(await ask(`/_aws/execute-api/${api.id}/prod/items/7`)).toEqual(fine);
    expect(await ask(`/restapis/${api.id}/prod/_user_request_/items/7`)).toEqual(fine);
    for (const host of ['localhost.localstack.cloud:4566', 'localhost:4566', 'us-east-1.amazonaws.com']) {
      expect(await ask('/prod/items/7', `${api.id}.execute-api.${host}`)).toEqual(fine);
    }
    expect(await ask('/prod/items/7', `${api.id}.execute-api.evil.example`)).toMatchObject({ status: 403 });
  });
});

describe('what is not there', () => {
  test('a path, a method, a stage', async () => {
    const api = await echoApi();
    await fixture.deploy(api);
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['DELETE', '/items/1'],
      ['GET', '/'],
    ]) {
      const answer = await fetch(fixture.url(api) + path, { method });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
      expect(await answer.json()).toEqual({ message: 'Missing Authentication Token' });
    }
    const answer = await fetch(fixture.url(api, 'test'));
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ message: 'Forbidden' });
  });
});

describe('a function that does not answer as it must', () => {
  test.each([
    ['throws', 'throw new Error("broken")'],
    ['answers a text', 'return "text"'],
    ['answers nothing', 'return undefined'],
    ['answers with an object as body', 'return { statusCode: 200, body: { a: 1 } }'],
    ['answers with a status that is none', 'return { statusCode: "many" }'],
    ['answers with a header that HTTP cannot carry', 'return { headers: { a: "x\\ny" } }'],
  ])('%s: 502', async (title, code) => {
    const name = title.replaceAll(' ', '-');
    await fixture.handler(name, code);
    const api = await fixture.newApi();
    await fixture.method(api, api.rootId, 'GET', { integration: { uri: functionUri(name) } });
    await fixture.deploy(api);
    const answer = await fetch(fixture.url(api));
    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({ message: 'Internal server error' });
  });

  test('takes longer than the integration waits: 504', async () => {
    await fixture.handler(
      'slow',
      'await new Promise((resolve) => setTimeout(resolve, 2000)); return { statusCode: 200 }',
    );
    const api = await fixture.newApi();
    await fixture.method(api, api.rootId, 'GET', { integration: { uri: functionUri('slow'), timeoutInMillis: 50 } });
    await fixture.deploy(api);
    const answer = await fetch(fixture.url(api));
    expect(answer.status).toBe(504);
    expect(await answer.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  test('does not let the API in, or is not there: 500', async () => {
    await fixture.handler('closed', 'return { statusCode: 200 }');
    await fixture.lambda.send(new RemovePermissionCommand({ FunctionName: 'closed', StatementId: 'api' }));
    for (const name of ['closed', 'nobody']) {
      const api = await fixture.newApi();
      await fixture.method(api, api.rootId, 'GET', { integration: { uri: functionUri(name) } });
      await fixture.deploy(api);
      const answer = await fetch(fixture.url(api));
      expect(answer.status).toBe(500);
      expect(await answer.json()).toEqual({ message: 'Internal server error' });
    }
    expect(fixture.lines.join('\n')).toContain('does not let apigateway.amazonaws.com invoke it');
  });
});

test('headers, cookies and a status of the function', async () => {
  await fixture.handler(
    'headers',
    `return { statusCode: 201, headers: { 'X-One': 1, 'Content-Type': 'text/x' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, body: 'made' }`,
  );
  const api = await fixture.newApi();
  await fixture.method(api, api.rootId, 'GET', { integration: { uri: functionUri('headers') } });
  await fixture.deploy(api);
  const answer = await fetch(fixture.url(api));
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-one')).toBe('1');
  expect(answer.headers.get('content-type')).toBe('text/x');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await answer.text()).toBe('made');
});

test('binary types: bytes go to the function in base64, and come back as bytes', async () => {
  await fixture.handler(
    'bytes',
    'return { isBase64Encoded: event.isBase64Encoded, headers: { "content-type": "image/png" }, body: event.body }',
  );
  const bytes = Uint8Array.of(0, 255, 128, 10);
  for (const [types, sent] of [
    [['image/png'], bytes],
    [['*/*'], bytes],
  ] as const) {
    const api = await fixture.newApi({ binaryMediaTypes: [...types] });
    await fixture.method(api, api.rootId, 'POST', { integration: { uri: functionUri('bytes') } });
    await fixture.deploy(api);
    const headers = { 'content-type': 'image/png', accept: 'image/png' };
    const answer = await fetch(fixture.url(api), { method: 'POST', headers, body: sent });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  }
});

test('a deployment is a snapshot, and a stage leads to one', async () => {
  const api = await echoApi();
  const first = await fixture.deploy(api);
  const late = await fixture.resource(api, api.rootId, 'late');
  await fixture.method(api, late, 'GET', { integration: { uri: functionUri('echo') } });
  expect((await fetch(`${fixture.url(api)}/late`)).status).toBe(403);
  const second = await fixture.deploy(api, undefined);
  expect((await fetch(`${fixture.url(api)}/late`)).status).toBe(200);
  await fixture.api.send(new CreateStageCommand({ restApiId: api.id, stageName: 'old', deploymentId: first }));
  expect((await fetch(`${fixture.url(api, 'old')}/late`)).status).toBe(403);
  await fixture.api.send(
    new UpdateStageCommand({
      restApiId: api.id,
      stageName: 'old',
      patchOperations: [
        { op: 'replace', path: '/deploymentId', value: second },
        { op: 'replace', path: '/variables/color', value: 'blue' },
        { op: 'replace', path: '/*/*/throttling/rateLimit', value: '10' },
      ],
    }),
  );
  const answer = await fetch(`${fixture.url(api, 'old')}/late`);
  expect(await answer.json()).toMatchObject({ stageVariables: { color: 'blue' } });
  expect(await fixture.api.send(new GetStageCommand({ restApiId: api.id, stageName: 'old' }))).toMatchObject({
    variables: { color: 'blue' },
    deploymentId: second,
  });
  await expect(
    fixture.api.send(new DeleteDeploymentCommand({ restApiId: api.id, deploymentId: second })),
  ).rejects.toThrow('Active stages pointing to this deployment must be moved or deleted');
});

test('resources are listed with their paths and methods, page by page', async () => {
  const api = await echoApi();
  const paths: string[] = [];
  let position: string | undefined;
  do {
    const page = await fixture.api.send(
      new GetResourcesCommand({ restApiId: api.id, limit: 2, position, embed: ['methods'] }),
    );
    paths.push(
      ...(page.items ?? []).map(({ path = '', resourceMethods = {} }) => `${path} ${Object.keys(resourceMethods)}`),
    );
    position = page.position;
  } while (position !== undefined);
  expect(paths.sort()).toEqual(['/ ', '/files ', '/files/{path+} ANY', '/items POST', '/items/{id} GET']);
});

describe('what is refused by its name', () => {
  test.each([
    [{ type: 'HTTP_PROXY', uri: 'https://example.com' }, 'HTTP_PROXY integrations are not implemented'],
    [{ type: 'AWS_PROXY', uri: 'https://example.com' }, 'Invalid ARN specified'],
    [{ type: 'MOCK', timeoutInMillis: 30_000 }, 'Timeout should be between'],
  ] as const)('%o', async (input, message) => {
    const api = await fixture.newApi();
    const place = { restApiId: api.id, resourceId: api.rootId, httpMethod: 'GET' };
    await fixture.api.send(new PutMethodCommand({ ...place, authorizationType: 'NONE' }));
    await expect(fixture.api.send(new PutIntegrationCommand({ ...place, ...input }))).rejects.toThrow(message);
  });
});

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListExportsCommand } from '@aws-sdk/client-cloudformation';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterEach, describe, expect, it } from 'vitest';
import { OperationError } from '../../src/lib/shared/errors.js';
import { createClients } from '../../src/lib/target/clients.js';
import { explainSdkError } from '../../src/lib/target/explain-sdk-error.js';
import type { Target } from '../../src/lib/target/target.js';

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(answer: RequestListener, kind: Target['kind'] = 'endpoint', scheme: 'http' | 'https' = 'http') {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target: Target = { kind, endpointUrl: url, region: 'us-east-1', profile: undefined, why: 'the test' };
  return { url, target };
}

/** What the SDK throws when a server answers like this, explained. */
async function explained(
  answer: RequestListener | 'nobody',
  kind: Target['kind'] = 'endpoint',
  scheme: 'http' | 'https' = 'http',
): Promise<unknown> {
  const { target } = await serve(answer === 'nobody' ? () => {} : answer, kind, scheme);
  if (answer === 'nobody') await new Promise((resolve) => server?.close(resolve));
  const clients = createClients({ ...target, kind: 'endpoint' }, { maxAttempts: 1 }); // with test credentials
  try {
    await (await clients.kinesis()).send(new ListStreamsCommand({}));
  } catch (error) {
    return explainSdkError(error, target);
  } finally {
    clients.close();
  }
  throw new Error('the call went through');
}

const awsError =
  (status: number, type: string, message: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: type, message }));
  };

describe('an error of the SDK becomes a sentence', () => {
  it.each<[string, RequestListener | 'nobody', Target['kind'], RegExp, RegExp]>([
    [
      'nobody there',
      'nobody',
      'local',
      /^Nothing answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\.$/,
      /pipectl local start/,
    ],
    ['no LocalStack', 'nobody', 'localstack', /^Nothing answers/, /localstack start/],
    [
      'another program',
      (_, response) => response.end('<html>hello</html>'),
      'endpoint',
      /does not speak AWS/,
      /another program/,
    ],
    [
      'another program that refuses',
      (_, response) => response.writeHead(404).end('<html>no</html>'),
      'endpoint',
      /does not speak AWS/,
      /another program/,
    ],
    [
      'another program that has no such method',
      (_, response) => response.writeHead(501).end('<!DOCTYPE HTML><html>Unsupported method</html>'),
      'endpoint',
      /does not speak AWS \(HTTP 501: its answer is neither JSON nor XML\)\.$/,
      /another program/,
    ],
    [
      'another program that says nothing',
      (_, response) => response.writeHead(404).end(),
      'endpoint',
      /does not speak AWS \(HTTP 404/,
      /another program/,
    ],
    [
      'a connection that breaks',
      (request) => request.socket.destroy(),
      'endpoint',
      /broke the connection off/,
      /Try again; if it stays so, try https:\/\/127\.0\.0\.1:\d+, or/,
    ],
    [
      'expired credentials',
      awsError(400, 'ExpiredTokenException', 'The security token included in the request is expired'),
      'aws',
      /credentials have expired/,
      /aws sso login/,
    ],
    [
      'unknown credentials',
      awsError(400, 'UnrecognizedClientException', 'The security token is invalid'),
      'aws',
      /refuses the AWS credentials/,
      /AWS_ACCESS_KEY_ID/,
    ],
    [
      'access denied',
      awsError(400, 'AccessDeniedException', 'User x may not'),
      'aws',
      /^Access denied: User x may not$/,
      /policy/,
    ],
    ['throttling', awsError(400, 'ThrottlingException', 'Rate exceeded'), 'aws', /throttles: Rate exceeded/, /Wait/],
    [
      'a limit',
      awsError(400, 'LimitExceededException', 'at most 10 times'),
      'aws',
      /^A limit of .*: at most 10 times$/,
      /raised/,
    ],
    [
      'a missing operation',
      awsError(501, 'InternalFailure', 'not yet implemented'),
      'localstack',
      /does not implement this/,
      /Another target/,
    ],
    [
      'any other service error',
      awsError(400, 'InvalidArgumentException', 'bad shard'),
      'aws',
      /^InvalidArgumentException: bad shard$/,
      /^$/,
    ],
    ['a failing service', awsError(500, 'InternalFailure', 'oh'), 'aws', /InternalFailure: oh/, /try again/],
  ])('%s', async (_, answer, kind, message, hint) => {
    const error = await explained(answer, kind);
    expect(error).toBeInstanceOf(OperationError);
    expect((error as OperationError).message).toMatch(message);
    expect((error as OperationError).hint ?? '').toMatch(hint);
  });

  it('missing credentials', () => {
    const error = Object.assign(new Error('Could not load credentials\n from any providers.'), {
      name: 'CredentialsProviderError',
    });
    const target = { kind: 'aws', endpointUrl: undefined, region: 'eu-west-1', profile: 'prod', why: '--aws' } as const;
    expect(explainSdkError(error, target)).toMatchObject({
      message: 'No usable AWS credentials of the profile prod: Could not load credentials from any providers.',
      hint: expect.stringContaining('aws sso login --profile prod'),
    });
  });

  it('a name that HTTP/2 could not look up', () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND kinesis.xx-1.amazonaws.com'), { code: 'ENOTFOUND' });
    const error = Object.assign(new Error('The pending stream has been canceled', { cause }), {
      code: 'ERR_HTTP2_STREAM_CANCEL',
      $metadata: { attempts: 3 },
    });
    const target = { kind: 'aws', endpointUrl: undefined, region: 'xx-1', profile: undefined, why: '--aws' } as const;
    expect(explainSdkError(error, target)).toMatchObject({
      message: 'Nothing answers at AWS in xx-1 (ENOTFOUND).',
      hint: 'Check the network, the proxy and the region.',
    });
  });

  it.each([
    ['{"error":"not found"}', 404],
    ['<html><body>hello', 200],
    ['', 403],
  ])('%j with status %i, where XML was expected', async (body, status) => {
    const { url, target } = await serve((_, response) => {
      response.statusCode = status;
      response.end(body);
    });
    const clients = createClients(target, { maxAttempts: 1 });
    const error = await (await clients.cloudformation()).send(new ListExportsCommand({})).catch((caught) => caught);
    clients.close();
    const { message = '' } = explainSdkError(error, target) ?? {};
    expect(message).toContain(`What answers at ${url} does not speak AWS (HTTP ${status}: `);
    expect(message).not.toMatch(/@aws-sdk|\$response|\n/);
  });

  it('TLS spoken to a server that has none', async () => {
    const error = await explained(() => {}, 'endpoint', 'https');
    expect(error).toMatchObject({
      message: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+ does not speak TLS \(.*\)\.$/),
      hint: expect.stringMatching(/^Use http:\/\/127\.0\.0\.1:\d+\.$/),
    });
  });

  it('leaves a bug a bug', () => {
    expect(
      explainSdkError(new TypeError("Cannot read properties of undefined (reading 'x')"), undefined),
    ).toBeUndefined();
    expect(explainSdkError('text', undefined)).toBeUndefined();
  });

  it('looks into what Node wraps when it tried several addresses', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:1'), { code: 'ECONNREFUSED' });
    expect(explainSdkError(new AggregateError([refused]), undefined)?.message).toContain('Nothing answers');
  });
});

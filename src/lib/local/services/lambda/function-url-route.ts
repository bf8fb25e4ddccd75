import { randomUUID } from 'node:crypto';
import { SYNC_PAYLOAD_BYTES } from '../../../shared/payload-limit.js';
import { AwsError } from '../../wire/aws-error.js';
import type { PlainAnswer, PlainRoute } from '../../wire/dispatch.js';
import { isSigned } from '../../wire/signature-form.js';
import { headerOf, type WireReply, type WireRequest } from '../../wire/wire-request.js';
import type { FunctionRunner } from './function-runner.js';
import { findByUrl, URL_PATH } from './function-url-config.js';
import { message, toReply } from './function-url-reply.js';
import { type LambdaStore, resolveFunction } from './lambda-store.js';
import { newTrace } from './trace-id.js';

const HOST = /^([a-z0-9]{32})\.lambda-url\.[a-z0-9-]+\./;
const SOURCE_IP = '127.0.0.1';
/** What reaches a function as text. Everything else does in base64: forms too, and what does not say what it is. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[^;]*\+(json|xml)))/;

/**
 * Answers function URLs: `/_pipectl/function-url/ID/…`, or any path below `ID.lambda-url.REGION.localhost` where that name resolves.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function functionUrlRoute(store: LambdaStore, runner: FunctionRunner): PlainRoute {
  return (request) => {
    const byHost = HOST.exec(request.host)?.[1];
    const lead = (id: string, path: string): PlainAnswer => ({
      // As on AWS, anybody may call it; web pages may not, because the URL's CORS settings have no effect here.
      openTo: 'direct',
      reply: () => answer(store, runner, request, { id, path }),
    });
    if (byHost !== undefined) return lead(byHost, request.path);
    if (!request.path.startsWith(URL_PATH)) return undefined;
    const rest = request.path.slice(URL_PATH.length);
    const slash = rest.indexOf('/');
    const id = slash < 0 ? rest : rest.slice(0, slash);
    return lead(id, slash < 0 ? '/' : rest.slice(slash));
  };
}

async function answer(
  store: LambdaStore,
  runner: FunctionRunner,
  request: WireRequest,
  { id, path }: { id: string; path: string },
): Promise<WireReply> {
  const target = findByUrl(store, id);
  if (!target) return message(404, null);
  const { found, key, url, region } = target;
  if (url.authType === 'AWS_IAM' && !isSigned(request.headers)) return message(403, 'Forbidden');
  const requestId = randomUUID();
  try {
    const body = await request.body(SYNC_PAYLOAD_BYTES);
    const traceId = headerOf(request.headers, 'x-amzn-trace-id') ?? newTrace(store.environment.clock.now());
    const event = toHttpEvent(store, request, {
      id,
      path,
      requestId,
      traceId,
      body,
      signed: url.authType === 'AWS_IAM',
    });
    const context = {
      region,
      accountId: store.environment.accountId,
      requestId,
      signal: request.signal(),
      origin: 'wire' as const,
      headers: {},
    };
    const resolved = resolveFunction(store, found.name, key === '' ? undefined : key, context);
    const result = await runner.run(
      resolved,
      { payload: Buffer.from(JSON.stringify(event)), requestId, traceId },
      context,
    );
    return toReply(result, requestId);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'TooManyRequestsException') return message(429, 'Too Many Requests');
    return message(error.status ?? 400, error.message);
  }
}

interface HttpInvocation {
  id: string;
  path: string;
  requestId: string;
  traceId: string;
  body: Buffer;
  signed: boolean;
}

/** The request as payload format 2.0. */
function toHttpEvent(
  store: LambdaStore,
  request: WireRequest,
  { id, path, requestId, traceId, body, signed }: HttpInvocation,
): object {
  const { accountId, clock } = store.environment;
  const { cookie: _cookie, ...others } = request.headers;
  const headers: Record<string, string> = {};
  for (const name in others) {
    const value = headerOf(others, name);
    if (value !== undefined && !name.startsWith(':') && name !== 'connection') headers[name] = value;
  }
  // What stands between AWS's callers and a function adds these.
  const { protocol, port } = new URL(store.environment.endpointUrl());
  Object.assign(headers, {
    'x-amzn-trace-id': /^Root=[^;]+/.exec(traceId)?.[0] ?? traceId,
    'x-forwarded-for': SOURCE_IP,
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-port': port,
  });
  const parameters: Record<string, string> = Object.create(null);
  for (const [name, value] of request.query) {
    const before = parameters[name];
    parameters[name] = before === undefined ? value : `${before},${value}`;
  }
  const cookies = headerOf(request.headers, 'cookie')?.split(/;\s*/);
  const isText = TEXT.test(headers['content-type'] ?? '');
  const now = clock.now();
  return {
    version: '2.0',
    routeKey: '$default',
    // As they were sent; what HTTP API of API Gateway decodes, function URLs do not.
    rawPath: path,
    rawQueryString: request.rawQuery,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(request.query.length === 0 ? {} : { queryStringParameters: parameters }),
    requestContext: {
      accountId: signed ? accountId : 'anonymous',
      apiId: id,
      domainName: request.host,
      domainPrefix: id,
      http: {
        method: request.method,
        path: decoded(path),
        protocol: 'HTTP/1.1',
        sourceIp: SOURCE_IP,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now,
    },
    ...(body.byteLength === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.byteLength > 0 && !isText,
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a percent sign that means itself
  }
}

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(ms: number): string {
  const [, day, month, year, time] = new Date(ms).toUTCString().split(/,? /);
  return `${day}/${month}/${year}:${time} +0000`;
}

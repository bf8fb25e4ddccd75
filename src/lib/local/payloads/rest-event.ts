// A request as a function gets it in payload format 1.0: from REST APIs, and from HTTP APIs that ask for it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
import type { WireRequest } from '../wire/wire-request.js';
import { SOURCE_IP } from './http-event.js';

export interface RestInvocation {
  resource: string;
  path: string;
  requestContext: object;
  pathParameters: Record<string, string> | undefined;
  stageVariables: Record<string, string> | undefined;
  body: Buffer;
  /** Whether the body is bytes to the API: it goes as base64. */
  isBinary: boolean;
  endpointUrl: string;
  traceId: string;
}

/** The request as payload format 1.0. */
export function toRestEvent(request: WireRequest, invocation: RestInvocation): Record<string, unknown> {
  const { resource, path, requestContext, pathParameters, stageVariables, body, isBinary } = invocation;
  const { headers, multiValueHeaders } = sentHeaders(request, invocation);
  const { query } = request;
  return {
    resource,
    path,
    httpMethod: request.method,
    headers,
    multiValueHeaders,
    queryStringParameters: query.length === 0 ? null : Object.fromEntries(query),
    multiValueQueryStringParameters: query.length === 0 ? null : grouped(query),
    pathParameters: pathParameters ?? null,
    stageVariables: stageVariables ?? null,
    requestContext,
    body: body.byteLength === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: body.byteLength > 0 && isBinary,
  };
}

/** Headers that AWS's edge names itself, whatever the client called them; other names arrive as they were sent. */
const EDGE_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  ['Accept', 'Accept-Encoding', 'Accept-Language', 'Authorization', 'Host', 'Origin', 'Referer', 'User-Agent'].map(
    (name) => [name.toLowerCase(), name],
  ),
);

function sentHeaders(
  { rawHeaders }: WireRequest,
  { endpointUrl, traceId }: RestInvocation,
): { headers: Record<string, string>; multiValueHeaders: Record<string, string[]> } {
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  const add = (name: string, value: string): void => {
    headers[name] = value;
    (multiValueHeaders[name] ??= []).push(value);
  };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index] ?? '';
    const lower = sent.toLowerCase();
    if (lower === 'connection' || lower.startsWith(':')) continue;
    add(EDGE_NAMES[lower] ?? sent, rawHeaders[index + 1] ?? '');
  }
  const [, protocol = 'http', port = '80'] = /^(https?):\/\/.*?:(\d+)$/.exec(endpointUrl) ?? [];
  add('X-Amzn-Trace-Id', /^Root=[^;]+/.exec(traceId)?.[0] ?? traceId);
  add('X-Forwarded-For', SOURCE_IP);
  add('X-Forwarded-Port', port);
  add('X-Forwarded-Proto', protocol);
  return { headers, multiValueHeaders };
}

function grouped(query: WireRequest['query']): Record<string, string[]> {
  const groups: Record<string, string[]> = Object.create(null);
  for (const [name, value] of query) (groups[name] ??= []).push(value);
  return groups;
}

// A request as a function gets it in payload format 2.0: from function URLs and from HTTP APIs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { headerOf, type WireRequest } from '../wire/wire-request.js';
import { clfTime } from './clf-time.js';
import { decodedPath } from './decoded-path.js';

/** Where every request of this endpoint comes from, as functions are told. */
export const SOURCE_IP = '127.0.0.1';

/** What reaches a function as text. Everything else does in base64: forms too, and what does not say what it is. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[^;]*\+(json|xml)))/;

/** Whether a body of this content type reaches a function as text. */
const isTextType = (contentType: string | undefined): boolean => TEXT.test(contentType ?? '');

export interface HttpInvocation {
  apiId: string;
  /** `anonymous` where the caller of a function URL is not signed. */
  accountId: string;
  endpointUrl: string;
  nowMs: number;
  /** As `rawPath` has it. */
  rawPath: string;
  /** As `requestContext.http.path` has it, once decoded. */
  path: string;
  routeKey: string;
  stage: string;
  requestId: string;
  traceId: string;
  body: Buffer;
  pathParameters?: Record<string, string> | undefined;
  stageVariables?: Record<string, string> | undefined;
  /** What an authorizer said, under `lambda`. */
  authorizer?: object | undefined;
}

/** The request as payload format 2.0. */
export function toHttpEvent(request: WireRequest, invocation: HttpInvocation): object {
  const { apiId, accountId, nowMs, rawPath, path, routeKey, stage, requestId, body } = invocation;
  const headers = forwardedHeaders(request, invocation);
  const cookies = headerOf(request.headers, 'cookie')?.split(/;\s*/);
  const isText = isTextType(headers['content-type']);
  const { pathParameters, stageVariables, authorizer } = invocation;
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: request.rawQuery,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(request.query.length === 0 ? {} : { queryStringParameters: joinedQuery(request.query) }),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer === undefined ? {} : { authorizer: { lambda: authorizer } }),
      domainName: request.host,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: decodedPath(path),
        protocol: 'HTTP/1.1',
        sourceIp: SOURCE_IP,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: clfTime(nowMs),
      timeEpoch: nowMs,
    },
    ...(pathParameters === undefined ? {} : { pathParameters }),
    ...(stageVariables === undefined ? {} : { stageVariables }),
    ...(body.byteLength === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.byteLength > 0 && !isText,
  };
}

/** The request's headers by their names in lower case, without cookies, and with those that AWS's own proxies add. */
function forwardedHeaders(
  request: WireRequest,
  { traceId, endpointUrl }: Pick<HttpInvocation, 'traceId' | 'endpointUrl'>,
): Record<string, string> {
  const { cookie: _cookie, ...others } = request.headers;
  const headers: Record<string, string> = {};
  for (const name in others) {
    const value = headerOf(others, name);
    if (value !== undefined && !name.startsWith(':') && name !== 'connection') headers[name] = value;
  }
  const { protocol, port } = placeOf(endpointUrl);
  headers['x-amzn-trace-id'] = /^Root=[^;]+/.exec(traceId)?.[0] ?? traceId;
  headers['x-forwarded-for'] = SOURCE_IP;
  headers['x-forwarded-proto'] = protocol;
  headers['x-forwarded-port'] = port;
  return headers;
}

/** Values of one name stand in one text, with commas. */
function joinedQuery(query: WireRequest['query']): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null);
  for (const [name, value] of query) {
    const before = parameters[name];
    parameters[name] = before === undefined ? value : `${before},${value}`;
  }
  return parameters;
}

let known = { url: '', protocol: '', port: '' };

/** The endpoint's URL in parts; it hardly ever changes, and every request asks. */
function placeOf(url: string): { protocol: string; port: string } {
  if (known.url !== url) {
    const { protocol, port } = new URL(url);
    known = { url, protocol: protocol.slice(0, -1), port };
  }
  return known;
}

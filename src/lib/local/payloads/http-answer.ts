// A function's answer as HTTP, in payload format 2.0: function URLs and HTTP APIs answer alike.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { unsendable } from '../wire/unsendable.js';
import type { WireReply } from '../wire/wire-request.js';
import { nameOf } from './framing-headers.js';

/** What a function ended with. */
export interface FunctionAnswer {
  payload: Uint8Array;
  contentType: string;
  functionError?: string | undefined;
}

/** What `awslambda.HttpResponseStream.from` marks its answer with. */
const WITH_PRELUDE = 'application/vnd.awslambda.http-integration-response';

interface HttpAnswer {
  statusCode?: unknown;
  headers?: unknown;
  cookies?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

/**
 * The function's answer as HTTP: an object with a status code is one, anything else is a body of JSON.
 * @returns undefined for a function that failed, and for an answer that HTTP cannot carry
 */
export function toHttpAnswer(result: FunctionAnswer, requestId: string): WireReply | undefined {
  const reply = result.functionError === undefined ? replyOf(result, requestId) : undefined;
  return reply === undefined || unsendable(reply) !== undefined ? undefined : reply;
}

/** @returns undefined for an answer that is none of HTTP */
function replyOf({ contentType, payload }: FunctionAnswer, requestId: string): WireReply | undefined {
  if (contentType === WITH_PRELUDE) return withPrelude(payload, requestId);
  if (contentType !== 'application/json') {
    return { status: 200, headers: { 'content-type': contentType }, body: payload };
  }
  const value = parse(payload);
  if (!isObject(value) || !('statusCode' in value)) {
    const body = typeof value === 'string' ? value : Buffer.from(payload);
    return { status: 200, headers: common(requestId), body: value === null ? '' : body };
  }
  const { body, isBase64Encoded } = value as HttpAnswer;
  const text = typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
  return head(value, requestId, isBase64Encoded ? Buffer.from(text, 'base64') : text);
}

function withPrelude(payload: Uint8Array, requestId: string): WireReply | undefined {
  const bytes = Buffer.from(payload);
  const end = bytes.indexOf(Buffer.alloc(8));
  const prelude = parse(end < 0 ? bytes : bytes.subarray(0, end));
  if (end < 0 || !isObject(prelude)) return undefined;
  return head({ statusCode: 200, ...prelude }, requestId, bytes.subarray(end + 8));
}

function head(answer: HttpAnswer, requestId: string, body: string | Uint8Array): WireReply | undefined {
  const status = Number(answer.statusCode);
  const own = answer.headers ?? {};
  const cookies = answer.cookies ?? [];
  // A status below 200 announces another answer, and none would follow.
  if (!Number.isInteger(status) || status < 200 || status > 599 || !isObject(own) || !isTexts(cookies))
    return undefined;
  const headers = common(requestId);
  for (const [name, value] of Object.entries(own)) {
    if (value === null) continue;
    if (typeof value === 'object') return undefined;
    headers[nameOf(name)] = String(value);
  }
  const { 'set-cookie': one, ...others } = headers;
  return { status, headers: others, cookies: one === undefined ? cookies : [one, ...cookies], body };
}

const common = (requestId: string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-amzn-requestid': requestId,
});

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

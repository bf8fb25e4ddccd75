// A function's answer as HTTP, in payload format 1.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
import { unsendable } from '../wire/unsendable.js';
import type { WireReply } from '../wire/wire-request.js';
import { nameOf } from './framing-headers.js';

interface Parts {
  statusCode?: unknown;
  headers?: unknown;
  multiValueHeaders?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

/**
 * @param decodes whether the API turns base64 into bytes for this answer
 * @returns undefined for an answer that is none: AWS calls it malformed
 */
export function toRestAnswer(payload: Uint8Array, decodes: (contentType: string) => boolean): WireReply | undefined {
  const parts = parse(payload);
  if (!parts) return undefined;
  const { statusCode = 200, body = '', isBase64Encoded } = parts;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  if (!readHeaders(parts, headers, cookies)) return undefined;
  headers['content-type'] ??= 'application/json';
  const isBytes = isBase64Encoded === true && decodes(headers['content-type']);
  const reply: WireReply = { status, headers, body: isBytes ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
  if (cookies.length > 0) reply.cookies = cookies;
  return unsendable(reply) === undefined ? reply : undefined;
}

/** Values of `multiValueHeaders` count before those of `headers`. */
function readHeaders(parts: Parts, headers: Record<string, string>, cookies: string[]): boolean {
  const { headers: single = {}, multiValueHeaders: many = {} } = parts;
  if (!isMap(single) || !isMap(many)) return false;
  const lists = new Map<string, unknown[]>();
  for (const [name, value] of Object.entries(single ?? {})) if (value !== null) lists.set(nameOf(name), [value]);
  for (const [name, values] of Object.entries(many ?? {})) {
    if (!Array.isArray(values)) return false;
    const before = lists.get(nameOf(name)) ?? [];
    lists.set(nameOf(name), [...before.filter((value) => !values.includes(value)), ...values]);
  }
  for (const [name, values] of lists) {
    if (values.some((value) => typeof value === 'object')) return false;
    if (name === 'set-cookie') cookies.push(...values.map(String));
    else headers[name] = values.join(', ');
  }
  return true;
}

const isMap = (value: unknown): value is Record<string, unknown> | null =>
  value === null || (typeof value === 'object' && !Array.isArray(value));

function parse(payload: Uint8Array): Parts | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

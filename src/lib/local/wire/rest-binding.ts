// Members of REST inputs and outputs that travel outside the body: labels, query, headers, status, a payload of their own.
import { asSerializationError, memberStep, setOwn, within } from './bad-input.js';
import { encodeEvents } from './event-stream.js';
import { restJsonCodec } from './rpc-codec.js';
import { formatScalar, parseScalar } from './scalar-text.js';
import type { Member, RestOperation, Structure } from './service-model.js';
import { headerOf, type WireReply, type WireRequest } from './wire-request.js';
import { readXml, writeElement, XML_DECLARATION } from './xml-codec.js';

/** Members by where they travel. */
interface Bindings {
  labels: Member[];
  query: Member[];
  queryRest: Member | undefined;
  headers: Member[];
  prefixHeaders: Member[];
  status: Member | undefined;
  payload: Member | undefined;
  /** The members that share the body: an output's may bear the traits of labels and queries, which mean nothing there. */
  inputBody: Structure;
  outputBody: Structure;
}

const bindings = new WeakMap<Structure, Bindings>();

function bindingsOf(structure: Structure): Bindings {
  let found = bindings.get(structure);
  if (!found) {
    const those = (pick: (member: Member) => unknown): Member[] => structure.members.filter(pick);
    found = {
      labels: those(({ traits }) => traits.httpLabel),
      query: those(({ traits }) => traits.httpQuery),
      queryRest: those(({ traits }) => traits.httpQueryParams)[0],
      headers: those(({ traits }) => traits.httpHeader),
      prefixHeaders: those(({ traits }) => traits.httpPrefixHeaders !== undefined),
      status: those(({ traits }) => traits.httpResponseCode)[0],
      payload: those(({ traits }) => traits.httpPayload)[0],
      inputBody: { ...structure, members: those(({ traits }) => !isOutside(traits) && !isInUri(traits)) },
      outputBody: { ...structure, members: those(({ traits }) => !isOutside(traits)) },
    };
    bindings.set(structure, found);
  }
  return found;
}

const isInUri = ({ httpLabel, httpQuery, httpQueryParams }: Member['traits']): boolean =>
  Boolean(httpLabel || httpQuery || httpQueryParams);

const isOutside = ({ httpHeader, httpPrefixHeaders, httpResponseCode, httpPayload }: Member['traits']): boolean =>
  Boolean(httpHeader || httpPrefixHeaders !== undefined || httpResponseCode || httpPayload);

export type BodyFormat = 'json' | 'xml';

/** Reads a REST input; required members are not checked here. */
export async function readRest(
  operation: RestOperation,
  labels: Record<string, string>,
  request: WireRequest,
  format: BodyFormat,
  limitBytes: number,
): Promise<Record<string, unknown>> {
  const structure = operation.input;
  if (!structure) return {};
  const bound = bindingsOf(structure);
  const input: Record<string, unknown> = {};
  const set = (member: Member, read: () => unknown): void => {
    try {
      const value = read();
      if (value !== undefined) input[member.name] = value;
    } catch (error) {
      throw asSerializationError(within(error, memberStep(member.name)));
    }
  };
  for (const member of bound.labels) {
    const text = labels[member.name];
    if (text !== undefined) set(member, () => parseScalar(member, text));
  }
  readQuery(bound, operation, request, set);
  readHeaders(bound, request, set);
  const { payload } = bound;
  if (payload) {
    if (payload.traits.streaming) input[payload.name] = request.stream();
    else {
      const bytes = await request.body(limitBytes);
      if (bytes.length > 0 || payload.shape === 'blob') set(payload, () => readPayload(payload, bytes, format));
    }
  } else if (bound.inputBody.members.length > 0) {
    const bytes = await request.body(limitBytes);
    if (bytes.length > 0) Object.assign(input, readBody(bound.inputBody, bytes, format));
  }
  return input;
}

function readQuery(
  bound: Bindings,
  operation: RestOperation,
  request: WireRequest,
  set: (member: Member, read: () => unknown) => void,
): void {
  if (bound.query.length === 0 && !bound.queryRest) return;
  const values = new Map<string, string[]>();
  for (const [name, value] of request.query) values.set(name, [...(values.get(name) ?? []), value]);
  for (const member of bound.query) {
    const found = values.get(member.traits.httpQuery ?? '');
    if (!found) continue;
    const { shape } = member;
    if (typeof shape !== 'string' && shape.kind === 'list') {
      set(member, () => found.map((text) => parseScalar(shape.member, text)));
    } else set(member, () => parseScalar(member, found[0] ?? ''));
  }
  const rest = bound.queryRest;
  if (!rest) return;
  const taken = new Set([
    ...bound.query.map(({ traits }) => traits.httpQuery),
    ...operation.http.literals.map(([name]) => name),
  ]);
  const isListed =
    typeof rest.shape !== 'string' && rest.shape.kind === 'map' && typeof rest.shape.value.shape !== 'string';
  const out: Record<string, unknown> = {};
  for (const [name, found] of values) if (!taken.has(name)) setOwn(out, name, isListed ? found : found[0]);
  set(rest, () => out);
}

function readHeaders(bound: Bindings, request: WireRequest, set: (member: Member, read: () => unknown) => void): void {
  for (const member of bound.headers) {
    const text = headerOf(request.headers, (member.traits.httpHeader ?? '').toLowerCase());
    if (text === undefined) continue;
    const { shape } = member;
    if (typeof shape !== 'string' && shape.kind === 'list') {
      set(member, () => splitHeader(text).map((item) => parseScalar(shape.member, item)));
    } else set(member, () => parseScalar(member, text));
  }
  for (const member of bound.prefixHeaders) {
    const prefix = (member.traits.httpPrefixHeaders ?? '').toLowerCase();
    const out: Record<string, unknown> = {};
    for (const name of Object.keys(request.headers)) {
      if (name.startsWith(prefix)) setOwn(out, name.slice(prefix.length), headerOf(request.headers, name));
    }
    if (Object.keys(out).length > 0) set(member, () => out);
  }
}

/** `a, "b, c"` is two items. */
function splitHeader(text: string): string[] {
  return [...text.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/g)]
    .map(([, quoted, bare]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? bare?.trim() ?? '')
    .filter((item) => item !== '');
}

function readPayload(payload: Member, bytes: Buffer, format: BodyFormat): unknown {
  if (payload.shape === 'blob') return bytes;
  if (payload.shape === 'string') return bytes.toString('utf8');
  if (typeof payload.shape === 'string' || payload.shape.kind === 'list' || payload.shape.kind === 'map')
    return undefined;
  return format === 'xml' ? readXml(payload.shape, bytes) : restJsonCodec.read(payload.shape, bytes).value;
}

function readBody(structure: Structure, bytes: Buffer, format: BodyFormat): Record<string, unknown> {
  try {
    return format === 'xml' ? readXml(structure, bytes) : restJsonCodec.read(structure, bytes).value;
  } catch (error) {
    throw asSerializationError(error);
  }
}

/** How a REST output's own document is written: the answer's root for an output, the error document for an error. */
export type WriteDocument = (body: Structure, value: Record<string, unknown>) => WireReply['body'];

/** Writes a REST output: status, headers, and the payload or the document that `writeDocument` makes of the remaining members. */
export function writeRest(
  structure: Structure,
  output: Record<string, unknown>,
  status: number,
  format: BodyFormat,
  xmlns: string | undefined,
  writeDocument: WriteDocument,
): WireReply {
  const bound = bindingsOf(structure);
  const contentType = format === 'xml' ? 'application/xml' : 'application/json';
  const headers: Record<string, string> = {};
  for (const member of bound.headers) {
    const value = output[member.name];
    if (value === undefined || value === null) continue;
    headers[(member.traits.httpHeader ?? '').toLowerCase()] = Array.isArray(value)
      ? value.map((item) => formatScalar(member, item, 'http-date')).join(', ')
      : formatScalar(member, value, 'http-date');
  }
  for (const member of bound.prefixHeaders) {
    for (const [name, value] of Object.entries((output[member.name] as object | undefined) ?? {})) {
      headers[`${member.traits.httpPrefixHeaders ?? ''}${name}`.toLowerCase()] = String(value);
    }
  }
  const reply: WireReply = { status, headers, body: undefined };
  const code = bound.status && output[bound.status.name];
  if (typeof code === 'number') reply.status = code;
  // An answer that names the part it holds is a partial one (RFC 9110, 15.3.7).
  if (headers['content-range'] && reply.status === 200) reply.status = 206;
  if (bound.payload) writePayload(bound.payload, output[bound.payload.name], reply, format, contentType, xmlns);
  else if (bound.outputBody.members.length > 0) {
    reply.body = writeDocument(bound.outputBody, output);
    headers['content-type'] ??= contentType;
  }
  return reply;
}

function writePayload(
  payload: Member,
  value: unknown,
  reply: WireReply,
  format: BodyFormat,
  contentType: string,
  xmlns: string | undefined,
): void {
  if (value === undefined || value === null) return;
  const { shape } = payload;
  if (shape === 'blob' || shape === 'string') {
    reply.body = value as WireReply['body'];
    reply.headers['content-type'] ??= shape === 'string' ? 'text/plain' : 'application/octet-stream';
  } else if (typeof shape !== 'string' && (shape.kind === 'structure' || shape.kind === 'union')) {
    if (payload.traits.streaming) {
      reply.body = encodeEvents(shape, value as AsyncIterable<object>, restJsonCodec);
      reply.headers['content-type'] ??= 'application/vnd.amazon.eventstream';
      return;
    }
    const name = payload.traits.xmlName ?? shape.xmlName ?? shape.name;
    reply.body =
      format === 'xml'
        ? XML_DECLARATION + writeElement(name, shape, value as Record<string, unknown>, xmlns)
        : restJsonCodec.write(shape, value);
    reply.headers['content-type'] ??= contentType;
  }
}

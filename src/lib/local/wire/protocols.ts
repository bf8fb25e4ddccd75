// A request's bytes into its operation's input, an output or an error into bytes: one function each, for every protocol.
import { AwsError } from './aws-error.js';
import { asSerializationError, Unparsed } from './bad-input.js';
import { encodeRpcEvents, eventStreamOf } from './event-stream.js';
import { readForm } from './form-reader.js';
import type { Protocol } from './pack-format.js';
import { requireMembers } from './required.js';
import { readRest, writeRest } from './rest-binding.js';
import type { Route } from './router.js';
import { restJsonCodec, rpcCodec } from './rpc-codec.js';
import type { ErrorModel, Member, Operation, RestOperation, ServiceModel, Structure } from './service-model.js';
import type { WireReply, WireRequest } from './wire-request.js';
import { writeElement, XML_DECLARATION } from './xml-codec.js';

const MIB = 1024 * 1024;
/** What a body may weigh. Above every documented limit of the service, so that the service itself gives the precise error. */
const BODY_LIMIT_BYTES: Record<string, number> = {
  kinesis: 16 * MIB, // 10 MiB of records in base64, keys, framing
  lambda: 72 * MIB, // a 50 MB package in base64
  'api-gateway': 24 * MIB,
};
export const bodyLimitBytes = (serviceId: string): number => BODY_LIMIT_BYTES[serviceId] ?? 16 * MIB;

/**
 * Reads the input of the operation that `route` found; required members are there, values have their schema's types.
 * @throws AwsError SerializationException for what does not parse, the service's validation error for what is missing
 */
export async function decodeInput(route: Route, request: WireRequest): Promise<Record<string, unknown>> {
  const { service, operation, protocol } = route;
  const limitBytes = bodyLimitBytes(service.id);
  const structure = operation.input;
  if (!structure) return {};
  try {
    const codec = rpcCodec(protocol);
    if (codec) {
      const bytes = await request.body(limitBytes);
      if (bytes.length === 0 && protocol !== 'rpcv2Cbor') throw new Unparsed('the body is empty');
      const { value, complete } = bytes.length === 0 ? EMPTY : codec.read(structure, bytes);
      if (!complete) requireMembers(service.id, structure, value);
      return value;
    }
    const input =
      protocol === 'awsQuery'
        ? readForm(structure, route.form)
        : await readRest(operation as RestOperation, route.labels, request, formatOf(protocol), limitBytes);
    requireMembers(service.id, structure, input);
    return input;
  } catch (error) {
    throw asProtocolError(asSerializationError(error, rpcCodec(protocol) !== undefined), protocol);
  }
}

const EMPTY = { value: {} as Record<string, unknown>, complete: false };

/** Each protocol has its own name for a body that does not parse. */
function asProtocolError(error: unknown, protocol: Protocol): unknown {
  if (!(error instanceof AwsError) || error.code !== 'SerializationException') return error;
  if (protocol === 'restXml') return new AwsError('MalformedXML', error.message, { status: 400 });
  if (protocol === 'awsQuery') return new AwsError('MalformedInput', error.message, { status: 400 });
  return error;
}

const formatOf = (protocol: Protocol): 'json' | 'xml' => (protocol === 'restXml' ? 'xml' : 'json');

export function encodeOutput(route: Route, output: Record<string, unknown>, requestId: string): WireReply {
  const { service, operation, protocol } = route;
  const codec = rpcCodec(protocol);
  let reply: WireReply;
  if (codec) {
    const stream = eventStreamOf(operation.output);
    if (operation.output && stream) {
      reply = {
        status: 200,
        headers: { 'content-type': 'application/vnd.amazon.eventstream' },
        body: encodeRpcEvents(operation.output, stream, output, codec),
      };
    } else {
      const body = operation.output ? codec.write(operation.output, output) : emptyBody(protocol);
      reply = { status: 200, headers: { 'content-type': codec.contentType }, body };
    }
    if (protocol === 'rpcv2Cbor') reply.headers['smithy-protocol'] = 'rpc-v2-cbor';
  } else if (protocol === 'awsQuery') reply = writeQueryOutput(service, operation, output, requestId);
  else reply = writeRestOutput(route, output);
  return stamp(reply, requestId);
}

const emptyBody = (protocol: Protocol): string | Uint8Array => (protocol === 'rpcv2Cbor' ? Uint8Array.of(0xa0) : '');

function stamp(reply: WireReply, requestId: string): WireReply {
  reply.headers['x-amzn-requestid'] = requestId;
  reply.headers['x-amz-request-id'] = requestId;
  return reply;
}

const text = (name: string): Member => ({ name, shape: 'string', required: false, traits: {} });

function writeQueryOutput(
  service: ServiceModel,
  { name, output: structure }: Operation,
  output: Record<string, unknown>,
  requestId: string,
): WireReply {
  const members: Member[] = [];
  if (structure) members.push({ ...text(`${name}Result`), shape: structure });
  const metadata: Structure = { kind: 'structure', name: 'ResponseMetadata', members: [text('RequestId')] };
  members.push({ ...text('ResponseMetadata'), shape: metadata });
  const response: Structure = { kind: 'structure', name: `${name}Response`, members };
  const value = { [`${name}Result`]: output, ResponseMetadata: { RequestId: requestId } };
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: XML_DECLARATION + writeElement(response.name, response, value, service.xmlns),
  };
}

function writeRestOutput({ service, operation, protocol }: Route, output: Record<string, unknown>): WireReply {
  const status = operation.http?.status ?? 200;
  if (!operation.output) return { status, headers: {}, body: undefined };
  return writeRest(operation.output, output, status, formatOf(protocol), service.xmlns, (body, value) => {
    if (protocol === 'restJson1') return restJsonCodec.write(body, value);
    const root = body.xmlName ?? body.name;
    if (operation.unwrapped) return XML_DECLARATION + unwrap(writeElement(root, body, value, service.xmlns), body);
    return XML_DECLARATION + writeElement(root, body, value, service.xmlns);
  });
}

/** `<A xmlns=…><A>x</A></A>` as S3 writes it: `<A xmlns=…>x</A>`. */
function unwrap(document: string, { members }: Structure): string {
  const name = members[0]?.traits.xmlName ?? members[0]?.name ?? '';
  if (!document.includes(`<${name}>`)) return document;
  return document.replace(`<${name}>`, '').replace(`</${name}>`, '');
}

/** Everything an error answer is made of. */
interface ErrorParts {
  code: string;
  message: string;
  status: number;
  fault: 'client' | 'server';
  model: ErrorModel | undefined;
  members: Readonly<Record<string, unknown>>;
}

/** @param route what is known of the request: nothing but the protocol when it meant no operation */
export function encodeError(
  route: { service?: ServiceModel; protocol: Protocol },
  error: AwsError,
  requestId: string,
): WireReply {
  const model = route.service?.errors.get(error.code);
  const status = error.status ?? model?.status ?? (model?.fault === 'server' ? 500 : 400);
  const fault = status >= 500 ? 'server' : (model?.fault ?? 'client');
  const parts: ErrorParts = { code: error.code, message: error.message, status, fault, model, members: error.members };
  if (route.protocol === 'awsQuery') return stamp(writeQueryError(route.service, parts, requestId), requestId);
  if (route.protocol === 'restXml') return stamp(writeXmlError(parts, requestId), requestId);
  const reply = route.protocol === 'restJson1' ? writeJsonError(parts) : writeRpcError(route, parts);
  reply.headers['x-amzn-errortype'] = error.code;
  return stamp(reply, requestId);
}

/** The error's structure with a message member, called as the service calls it, and a value for each member. */
function errorValue(
  { code, message, members, model }: ErrorParts,
  messageName = 'message',
): {
  shape: Structure;
  value: Record<string, unknown>;
} {
  const shape = model?.shape ?? { kind: 'structure', name: code, members: [] };
  const named = shape.members.find(({ name }) => name.toLowerCase() === 'message');
  const all = named ? shape.members : [...shape.members, text(messageName)];
  const told = message === '' ? undefined : message;
  return { shape: { ...shape, members: all }, value: { ...members, [named?.name ?? messageName]: told } };
}

/** Errors of AWS's framework whose member is called `Message` in every service. */
const CAPITALIZED = new Set(['SerializationException', 'AccessDeniedException']);

function writeRpcError(route: { service?: ServiceModel; protocol: Protocol }, parts: ErrorParts): WireReply {
  const codec = rpcCodec(route.protocol) ?? restJsonCodec;
  const { shape, value } = errorValue(parts, CAPITALIZED.has(parts.code) ? 'Message' : 'message');
  const isBare = route.protocol === 'awsJson1_1' || route.protocol === 'awsCbor1_1';
  const __type = isBare ? parts.code : `${route.service?.namespace ?? 'com.amazon.coral.service'}#${parts.code}`;
  const document: Structure = { ...shape, members: [text('__type'), ...shape.members] };
  const reply: WireReply = {
    status: parts.status,
    headers: { 'content-type': codec.contentType },
    body: codec.write(document, { __type, ...value }),
  };
  if (route.protocol === 'rpcv2Cbor') reply.headers['smithy-protocol'] = 'rpc-v2-cbor';
  if (route.service?.queryCompatible) {
    reply.headers['x-amzn-query-error'] = `${parts.model?.queryCode ?? parts.code};${senderOf(parts)}`;
  }
  return reply;
}

function writeJsonError(parts: ErrorParts): WireReply {
  const { shape, value } = errorValue(parts);
  const write = (body: Structure): string | Uint8Array => restJsonCodec.write(body, value);
  return writeRest(shape, value, parts.status, 'json', undefined, write);
}

const senderOf = ({ fault }: ErrorParts): string => (fault === 'server' ? 'Receiver' : 'Sender');

function writeQueryError(service: ServiceModel | undefined, parts: ErrorParts, requestId: string): WireReply {
  const { shape, value } = errorValue(parts);
  const others = shape.members.filter(({ name }) => name.toLowerCase() !== 'message');
  const members = [text('Type'), text('Code'), text('Message'), ...others];
  const error: Structure = { kind: 'structure', name: 'Error', members };
  const response: Structure = {
    kind: 'structure',
    name: 'ErrorResponse',
    members: [{ ...text('Error'), shape: error }, text('RequestId')],
  };
  const code = parts.model?.queryCode ?? parts.code;
  const inner = { ...value, Type: senderOf(parts), Code: code, Message: parts.message };
  return {
    status: parts.status,
    headers: { 'content-type': 'text/xml' },
    body:
      XML_DECLARATION + writeElement('ErrorResponse', response, { Error: inner, RequestId: requestId }, service?.xmlns),
  };
}

function writeXmlError(parts: ErrorParts, requestId: string): WireReply {
  const { shape, value } = errorValue(parts);
  const all = { ...value, Code: parts.code, Message: parts.message, RequestId: requestId };
  return writeRest(shape, all, parts.status, 'xml', undefined, (body) => {
    const others = body.members.filter(({ name }) => name.toLowerCase() !== 'message');
    const members = [text('Code'), text('Message'), ...others, text('RequestId')];
    return XML_DECLARATION + writeElement('Error', { kind: 'structure', name: 'Error', members }, all);
  });
}

// Event streams in answers (application/vnd.amazon.eventstream): Kinesis SubscribeToShard, Lambda InvokeWithResponseStream, Logs tails.
import { crc32 } from 'node:zlib';
import { AwsError } from './aws-error.js';
import type { BodyCodec } from './rpc-codec.js';
import type { Member, Structure } from './service-model.js';

/** The member of an output that is an event stream. */
export function eventStreamOf(output: Structure | undefined): (Member & { shape: Structure }) | undefined {
  return output?.members.find(
    (member): member is Member & { shape: Structure } =>
      member.traits.streaming === true && typeof member.shape !== 'string' && member.shape.kind === 'union',
  );
}

/** RPC services send the output's other members first, as an event of their own. */
export async function* encodeRpcEvents(
  output: Structure,
  stream: Member & { shape: Structure },
  value: Record<string, unknown>,
  codec: BodyCodec,
): AsyncGenerator<Uint8Array> {
  const rest: Structure = { ...output, members: output.members.filter((member) => member !== stream) };
  yield frame(
    { ':message-type': 'event', ':event-type': 'initial-response', ':content-type': codec.contentType },
    codec.write(rest, value),
  );
  yield* encodeEvents(stream.shape, value[stream.name] as AsyncIterable<object>, codec);
}

/**
 * Frames each event of `events`, which are `{ MemberName: value }`. An AwsError thrown by the source ends the stream as a modelled
 * exception, or as an unmodelled error where the union has no such member.
 */
export async function* encodeEvents(
  union: Structure,
  events: AsyncIterable<object>,
  codec: BodyCodec,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const event of events) {
      const [name, value] = Object.entries(event).find(([, value]) => value !== undefined) ?? [];
      const member = union.members.find((candidate) => candidate.name === name);
      if (member) yield encodeEvent(member, value as Record<string, unknown>, codec, isException(member));
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const member = union.members.find((candidate) => isNamed(candidate, error.code));
    yield member
      ? encodeEvent(member, { message: error.message, Message: error.message, ...error.members }, codec, true)
      : frame({ ':message-type': 'error', ':error-code': error.code, ':error-message': error.message }, '');
  }
}

const isNamed = ({ shape }: Member, name: string): boolean => typeof shape !== 'string' && shape.name === name;
const isException = ({ shape }: Member): boolean => typeof shape !== 'string' && /(Exception|Error)$/.test(shape.name);

function encodeEvent(
  { name, shape }: Member,
  value: Record<string, unknown>,
  codec: BodyCodec,
  exception: boolean,
): Uint8Array {
  const headers: Record<string, unknown> = {
    ':message-type': exception ? 'exception' : 'event',
    [exception ? ':exception-type' : ':event-type']: name,
  };
  if (typeof shape === 'string' || shape.kind === 'list' || shape.kind === 'map') return frame(headers, '');
  for (const member of shape.members) {
    if (member.traits.eventHeader && value[member.name] !== undefined) headers[member.name] = value[member.name];
  }
  const payload = shape.members.find((member) => member.traits.eventPayload);
  if (payload) {
    const inner = value[payload.name];
    if (payload.shape === 'blob' || payload.shape === 'string') {
      headers[':content-type'] = payload.shape === 'blob' ? 'application/octet-stream' : 'text/plain';
      return frame(headers, (inner ?? '') as string | Uint8Array);
    }
    headers[':content-type'] = codec.contentType;
    return frame(headers, codec.write(payload.shape, inner));
  }
  headers[':content-type'] = codec.contentType;
  const body: Structure = { ...shape, members: shape.members.filter((member) => !member.traits.eventHeader) };
  return frame(headers, codec.write(body.members.length === shape.members.length ? shape : body, value));
}

/** One message: total length, headers length, their CRC, headers, payload, CRC of all that. */
function frame(headers: Record<string, unknown>, payload: string | Uint8Array): Uint8Array {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const out = Buffer.alloc(16 + head.length + body.length);
  out.writeUInt32BE(out.length, 0);
  out.writeUInt32BE(head.length, 4);
  out.writeUInt32BE(crc32(out.subarray(0, 8)), 8);
  out.set(head, 12);
  out.set(body, 12 + head.length);
  out.writeUInt32BE(crc32(out.subarray(0, out.length - 4)), out.length - 4);
  return out;
}

/** Header types: 0 true, 1 false, 4 integer, 6 bytes, 7 text, 8 timestamp in milliseconds. */
function encodeHeader(name: string, value: unknown): Buffer {
  const key = Buffer.from(name);
  const start = Buffer.concat([Buffer.of(key.length), key]);
  if (typeof value === 'boolean') return Buffer.concat([start, Buffer.of(value ? 0 : 1)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(5, 4);
    bytes.writeInt32BE(value, 1);
    return Buffer.concat([start, bytes]);
  }
  if (value instanceof Date) {
    const bytes = Buffer.alloc(9, 8);
    bytes.writeBigInt64BE(BigInt(value.getTime()), 1);
    return Buffer.concat([start, bytes]);
  }
  const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
  const sized = Buffer.alloc(3, value instanceof Uint8Array ? 6 : 7);
  sized.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([start, sized, bytes]);
}

// What serializers of schema registries put before a message: which schema it was written with.
import { inflateSync } from 'node:zlib';

/** The schema that a message names. */
export interface SchemaName {
  registry: 'glue' | 'confluent';
  /** A UUID for the Glue Schema Registry, a number for Confluent's. */
  id: string;
}

export interface SchemaMessage {
  schema: SchemaName;
  payload: Uint8Array;
  /** Why the payload cannot be unpacked; it is then as it was. */
  problem?: string;
}

const GLUE_VERSION = 3;
const GLUE_PLAIN = 0;
const GLUE_ZLIB = 5;
const GLUE_HEADER_BYTES = 18;
const CONFLUENT_HEADER_BYTES = 5;

/**
 * Reads the header of the Glue Schema Registry: 3, the compression (0 none, 5 zlib), and the UUID of the schema's version.
 * https://github.com/awslabs/aws-glue-schema-registry (AWSSchemaRegistryConstants)
 * @returns undefined for bytes that do not begin with one
 */
export function readGlueHeader(bytes: Uint8Array, maxBytes: number): SchemaMessage | undefined {
  const [version, compression] = bytes;
  if (version !== GLUE_VERSION || (compression !== GLUE_PLAIN && compression !== GLUE_ZLIB)) return undefined;
  if (bytes.length <= GLUE_HEADER_BYTES || !isRandomUuid(bytes.subarray(2, GLUE_HEADER_BYTES))) return undefined;
  const schema: SchemaName = { registry: 'glue', id: uuidText(bytes.subarray(2, GLUE_HEADER_BYTES)) };
  const payload = bytes.subarray(GLUE_HEADER_BYTES);
  if (compression === GLUE_PLAIN) return { schema, payload };
  try {
    return { schema, payload: inflateSync(payload, { maxOutputLength: maxBytes }) };
  } catch {
    return { schema, payload, problem: 'zlib data, but it is broken or unpacks to more than is allowed' };
  }
}

/**
 * Reads Confluent's header: 0, and the schema's number in four bytes. Two zeros are little proof, so its caller believes it only if the
 * payload makes sense.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export function readConfluentHeader(bytes: Uint8Array): SchemaMessage | undefined {
  if (bytes[0] !== 0 || bytes.length <= CONFLUENT_HEADER_BYTES) return undefined;
  const id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const payload = bytes.subarray(CONFLUENT_HEADER_BYTES);
  // Frames of gRPC begin with 0 and their length.
  if (id === 0 || id === payload.length) return undefined;
  return { schema: { registry: 'confluent', id: String(id) }, payload };
}

/** Version 4 of RFC 9562, which Glue's ids are. */
const isRandomUuid = (bytes: Uint8Array): boolean => (bytes[6] ?? 0) >> 4 === 4 && (bytes[8] ?? 0) >> 6 === 2;

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

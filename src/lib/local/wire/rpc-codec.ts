// The protocols that carry a whole input or output in one body.
import { createCborReader, writeCbor } from './cbor-codec.js';
import { createJsonReader, createJsonWriter } from './json-codec.js';
import type { Protocol } from './pack-format.js';
import type { Shape, Structure } from './service-model.js';
import type { TreeReader } from './tree-reader.js';

export interface BodyCodec {
  contentType: string;
  read(structure: Structure, bytes: Uint8Array): ReturnType<TreeReader['read']>;
  write(shape: Shape, value: unknown): string | Uint8Array;
}

const jsonReader = createJsonReader((member) => member.name);
const jsonWriter = createJsonWriter((member) => member.name);
const json = (contentType: string): BodyCodec => ({ contentType, read: jsonReader.read, write: jsonWriter.write });

const cbor = (contentType: string, millisPerUnit: number): BodyCodec => ({
  contentType,
  read: createCborReader(millisPerUnit).read,
  write: (shape, value) => writeCbor(shape, value, millisPerUnit),
});

const codecs: Partial<Record<Protocol, BodyCodec>> = {
  awsJson1_0: json('application/x-amz-json-1.0'),
  awsJson1_1: json('application/x-amz-json-1.1'),
  awsCbor1_1: cbor('application/x-amz-cbor-1.1', 1),
  rpcv2Cbor: cbor('application/cbor', 1000),
};

/** The codec of an RPC protocol; undefined for forms and REST. */
export const rpcCodec = (protocol: Protocol): BodyCodec | undefined => codecs[protocol];

const renamed = (member: { name: string; traits: { jsonName?: string } }): string =>
  member.traits.jsonName ?? member.name;

/** JSON bodies of REST services, which rename members. */
export const restJsonCodec: BodyCodec = {
  contentType: 'application/json',
  read: createJsonReader(renamed).read,
  write: createJsonWriter(renamed).write,
};

// CBOR (RFC 8949) in and out: RPC v2 CBOR, and the older CBOR that Kinesis' Java clients speak, where tag 1 holds milliseconds.
import { isUtf8 } from 'node:buffer';
import { MAX_DEPTH, refuse, setOwn, Unparsed } from './bad-input.js';
import { CborBuffer } from './cbor-buffer.js';
import type { Member, Shape, Structure } from './service-model.js';
import { createTreeReader, type TreeReader } from './tree-reader.js';
import { ValueBudget } from './value-budget.js';

const BREAK = Symbol('break');

const trees = createTreeReader({
  keyOf: (member) => member.name,
  blob: (value) => (value instanceof Uint8Array ? value : refuse(value, 'Blob')),
  timestamp: (value) => (value instanceof Date ? value : refuse(value, 'Timestamp')),
});

/** `millisPerUnit` of tag 1: 1000 for RPC v2 CBOR, 1 for Kinesis' older one. */
export function createCborReader(millisPerUnit: number): {
  read(structure: Structure, bytes: Uint8Array): ReturnType<TreeReader['read']>;
} {
  return { read: (structure, bytes) => trees.read(structure, decodeCbor(bytes, millisPerUnit)) };
}

/** @throws BadInput when the bytes are not one complete item; no length is believed before its bytes are seen */
function decodeCbor(bytes: Uint8Array, millisPerUnit: number): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let depth = 0;
  const budget = new ValueBudget();

  const take = (length: number): number => {
    if (length > buffer.length - at) throw malformed('it ends too early');
    const start = at;
    at += length;
    return start;
  };

  const argument = (info: number): number => {
    if (info < 24) return info;
    if (info === 24) return buffer.readUInt8(take(1));
    if (info === 25) return buffer.readUInt16BE(take(2));
    if (info === 26) return buffer.readUInt32BE(take(4));
    if (info === 27) return Number(buffer.readBigUInt64BE(take(8)));
    throw malformed('a length is not valid');
  };

  /** Byte or text string, also in chunks. */
  const string = (major: number, info: number): Buffer => {
    if (info !== 31) {
      const length = argument(info);
      return buffer.subarray(take(length), at);
    }
    const chunks: Buffer[] = [];
    for (;;) {
      const head = buffer.readUInt8(take(1));
      if (head === 0xff) return Buffer.concat(chunks);
      if (head >> 5 !== major || (head & 31) === 31) throw malformed('a chunk is of another type');
      const length = argument(head & 31);
      chunks.push(buffer.subarray(take(length), at));
    }
  };

  const array = (info: number): unknown[] => {
    const items: unknown[] = [];
    if (info === 31) {
      for (let item = next(); item !== BREAK; item = next()) {
        budget.takeItem();
        items.push(item);
      }
      return items;
    }
    const length = argument(info);
    if (length > buffer.length - at) throw malformed('it ends too early');
    for (let index = 0; index < length; index++) {
      budget.takeItem();
      items.push(item());
    }
    return items;
  };

  const map = (info: number): Record<string, unknown> => {
    const out: Record<string, unknown> = {};
    const length = info === 31 ? Number.POSITIVE_INFINITY : argument(info);
    if (info !== 31 && length * 2 > buffer.length - at) throw malformed('it ends too early');
    for (let index = 0; index < length; index++) {
      const key = next();
      if (key === BREAK && info === 31) return out;
      if (typeof key !== 'string') throw malformed('a map key is not text');
      budget.takeKeys();
      setOwn(out, key, item());
    }
    return out;
  };

  const tagged = (info: number): unknown => {
    const tag = argument(info);
    const value = item();
    if (tag === 1 && typeof value === 'number') return dateOf(value * millisPerUnit);
    if ((tag === 2 || tag === 3) && value instanceof Uint8Array && value.length <= 16) {
      const unsigned = value.length === 0 ? 0n : BigInt(`0x${Buffer.from(value).toString('hex')}`);
      return Number(tag === 2 ? unsigned : -1n - unsigned);
    }
    return value;
  };

  const simple = (info: number): unknown => {
    if (info === 20) return false;
    if (info === 21) return true;
    if (info === 22 || info === 23) return null;
    if (info === 25) return halfFloat(buffer.readUInt16BE(take(2)));
    if (info === 26) return buffer.readFloatBE(take(4));
    if (info === 27) return buffer.readDoubleBE(take(8));
    if (info === 31) return BREAK;
    throw malformed('a simple value is not known');
  };

  const item = (): unknown => {
    const value = next();
    if (value === BREAK) throw malformed('a break stands where a value is due');
    return value;
  };

  const next = (): unknown => {
    const head = buffer.readUInt8(take(1));
    const info = head & 31;
    switch (head >> 5) {
      case 0:
        return argument(info);
      case 1:
        return -1 - argument(info);
      case 2:
        return string(2, info);
      case 3:
        return textOf(string(3, info));
      case 7:
        return simple(info);
    }
    budget.takeKeys();
    if (++depth > MAX_DEPTH) throw malformed(`it is nested deeper than ${MAX_DEPTH} levels`);
    const value = head >> 5 === 4 ? array(info) : head >> 5 === 5 ? map(info) : tagged(info);
    depth -= 1;
    return value;
  };

  const value = item();
  if (at !== buffer.length) throw malformed('more bytes follow it');
  return value;
}

const REPLACEMENT = '\ufffd';

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // Decoding replaces what is no UTF-8: only text that has the replacement needs a second look.
  if (text.includes(REPLACEMENT) && !isUtf8(bytes)) throw malformed('a text is not valid UTF-8');
  return text;
}

function dateOf(ms: number): Date {
  const date = new Date(Math.round(ms));
  return Number.isNaN(date.getTime()) ? refuse(ms, 'Timestamp') : date;
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const malformed = (why: string): Unparsed => new Unparsed(`the body is not valid CBOR: ${why}`);

/** Writes a value of a schema as CBOR. Undefined and null members are left out. */
export function writeCbor(shape: Shape, value: unknown, millisPerUnit: number): Uint8Array {
  const out = new CborBuffer();
  write(out, { name: '', shape, required: false, traits: {} }, value, millisPerUnit);
  return out.bytes();
}

function write(out: CborBuffer, { shape }: Member, value: unknown, millisPerUnit: number): void {
  if (value === null || value === undefined) out.nothing();
  else if (shape === 'string') out.text(String(value));
  else if (shape === 'number') out.number(Number(value));
  else if (shape === 'boolean') out.boolean(Boolean(value));
  else if (shape === 'blob') out.binary(value as Uint8Array);
  else if (shape === 'timestamp') out.timestamp((value as Date).getTime() / millisPerUnit);
  else if (shape.kind === 'list') {
    const items = value as unknown[];
    out.array(items.length);
    for (const item of items) write(out, shape.member, item, millisPerUnit);
  } else if (shape.kind === 'map') {
    const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
    out.map(entries.length);
    for (const [key, item] of entries) {
      out.text(key);
      write(out, shape.value, item, millisPerUnit);
    }
  } else writeStructure(out, shape, value as Record<string, unknown>, millisPerUnit);
}

function writeStructure(
  out: CborBuffer,
  { members }: Structure,
  source: Record<string, unknown>,
  millisPerUnit: number,
): void {
  const isSet = ({ name }: Member): boolean => source[name] !== undefined && source[name] !== null;
  let count = 0;
  for (const member of members) if (isSet(member)) count += 1;
  out.map(count);
  for (const member of members) {
    if (!isSet(member)) continue;
    out.text(member.name);
    write(out, member, source[member.name], millisPerUnit);
  }
}

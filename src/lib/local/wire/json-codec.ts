// JSON in and out, compiled from the schemas.
import { isAscii } from 'node:buffer';
import { refuse, Unparsed } from './bad-input.js';
import { keptText } from './kept-text.js';
import { formatTimestamp, readBase64 } from './scalar-text.js';
import type { Member, Shape, Structure } from './service-model.js';
import { createTreeReader, type TreeReader } from './tree-reader.js';
import { checkJsonBudget } from './value-budget.js';

/** `wireName` is what a member is called in JSON: REST services rename some. */
export function createJsonReader(wireName: (member: Member) => string): {
  read(structure: Structure, bytes: Uint8Array): ReturnType<TreeReader['read']>;
} {
  const reader = createTreeReader({ blob: readBase64, timestamp: readTimestamp, keyOf: wireName });
  return { read: (structure, bytes) => reader.read(structure, parseJson(bytes)) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Most bodies are ASCII (blobs are base64), which is read twice as fast by itself. @throws TypeError for what is not UTF-8 */
const textOf = (bytes: Uint8Array): string =>
  isAscii(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    : utf8.decode(bytes);

function parseJson(bytes: Uint8Array): unknown {
  checkJsonBudget(bytes);
  let text: string;
  try {
    text = textOf(bytes);
  } catch {
    throw new Unparsed('the body is not valid UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unparsed(`the body is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function readTimestamp(value: unknown): Date {
  if (typeof value === 'number') return validDate(new Date(Math.round(value * 1000)), value);
  if (typeof value !== 'string' || value === '') refuse(value, 'Timestamp');
  const seconds = Number(value);
  return validDate(Number.isNaN(seconds) ? new Date(value as string) : new Date(Math.round(seconds * 1000)), value);
}

function validDate(date: Date, from: unknown): Date {
  return Number.isNaN(date.getTime()) ? refuse(from, 'Timestamp') : date;
}

type Write = (value: unknown) => string;

/** Writes a value of a schema as JSON text. Undefined and null members are left out. */
export function createJsonWriter(wireName: (member: Member) => string): {
  write(shape: Shape, value: unknown): string;
} {
  const compiled = new WeakMap<Structure, Write>();

  const writerOf = (shape: Shape, member?: Member): Write => {
    if (shape === 'string') return writeString;
    if (shape === 'number') return writeNumber;
    if (shape === 'boolean') return String;
    if (shape === 'blob') return writeBlob;
    if (shape === 'timestamp') return timestampWriter(member);
    if (shape.kind === 'list') {
      const write = writerOf(shape.member.shape, shape.member);
      return (value) => {
        let text = '[';
        let comma = '';
        for (const item of value as unknown[]) {
          text += comma + (item === null || item === undefined ? 'null' : write(item));
          comma = ',';
        }
        return `${text}]`;
      };
    }
    if (shape.kind === 'map') {
      const write = writerOf(shape.value.shape, shape.value);
      return (value) => {
        const kept = keptText(value as object);
        if (kept !== undefined) return kept;
        let text = '{';
        let comma = '';
        for (const [key, item] of Object.entries(value as object)) {
          if (item === undefined) continue;
          text += `${comma}${writeString(key)}:${item === null ? 'null' : write(item)}`;
          comma = ',';
        }
        return `${text}}`;
      };
    }
    return structureWriter(shape);
  };

  const structureWriter = (structure: Structure): Write => {
    let write = compiled.get(structure);
    return (value) => {
      if (!write) {
        write = compiled.get(structure) ?? compileStructure(structure);
        compiled.set(structure, write);
      }
      return write(value);
    };
  };

  const compileStructure = (structure: Structure): Write => {
    const fields = structure.members.map((member) => ({
      name: member.name,
      head: `${JSON.stringify(wireName(member))}:`,
      write: writerOf(member.shape, member),
    }));
    return (value) => {
      const source = value as Record<string, unknown>;
      let text = '{';
      let comma = '';
      for (const field of fields) {
        const member = source[field.name];
        if (member === undefined || member === null) continue;
        text += comma + field.head + field.write(member);
        comma = ',';
      }
      return `${text}}`;
    };
  };

  return { write: (shape, value) => writerOf(shape)(value) };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what JSON must escape
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;
const writeString: Write = (value) => {
  const text = String(value);
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
};

const writeNumber: Write = (value) => (Number.isFinite(value) ? String(value) : `"${value}"`);

const writeBlob: Write = (value) => {
  const bytes = value as Uint8Array;
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return `"${buffer.toString('base64')}"`;
};

function timestampWriter(member: Member | undefined): Write {
  const format = member?.traits.timestampFormat ?? 'epoch-seconds';
  if (format === 'epoch-seconds') return (value) => String((value as Date).getTime() / 1000);
  return (value) => `"${formatTimestamp(value as Date, format)}"`;
}

// Scalars as text: in headers, query strings, paths, forms and XML.
import { BadInput, refuse } from './bad-input.js';
import type { TimestampFormat } from './pack-format.js';
import type { Member } from './service-model.js';

/** @throws BadInput when the text is not of the member's type */
export function parseScalar(member: Member, text: string): unknown {
  switch (member.shape) {
    case 'string':
      return text;
    case 'boolean': {
      const lower = text.trim().toLowerCase();
      if (lower !== 'true' && lower !== 'false') refuse(text, 'Boolean');
      return lower === 'true';
    }
    case 'number':
      return parseNumber(text);
    case 'blob':
      return readBase64(text.trim());
    case 'timestamp':
      return parseTimestamp(text.trim());
    default:
      return refuse(text, member.shape.name);
  }
}

function parseNumber(text: string): number {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (trimmed === '' || (Number.isNaN(value) && trimmed !== 'NaN')) refuse(text, 'Number');
  return value;
}

/** Seconds since the epoch, ISO 8601 or an HTTP date: clients differ, and no text is two of them. */
function parseTimestamp(text: string): Date {
  const date = /^-?\d+(\.\d+)?$/.test(text) ? new Date(Math.round(Number(text) * 1000)) : new Date(text);
  if (text === '' || Number.isNaN(date.getTime())) throw new BadInput(`'${text}' can not be converted to Timestamp`);
  return date;
}

/** @param format of timestamps, where the member names none */
export function formatScalar(member: Member, value: unknown, format: TimestampFormat): string {
  if (value instanceof Date) return formatTimestamp(value, member.traits.timestampFormat ?? format);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}

export function formatTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  return format === 'http-date' ? date.toUTCString() : date.toISOString().replace('.000Z', 'Z');
}

/** Buffer skips what is not base64; its length tells, so nothing is lost in silence. */
export function readBase64(value: unknown): Uint8Array {
  if (typeof value !== 'string') refuse(value, 'Blob');
  const text = value as string;
  const { length } = text;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  if (length % 4 !== 0 || bytes.length !== (length / 4) * 3 - padding || text.includes('-') || text.includes('_')) {
    throw new BadInput(
      `'${text.length > 40 ? `${text.slice(0, 40)}...` : text}' can not be converted to Blob: invalid base64`,
    );
  }
  return bytes;
}

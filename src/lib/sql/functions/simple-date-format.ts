import { extractUnit } from '../types/date-time.js';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[\s\S]/g;

/** The fields of java.text.SimpleDateFormat that logs use; the SQL Reference names it for every datetime format. */
type Field = 'y' | 'M' | 'd' | 'H' | 'h' | 'm' | 's' | 'S' | 'a' | 'E' | 'z' | 'Z' | 'D' | 'k' | 'K' | 'w';
const FIELDS = 'yMdHhmsSaEzZDkKw';

type Part = { readonly field: Field; readonly width: number } | { readonly text: string };

function partsOf(pattern: string): Part[] {
  return [...pattern.matchAll(TOKEN)].map(([token, quoted]) => {
    if (quoted !== undefined) return { text: quoted === '' ? "'" : quoted.replaceAll("''", "'") };
    const letter = token.charAt(0);
    return FIELDS.includes(letter) ? { field: letter as Field, width: token.length } : { text: token };
  });
}

/** An instant in the words of the pattern, in UTC. */
export function formatPattern(pattern: string, ms: number): string {
  const date = new Date(ms);
  return partsOf(pattern)
    .map((part) => ('text' in part ? part.text : formatField(part.field, part.width, date)))
    .join('');
}

function formatField(field: Field, width: number, date: Date): string {
  const padded = (value: number): string => String(value).padStart(width, '0');
  const hour = date.getUTCHours();
  switch (field) {
    case 'y':
      return width === 2 ? String(date.getUTCFullYear() % 100).padStart(2, '0') : padded(date.getUTCFullYear());
    case 'M': {
      const name = MONTHS[date.getUTCMonth()] ?? '';
      return width >= 4 ? name : width === 3 ? name.slice(0, 3) : padded(date.getUTCMonth() + 1);
    }
    case 'd':
      return padded(date.getUTCDate());
    case 'H':
      return padded(hour);
    case 'k':
      return padded(hour === 0 ? 24 : hour);
    case 'K':
      return padded(hour % 12);
    case 'h':
      return padded(hour % 12 === 0 ? 12 : hour % 12);
    case 'm':
      return padded(date.getUTCMinutes());
    case 's':
      return padded(date.getUTCSeconds());
    case 'S':
      return padded(date.getUTCMilliseconds());
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'E': {
      const name = DAYS[date.getUTCDay()] ?? '';
      return width >= 4 ? name : name.slice(0, 3);
    }
    case 'D':
      return padded(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000) + 1);
    case 'w':
      return padded(extractUnit(date.getTime(), 'WEEK'));
    case 'z':
      return 'UTC';
    case 'Z':
      return '+0000';
  }
}

/** The instant that a text in the pattern's form stands for, or undefined. Text behind the pattern is left out, as in Java. */
export function parsePattern(pattern: string, text: string): number | undefined {
  const found: Partial<Record<Field, number>> = {};
  const parts = partsOf(pattern);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if ('text' in part) {
      if (!text.startsWith(part.text, at)) return undefined;
      at += part.text.length;
      continue;
    }
    const next = parts[index + 1];
    const adjoining = next !== undefined && 'field' in next;
    const read = readField(part, text.slice(at), adjoining);
    if (!read) return undefined;
    found[part.field] = read.value;
    at += read.length;
  }
  return instantOf(found);
}

function readField(
  { field, width }: { field: Field; width: number },
  text: string,
  adjoining: boolean,
): { value: number; length: number } | undefined {
  if (field === 'a') return readName(text, ['AM', 'PM'], 2);
  if (field === 'E') return readName(text, DAYS, 3);
  if (field === 'M' && width >= 3) return readName(text, MONTHS, 3);
  if (field === 'z' || field === 'Z') return readZone(text);
  const digits = new RegExp(`^\\d{1,${adjoining ? width : 9}}`).exec(text)?.[0];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  if (field === 'M') return { value: value - 1, length: digits.length };
  // Two digits of a year: SimpleDateFormat takes the century from 80 years ago on.
  if (field === 'y' && width <= 2 && digits.length === 2)
    return { value: value + (value < 50 ? 2000 : 1900), length: 2 };
  return { value, length: digits.length };
}

function readName(
  text: string,
  names: readonly string[],
  short: number,
): { value: number; length: number } | undefined {
  const lower = text.toLowerCase();
  const value = names.findIndex((name) => lower.startsWith(name.slice(0, short).toLowerCase()));
  const name = names[value];
  if (name === undefined) return undefined;
  return { value, length: lower.startsWith(name.toLowerCase()) ? name.length : short };
}

function readZone(text: string): { value: number; length: number } | undefined {
  const [zone, sign, hours, minutes] = /^(?:UTC|GMT|Z)?([+-])(\d{2}):?(\d{2})/.exec(text) ?? [];
  if (zone !== undefined)
    return { value: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000, length: zone.length };
  const name = /^(?:UTC|GMT|Z)/.exec(text)?.[0];
  return name === undefined ? undefined : { value: 0, length: name.length };
}

function instantOf(found: Partial<Record<Field, number>>): number | undefined {
  const { y = 1970, M = 0, d = 1, m = 0, s = 0, S = 0 } = found;
  const half = found.h ?? found.K;
  const hour =
    found.H ??
    (found.k === undefined ? undefined : found.k % 24) ??
    (half === undefined ? 0 : (half % 12) + (found.a === 1 ? 12 : 0));
  const ms = Date.UTC(y, M, found.D ?? d, hour, m, s, S) - (found.Z ?? found.z ?? 0);
  return Number.isNaN(ms) ? undefined : ms;
}

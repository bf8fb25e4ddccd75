import { RowError } from '../sql-error.js';
import { INTEGER, type SqlType, VARCHAR } from '../types/sql-type.js';
import { type FunctionCall, type ScalarFunction, strict } from './scalar-function.js';

/** Functions of text, from the SQL Reference, "String and Search Functions". Positions count from 1. */
export const TEXT_FUNCTIONS: Record<string, ScalarFunction> = {
  CHAR_LENGTH: strict(['text'], INTEGER, ([text]) => String(text).length),
  CHARACTER_LENGTH: strict(['text'], INTEGER, ([text]) => String(text).length),
  UPPER: strict(['text'], sameText, ([text]) => String(text).toUpperCase()),
  LOWER: strict(['text'], sameText, ([text]) => String(text).toLowerCase()),
  INITCAP: strict(['text'], sameText, ([text]) => initCap(String(text))),
  POSITION: strict(['text', 'text'], INTEGER, ([sought, text]) => String(text).indexOf(String(sought)) + 1),
  SUBSTRING: { ...strict(['any', 'number', 'number'], sameText, substring, 2) },
  OVERLAY: strict(['text', 'text', 'number', 'number'], VARCHAR, overlay, 3),
  TRIM: strict(['text', 'text', 'text'], lastText, ([side, chars, text]) =>
    trim(String(side), String(chars), String(text)),
  ),
  REPLACE: strict(['text', 'text', 'text'], VARCHAR, ([text, sought, put]) =>
    sought === '' ? String(text) : String(text).replaceAll(String(sought), () => String(put)),
  ),
  CONCAT: strict(
    ['text', 'text', 'text', 'text', 'text', 'text', 'text', 'text'],
    VARCHAR,
    (texts) => texts.join(''),
    1,
  ),
};

function sameText({ values }: FunctionCall): SqlType {
  const type = values[0]?.type ?? VARCHAR;
  return type.name === 'CHAR' ? { ...type, name: 'VARCHAR' } : type;
}

function lastText({ values }: FunctionCall): SqlType {
  return values.at(-1)?.type ?? VARCHAR;
}

function initCap(text: string): string {
  return text.toLowerCase().replaceAll(/[\p{L}\p{N}]+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** SUBSTRING works on BINARY too, whose values are two digits a byte. */
function substring([text, from, length]: readonly unknown[], { values }: FunctionCall): string {
  const size = values[0]?.type.name.includes('BINARY') ? 2 : 1;
  const start = Number(from) - 1;
  if (length !== undefined && Number(length) < 0)
    throw new RowError('InvalidArgument', 'SUBSTRING of a negative length.');
  const end = length === undefined ? Number.POSITIVE_INFINITY : start + Number(length);
  return String(text).slice(Math.max(0, start) * size, Math.max(0, end) * size);
}

function overlay([text, put, from, length]: readonly unknown[]): string {
  const start = Math.max(0, Number(from) - 1);
  const removed = length === undefined ? String(put).length : Number(length);
  return `${String(text).slice(0, start)}${String(put)}${String(text).slice(Math.max(0, start + removed))}`;
}

function trim(side: string, chars: string, text: string): string {
  if (chars.length !== 1) throw new RowError('InvalidArgument', 'TRIM removes exactly one character.');
  let [start, end] = [0, text.length];
  if (side !== 'TRAILING') while (start < end && text[start] === chars) start += 1;
  if (side !== 'LEADING') while (end > start && text[end - 1] === chars) end -= 1;
  return text.slice(start, end);
}

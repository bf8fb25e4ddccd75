import { readTokens } from '../parse/read-tokens.js';
import type { InputColumn } from './input-schema.js';

/**
 * Names columns as a text refers to them: SQL makes names without quotes upper case, so `SELECT price` finds the field `price` under the name PRICE;
 * `"price"` finds it under its own. Columns that the text does not name keep the field's name.
 */
export function nameAsWritten(sql: string, columns: readonly InputColumn[]): InputColumn[] {
  const quoted = new Set<string>();
  const words = new Set<string>();
  for (const { kind, text } of readTokens(sql)) {
    if (kind === 'name') quoted.add(text);
    if (kind === 'word') words.add(text);
  }
  const taken = new Set(columns.map(({ name }) => name));
  return columns.map((column) => {
    const upper = column.name.toUpperCase();
    if (quoted.has(column.name) || !words.has(upper) || taken.has(upper)) return column;
    return { ...column, name: upper };
  });
}

/**
 * The name under which a text reads its only input: SOURCE_SQL_STREAM_001 if it says so, as every SQL application does; else the stream's own name.
 */
export function inputNameIn(sql: string, stream: string): string {
  const tokens = readTokens(sql);
  const says = (name: string): boolean =>
    tokens.some(({ kind, text }) => (kind === 'word' || kind === 'name') && text === name);
  if (says(SOURCE_STREAM)) return SOURCE_STREAM;
  return tokens.some(({ kind, text }) => kind === 'name' && text === stream) ? stream : stream.toUpperCase();
}

/** What the first input of a SQL application is called, unless it is split over several in-application streams. */
const SOURCE_STREAM = 'SOURCE_SQL_STREAM_001';

export interface LineField {
  value: string;
  /** Offset in the line. */
  start: number;
}

/**
 * Splits a line at white space. Text in `[brackets]` or `"double quotes"` is one field, and loses them, as in AWS's extracted values.
 * Read by hand, in one pass: a regular expression would look for the end of each of a thousand open brackets anew.
 */
export function splitFields(line: string): LineField[] {
  const fields: LineField[] = [];
  let closing = -1;
  for (let at = skipSpace(line, 0); at < line.length; at = skipSpace(line, at)) {
    let end: number | undefined;
    if (line[at] === '[') {
      if (closing <= at) closing = indexOrEnd(line, ']', at);
      if (endsField(line, closing)) end = closing;
    } else if (line[at] === '"') {
      const quote = closingQuote(line, at);
      if (endsField(line, quote)) end = quote;
    }
    if (end !== undefined) {
      fields.push({ value: line.slice(at + 1, end), start: at });
      at = end + 1;
    } else {
      const start = at;
      while (at < line.length && !isSpace(line.charCodeAt(at))) at += 1;
      fields.push({ value: line.slice(start, at), start });
    }
  }
  return fields;
}

/** Whether there is something at `index`, and a field ends with it. */
const endsField = (line: string, index: number): boolean =>
  index < line.length && (index + 1 === line.length || isSpace(line.charCodeAt(index + 1)));

function closingQuote(line: string, opened: number): number {
  for (let at = opened + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at;
  }
  return line.length;
}

function indexOrEnd(line: string, char: string, from: number): number {
  const index = line.indexOf(char, from);
  return index === -1 ? line.length : index;
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (at < line.length && isSpace(line.charCodeAt(at))) at += 1;
  return at;
}

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

/** Splits a line at white space. Text in `[brackets]` or `"double quotes"` is one field, and loses them, as in AWS's extracted values. */
export function splitFields(line: string): { value: string; start: number }[] {
  const fields: { value: string; start: number }[] = [];
  const field = /\[([^\]]*)\](?=\s|$)|"((?:[^"\\]|\\.)*)"(?=\s|$)|\S+/gs;
  for (const match of line.matchAll(field)) {
    fields.push({ value: match[1] ?? match[2] ?? match[0], start: match.index });
  }
  return fields;
}

const PLACEHOLDERS = ['marker', 'n', 'key', 'now', 'run'];

/** `{marker}` without quotes is a mapping to YAML. @returns the first placeholder written so, at any depth */
export function findBarePlaceholder(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && only[1] === null && PLACEHOLDERS.includes(only[0])) return only[0];
  for (const [, inner] of entries) {
    const found = findBarePlaceholder(inner);
    if (found) return found;
  }
  return undefined;
}

export const barePlaceholderError = (name: string): string =>
  `{${name}} needs quotes, or YAML reads a mapping: "{${name}}"`;

/** Whether a line has a placeholder that stands in a text without quotes, which YAML takes only outside of braces and brackets. */
export const hasUnquotedPlaceholder = (line: string): boolean =>
  new RegExp(`[^\\s"'{][^"'{]*\\{(${PLACEHOLDERS.join('|')})\\}`).test(line);

/** Strings, and what structures JSON; everything between them says nothing about keys. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/gs;

/**
 * The first key that an object of a JSON text has twice. `JSON.parse` takes the later one and drops the earlier in silence, which in a
 * template is a resource lost.
 * @param text JSON that is well-formed
 */
export function findRepeatedKey(text: string): { key: string; line: number; column: number } | undefined {
  /** Keys of each object around the place; undefined for an array. */
  const around: (Set<string> | undefined)[] = [];
  let isKeyNext = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const keys = around.at(-1);
    if (token === '{') around.push(new Set());
    else if (token === '[') around.push(undefined);
    else if (token === '}' || token === ']') around.pop();
    else if (token !== ',' && isKeyNext && keys) {
      const key = JSON.parse(token) as string;
      if (keys.has(key)) return { key, ...place(text, index) };
      keys.add(key);
    }
    isKeyNext = token === '{' || (token === ',' && keys !== undefined);
  }
  return undefined;
}

function place(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

// JSON paths as mapping templates and parameter mappings write them: `$.a.b[0]['c d']`, and `[*]` for each item of a list.

const STEP = /\.([A-Za-z_$][\w$-]*)|\.\*|\[\s*(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*))\s*\]/y;

/** The value at a path; undefined if nothing is there, or the path is none. */
export function atJsonPath(value: unknown, path: string): unknown {
  const text = path.trim();
  if (text === '' || text === '$') return value;
  STEP.lastIndex = text.startsWith('$') ? 1 : 0;
  const relative = text.startsWith('$') ? text : `.${text}`;
  let current = value;
  let isMany = false;
  while (STEP.lastIndex < relative.length) {
    const found = STEP.exec(relative);
    if (!found) return undefined;
    const [, name, single, double, index, star] = found;
    const key = name ?? single ?? double ?? index;
    const step = (from: unknown): unknown => (key === undefined ? from : memberOf(from, key));
    if (key === undefined) {
      if (star === undefined && found[0] !== '.*') return undefined;
      const items = listOf(current);
      current = isMany ? items.flatMap(listOf) : items;
      isMany = true;
    } else if (isMany)
      current = listOf(current)
        .map(step)
        .filter((item) => item !== undefined);
    else current = step(current);
  }
  return current;
}

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : [];

function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^-?\d+$/.test(key) ? value.at(Number(key)) : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

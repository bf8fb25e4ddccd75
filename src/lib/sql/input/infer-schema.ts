import { UsageError } from '../../shared/errors.js';
import type { InputColumn, InputSchema } from './input-schema.js';

/** How deep objects inside records become columns of their own; what is deeper is text. */
const MOST_DEPTH = 3;
const MOST_COLUMNS = 1000;

type Kind = 'whole' | 'number' | 'boolean' | 'text';

/**
 * Infers the columns of records: JSON by member (an object inside becomes columns `outer_inner`), everything else as CSV with columns COL0, COL1…
 * Whole numbers are BIGINT, others DOUBLE, texts VARCHAR without a length, so that nothing is cut.
 * @param samples the texts of some records
 * @throws UsageError if there is nothing to infer from
 */
export function inferSchema(name: string, samples: readonly string[]): InputSchema {
  const objects = samples.flatMap(objectsOf);
  const columns = objects.length > 0 ? columnsOfObjects(objects) : columnsOfLines(samples);
  if (columns.length === 0)
    throw new UsageError('The records have no fields to infer columns from.', {
      hint: "Name the columns: --columns 'id VARCHAR(16), price DECIMAL(10,2)'",
    });
  return { name, format: objects.length > 0 ? 'JSON' : 'CSV', columns: columns.slice(0, MOST_COLUMNS) };
}

function objectsOf(text: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).filter(isObject);
  } catch {
    return [];
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function columnsOfObjects(objects: readonly Record<string, unknown>[]): InputColumn[] {
  const found = new Map<string, { path: readonly string[]; kinds: Set<Kind> }>();
  const visit = (object: Record<string, unknown>, outer: readonly string[]): void => {
    for (const [key, value] of Object.entries(object)) {
      const path = [...outer, key];
      if (isObject(value) && path.length < MOST_DEPTH && Object.keys(value).length > 0) visit(value, path);
      else {
        const name = path.join('_');
        const known = found.get(name) ?? { path, kinds: new Set<Kind>() };
        const kind = kindOf(value);
        if (kind !== undefined) known.kinds.add(kind);
        found.set(name, known);
      }
    }
  };
  for (const object of objects) visit(object, []);
  return [...found].map(([name, { path, kinds }]) => ({ name, type: typeOf(kinds), mapping: writeJsonPath(path) }));
}

/** `$["a"]["b c"]`, or `$['a"b']` for a member with a quote in its name. */
export const writeJsonPath = (path: readonly string[]): string =>
  `$${path.map((member) => (/^[^.[\]"']+$/.test(member) ? `.${member}` : member.includes('"') ? `['${member}']` : `["${member}"]`)).join('')}`;

function columnsOfLines(samples: readonly string[]): InputColumn[] {
  const kinds: Set<Kind>[] = [];
  for (const line of samples.flatMap((sample) => sample.split(/\r?\n/)).filter((text) => text !== '')) {
    for (const [index, cell] of line.split(',').entries()) {
      kinds[index] ??= new Set();
      kinds[index].add(kindOfText(cell));
    }
  }
  return kinds.map((each, index) => ({ name: `COL${index}`, type: typeOf(each) }));
}

function kindOf(value: unknown): Kind | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return Number.isInteger(value) ? 'whole' : 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}

const kindOfText = (text: string): Kind =>
  /^[+-]?\d{1,18}$/.test(text) ? 'whole' : /^[+-]?\d+\.\d+$/.test(text) ? 'number' : 'text';

function typeOf(kinds: ReadonlySet<Kind>): string {
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined)
    return { whole: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN', text: 'VARCHAR' }[only];
  return kinds.size === 2 && kinds.has('whole') && kinds.has('number') ? 'DOUBLE' : 'VARCHAR';
}

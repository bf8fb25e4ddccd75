import { UsageError } from '../shared/errors.js';
import { exactValue } from './json-lines.js';
import { cellText, fieldOf, pathOf } from './select-fields.js';
import { keyOf, type TailItem } from './tail-item.js';

/** Writes one item in the words of a `--template`, without a line feed. */
export type Template = (item: TailItem) => string;

/** What a template may name besides fields of the value. */
const ABOUT: Readonly<Record<string, Template>> = {
  '@time': ({ record }) => new Date(record.arrivedMs).toISOString(),
  '@shard': ({ record }) => record.shardId,
  '@sequence': ({ record }) => record.sequenceNumber,
  '@subSequence': ({ subSequenceNumber }) => String(subSequenceNumber ?? ''),
  '@key': keyOf,
  '@layers': ({ layers }) => layers.join('>'),
  '@schema': ({ schema }) => schema?.id ?? '',
  '@data': (item) => item.text,
  '@problem': ({ problem }) => problem ?? '',
  '@logGroup': ({ log }) => log?.logGroup ?? '',
  '@logStream': ({ log }) => log?.logStream ?? '',
};

/**
 * Reads `{{@time}} {{@key}} {{customer.name}}`, with `\t` and `\n` for a tab and a line feed. A field that a record lacks is written as nothing.
 * @throws UsageError for what no record can have
 */
export function parseTemplate(text: string, what = 'template'): Template {
  const parts = text
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n')
    .split(/\{\{([^{}]*)\}\}/)
    .map((part, index) => (index % 2 === 0 ? plainPart(part, what) : namedPart(part.trim(), what)));
  return (item) => parts.map((part) => (typeof part === 'string' ? part : part(item))).join('');
}

function plainPart(text: string, what: string): string {
  const at = text.search(/\{\{|\}\}/);
  if (at === -1) return text;
  throw new UsageError(`${what}: "${text.slice(at, at + 20)}" opens or closes nothing.`, {
    hint: 'A field is written {{name}}.',
  });
}

function namedPart(name: string, what: string): Template {
  if (name.startsWith('@')) {
    const about = Object.hasOwn(ABOUT, name) ? ABOUT[name] : undefined;
    if (about) return about;
    throw new UsageError(`${what}: there is no {{${name}}}.`, {
      hint: `Of a record itself there are ${Object.keys(ABOUT).join(', ')}; other names are fields of its value.`,
    });
  }
  const path = pathOf(name);
  if (path.length > 0 || name === '$') return (item) => cellText(fieldOf(exactValue(item), { name, path }));
  throw new UsageError(`${what}: {{${name}}} names nothing.`, { hint: 'For example {{@time}} {{customer.name}}.' });
}

import * as yaml from 'yaml';
import { parseYamlDocument } from '../../../../shared/parse-yaml-document.js';
import { formatError, invalid } from '../validation-error.js';
import { findRepeatedKey } from './find-repeated-key.js';
import { isMap, type Value, type ValueMap } from './value.js';

/** The short forms YAML templates may use. `!Ref` and `!Condition` have no `Fn::`. */
const TAGS = new Set([
  ...[
    'Ref',
    'Condition',
    'And',
    'Base64',
    'Cidr',
    'Equals',
    'FindInMap',
    'ForEach',
    'GetAtt',
    'GetAZs',
    'GetStackOutput',
    'If',
  ],
  ...['ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
]);

/**
 * Reads a template's text, YAML with CloudFormation's short tags or JSON.
 * @throws AwsError ValidationError in CloudFormation's words, with the line and column where the text stops making sense
 */
export function parseTemplate(text: string): ValueMap {
  const value = text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text, 'YAML');
  if (!isMap(value)) throw formatError('unsupported structure.');
  refuseUnusable(value);
  return value;
}

/** Everything that walks a template recurses; the depth at which that would break is nobody's template. CloudFormation names no limit. */
const MAX_DEPTH = 200;
const TOO_DEEP = `the template is nested more than ${MAX_DEPTH} levels deep.`;

/** Answers are XML, which has no way to write these; CloudFormation calls them special characters that are not allowed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function refuseUnusable(value: Value): void {
  let level: Value[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw formatError(TOO_DEEP);
    level = level.flatMap((item) => {
      if (isMap(item)) return [...Object.keys(item), ...Object.values(item)];
      if (Array.isArray(item)) return item;
      const found = typeof item === 'string' ? CONTROL.exec(item)?.[0] : undefined;
      if (found !== undefined) throw formatError(`the special character ${codePoint(found)} is not allowed.`);
      return [];
    });
  }
}

const codePoint = (character: string): string =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

function parseJson(text: string): Value {
  let value: Value;
  try {
    value = JSON.parse(text) as Value;
  } catch {
    // A YAML flow mapping may open with a brace too; and where the text is broken JSON, the YAML reader knows the line.
    return parseYaml(text, 'JSON');
  }
  const repeated = findRepeatedKey(text);
  if (repeated) {
    const { line, column, key } = repeated;
    throw formatError(`JSON not well-formed. (line ${line}, column ${column}): the key ${key} is there twice`);
  }
  return value;
}

function parseYaml(text: string, language: 'YAML' | 'JSON'): Value {
  if (nesting(text) > MAX_NESTING) throw formatError(TOO_DEEP);
  const lines = new yaml.LineCounter();
  const document = parseYamlDocument(yaml, text, { lineCounter: lines, schema: 'core', merge: false });
  const position = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `(line ${line}, column ${col})`;
  };
  const [error] = document.errors;
  if (error) {
    // What the YAML reader calls it when its own recursion ends.
    if (error.code === 'RESOURCE_EXHAUSTION') throw formatError(TOO_DEEP);
    const detail =
      error.code === 'MULTIPLE_DOCS'
        ? 'a second document begins, and a template is one'
        : error.message.split(/ at line \d+/)[0]?.replace(/[.:]?$/, '');
    throw formatError(`${language} not well-formed. ${position(error.pos[0])}: ${detail}`);
  }
  return toValue(document.contents, position);
}

/** Well below where the YAML reader's recursion ends: a regular expression that V8 compiles there ends the process, not the call. */
const MAX_NESTING = 1000;

/** How deep a text may nest within one line, at most: brackets, whether or not in quotes, and a run of `- ` or `? `. */
function nesting(text: string): number {
  let deepest = 0;
  let brackets = 0;
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '[' || character === '{') brackets += 1;
    else if ((character === ']' || character === '}') && brackets > 0) brackets -= 1;
    if (character === '-' || character === '?') run += 1;
    else if (character !== ' ') run = 0;
    deepest = Math.max(deepest, brackets, run);
  }
  return deepest;
}

function toValue(node: unknown, position: (offset: number) => string): Value {
  if (node === null || node === undefined) return null;
  // CloudFormation knows none, and a few lines of them can stand for more than any memory holds. Its own sentence, with the place added.
  if (yaml.isAlias(node)) {
    throw invalid(
      `Template error: YAML aliases are not allowed in CloudFormation templates ${position(node.range?.[0] ?? 0)}`,
    );
  }
  const value = untagged(node as yaml.Node, position);
  const tag = (node as yaml.Node).tag;
  if (!tag?.startsWith('!') || tag.startsWith('!!')) return value;
  const name = tag.slice(1);
  if (!TAGS.has(name)) {
    throw formatError(`YAML not well-formed. ${position((node as yaml.Node).range?.[0] ?? 0)}: unknown tag ${tag}`);
  }
  return longForm(name, value);
}

function untagged(node: yaml.Node, position: (offset: number) => string): Value {
  if (yaml.isSeq(node)) return node.items.map((item) => toValue(item, position));
  if (yaml.isMap(node)) {
    const map: ValueMap = {};
    for (const pair of node.items) {
      if (!yaml.isPair(pair)) continue;
      const key = yaml.isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : String(pair.key);
      Object.defineProperty(map, key, {
        value: toValue(pair.value, position),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return map;
  }
  if (!yaml.isScalar(node)) return null;
  const { value, source } = node;
  // A number that would not read back as it was written (000000000000, 1.10) stays what its author typed.
  if (typeof value === 'number') return source !== undefined && String(value) !== source ? source : value;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return source ?? String(value);
}

function longForm(name: string, value: Value): Value {
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

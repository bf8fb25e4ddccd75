import type { Document, Node } from 'yaml';
import { AwsError } from '../../../wire/aws-error.js';
import { loadYaml } from './load-yaml.js';
import { isMap, type Value, type ValueMap } from './value.js';

/** The short forms YAML templates may use. `!Ref` and `!Condition` have no `Fn::`. */
const TAGS = new Set([
  ...['Ref', 'Condition', 'And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'ForEach', 'GetAtt', 'GetAZs', 'If'],
  ...['ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
]);

/**
 * Reads a template's text, YAML with CloudFormation's short tags or JSON.
 * @throws AwsError ValidationError in CloudFormation's words, with the line and column where the text stops making sense
 */
export function parseTemplate(text: string): ValueMap {
  const value = text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text, 'YAML');
  if (!isMap(value)) throw new AwsError('ValidationError', 'Template format error: unsupported structure.');
  return value;
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    // A YAML flow mapping may open with a brace too; and where the text is broken JSON, the YAML reader knows the line.
    return parseYaml(text, 'JSON');
  }
}

function parseYaml(text: string, language: 'YAML' | 'JSON'): Value {
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', merge: false });
  const position = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `(line ${line}, column ${col})`;
  };
  const [error] = document.errors;
  if (error) {
    const detail = error.message.split(/ at line \d+/)[0]?.replace(/[.:]?$/, '') ?? '';
    throw new AwsError(
      'ValidationError',
      `Template format error: ${language} not well-formed. ${position(error.pos[0])}: ${detail}`,
    );
  }
  return toValue(document.contents, document, position);
}

function toValue(node: unknown, document: Document, position: (offset: number) => string): Value {
  if (node === null || node === undefined) return null;
  if (loadYaml().isAlias(node)) return toValue(node.resolve(document), document, position);
  const value = untagged(node as Node, document, position);
  const tag = (node as Node).tag;
  if (!tag?.startsWith('!') || tag.startsWith('!!')) return value;
  const name = tag.slice(1);
  if (!TAGS.has(name)) {
    throw new AwsError(
      'ValidationError',
      `Template format error: YAML not well-formed. ${position((node as Node).range?.[0] ?? 0)}: unknown tag ${tag}`,
    );
  }
  return longForm(name, value);
}

function untagged(node: Node, document: Document, position: (offset: number) => string): Value {
  const { isMap: isMapNode, isPair, isScalar: isScalarNode, isSeq } = loadYaml();
  if (isSeq(node)) return node.items.map((item) => toValue(item, document, position));
  if (isMapNode(node)) {
    const map: ValueMap = {};
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = isScalarNode(pair.key) ? (pair.key.source ?? String(pair.key.value)) : String(pair.key);
      Object.defineProperty(map, key, {
        value: toValue(pair.value, document, position),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return map;
  }
  if (!isScalarNode(node)) return null;
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

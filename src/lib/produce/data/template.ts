// Your own data: JSON or YAML whose texts may hold expressions in double braces, `{{person.firstName}}`. An expression names a method of
// faker and may give it JSON arguments; nothing is evaluated as code.
import { parse as parseYaml } from 'yaml';
import { UsageError } from '../../shared/errors.js';
import { fakerFrom } from './faker-pool.js';
import type { Random } from './random.js';
import type { MakeRecord } from './schema.js';
import { type Evaluate, parseExpression, type TemplateContext } from './template-expression.js';

const EXPRESSION = /\{\{((?:[^{}"]|"(?:[^"\\]|\\.)*"|\{[^{}]*\})*)\}\}/g;

/**
 * Compiles a template. JSON and YAML objects give JSON records, where a text that is one expression alone keeps its type; a template that is neither is a line
 * of text.
 * @param name of the file, for messages
 * @throws UsageError that names the expression at fault
 */
export function parseTemplate(text: string, name: string): (random: Random) => MakeRecord {
  const structure = structureOf(text, name);
  const parts = joined(
    structure === undefined ? piecesOf(text.replace(/\r?\n$/, ''), name).map(plainText) : partsOfValue(structure, name),
  );
  if (parts.every((part) => typeof part === 'string')) {
    throw new UsageError(`${name}: the template has no expression, so every record would be the same.`, {
      hint: 'Write expressions in double braces: {"name": "{{person.firstName}}"}.',
    });
  }
  return (random) => {
    const context: TemplateContext = {
      random,
      n: 0,
      epochMs: 0,
      faker: fakerFrom(random, () => new Date(context.epochMs)),
    };
    // Once here, so that a wrong argument is told before anything is sent.
    random.startRecord(0);
    for (const part of parts) if (typeof part !== 'string') part(context);
    return (chance, { n, epochMs }) => {
      if (chance !== context.random) {
        context.random = chance;
        context.faker = fakerFrom(chance, () => new Date(context.epochMs));
      }
      context.n = n;
      context.epochMs = epochMs;
      let record = '';
      for (const part of parts) record += typeof part === 'string' ? part : part(context);
      return record;
    };
  };
}

/** The value of a template in JSON or YAML; undefined for plain text. */
function structureOf(text: string, name: string): unknown {
  const looksLikeYaml = /\.(json|ya?ml)$/i.test(name);
  if (!looksLikeYaml && !/^\s*[[{](?!\{)/.test(text)) return undefined;
  try {
    return parseYaml(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message.split('\n')[0]}`, {
      hint: 'An expression stands inside a quoted text: "{{person.firstName}}".',
    });
  }
}

type Part = string | ((context: TemplateContext) => string);

function partsOfValue(value: unknown, name: string): Part[] {
  if (typeof value === 'string') return [partOfText(value, name)];
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) => [index > 0 ? ',' : '', ...partsOfValue(item, name)]);
    return ['[', ...items, ']'];
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([key, item], index) => [
      `${index > 0 ? ',' : ''}${JSON.stringify(key)}:`,
      ...partsOfValue(item, name),
    ]);
    return ['{', ...members, '}'];
  }
  return [jsonOf(value)];
}

/** A text that is one expression alone keeps the type of its value. */
function partOfText(text: string, name: string): Part {
  const pieces = piecesOf(text, name);
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'function') return (context) => jsonOf(only(context));
  if (pieces.every((piece) => typeof piece === 'string')) return JSON.stringify(text);
  return (context) =>
    JSON.stringify(pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece(context)))).join(''));
}

/** Neighbouring constants become one. */
function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

function piecesOf(text: string, name: string): (string | Evaluate)[] {
  const pieces: (string | Evaluate)[] = [];
  let at = 0;
  for (const match of text.matchAll(EXPRESSION)) {
    if (match.index > at) pieces.push(text.slice(at, match.index));
    pieces.push(parseExpression((match[1] ?? '').trim(), name));
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

const plainText = (piece: string | Evaluate): Part =>
  typeof piece === 'string' ? piece : (context) => textOf(piece(context));

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? 'null';

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : jsonOf(value);

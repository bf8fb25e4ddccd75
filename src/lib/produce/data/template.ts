// Your own data: JSON or YAML whose texts may hold expressions in double braces, `{{person.firstName}}`. An expression names a method of
// faker and may give it JSON arguments; nothing is evaluated as code.
import { parse as parseYaml } from 'yaml';
import { UsageError } from '../../shared/errors.js';
import { MOST_CHARACTERS } from './argument-sizes.js';
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
    const makeOne = (): string => {
      let record = '';
      for (const part of parts) {
        record += typeof part === 'string' ? part : part(context);
        if (record.length > MOST_CHARACTERS) throw tooLarge(name);
      }
      return record;
    };
    // Once here, so that a wrong argument is told before anything is sent.
    random.startRecord(0);
    makeOne();
    return (chance, { n, epochMs }) => {
      if (chance !== context.random) {
        context.random = chance;
        context.faker = fakerFrom(chance, () => new Date(context.epochMs));
      }
      context.n = n;
      context.epochMs = epochMs;
      return makeOne();
    };
  };
}

const tooLarge = (name: string): UsageError =>
  new UsageError(`${name}: the template makes records of more than 10 MiB.`, {
    hint: 'A Kinesis record has at most 10 MiB. Ask faker for less, for example {{lorem.paragraphs(3)}}.',
  });

/** The value of a template in JSON or YAML; undefined for plain text. */
function structureOf(text: string, name: string): unknown {
  const looksLikeYaml = /\.(json|ya?ml)$/i.test(name);
  if (!looksLikeYaml && !/^\s*[[{](?!\{)/.test(text)) return undefined;
  try {
    // Integers stay whole beyond 2^53: they are only written again.
    return parseYaml(text, { maxAliasCount: 100, intAsBigInt: true, logLevel: 'error' });
  } catch (error) {
    const [what = ''] = (error as Error).message.split('\n');
    throw new UsageError(`${name}: ${what.replace(/:$/, '')}.`, { hint: QUOTED });
  }
}

const QUOTED = 'An expression stands inside a quoted text, "{{n}}": one that is alone in it keeps its type.';

type Part = string | ((context: TemplateContext) => string);

function partsOfValue(value: unknown, name: string): Part[] {
  if (typeof value === 'string') return [partOfText(value, name)];
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) => [index > 0 ? ',' : '', ...partsOfValue(item, name)]);
    return ['[', ...items, ']'];
  }
  if (typeof value === 'bigint') return [value.toString()];
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([key, item], index) => {
      // What YAML makes of an expression without quotes: a mapping that is a key.
      const bare = /^\{ (.*) \}$/s.exec(key)?.[1];
      if (bare !== undefined && item === null)
        throw new UsageError(`${name}: {{${bare}}} stands outside quotes.`, { hint: QUOTED });
      return [index > 0 ? ',' : '', partOfKey(key, name), ':', ...partsOfValue(item, name)];
    });
    return ['{', ...members, '}'];
  }
  return [jsonOf(value)];
}

/** A text that is one expression alone keeps the type of its value. */
function partOfText(text: string, name: string): Part {
  const pieces = piecesOf(text, name);
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'function') return (context) => jsonOf(only(context));
  return joinedText(pieces);
}

/** The name of a member may hold expressions too, and stays text. */
const partOfKey = (key: string, name: string): Part => joinedText(piecesOf(key, name));

function joinedText(pieces: readonly (string | Evaluate)[]): Part {
  if (pieces.every((piece) => typeof piece === 'string')) return JSON.stringify(pieces.join(''));
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
  const constant = (piece: string): void => {
    const open = piece.indexOf('{{');
    if (open !== -1) {
      const shown = piece.length > open + 40 ? `${piece.slice(open, open + 40)}…` : piece.slice(open);
      throw new UsageError(`${name}: an expression begins and does not end: ${shown}`, { hint: 'It ends with }}.' });
    }
    if (piece !== '') pieces.push(piece);
  };
  for (const match of text.matchAll(EXPRESSION)) {
    constant(text.slice(at, match.index));
    pieces.push(parseExpression((match[1] ?? '').trim(), name));
    at = match.index + match[0].length;
  }
  constant(text.slice(at));
  return pieces;
}

const plainText = (piece: string | Evaluate): Part =>
  typeof piece === 'string' ? piece : (context) => textOf(piece(context));

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? 'null';

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : jsonOf(value);

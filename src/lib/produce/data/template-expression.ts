import type { Faker } from '@faker-js/faker';
import { UsageError } from '../../shared/errors.js';
import { nearMatches } from '../../shared/near-matches.js';
import { explainSizes } from './argument-sizes.js';
import { fakerFrom } from './faker-pool.js';
import { Random } from './random.js';

/** What an expression can draw from. */
export interface TemplateContext {
  random: Random;
  n: number;
  epochMs: number;
  faker: Faker;
}

export type Evaluate = (context: TemplateContext) => unknown;

/** The parts of faker that make data. Left out are those that take functions, or templates of their own. */
const MODULES = [
  'airline',
  'animal',
  'book',
  'color',
  'commerce',
  'company',
  'database',
  'datatype',
  'date',
  'finance',
  'food',
  'git',
  'hacker',
  'helpers',
  'image',
  'internet',
  'location',
  'lorem',
  'music',
  'number',
  'person',
  'phone',
  'science',
  'string',
  'system',
  'vehicle',
  'word',
] as const;
const REFUSED = new Set([
  'helpers.fake',
  'helpers.mustache',
  'helpers.multiple',
  'helpers.maybe',
  'helpers.uniqueArray',
]);

/** What there is besides faker. */
const OWN: Readonly<Record<string, Evaluate>> = {
  n: ({ n }) => n,
  uuid: ({ random }) => random.uuid(),
  now: ({ epochMs }) => new Date(epochMs).toISOString(),
  'now.ms': ({ epochMs }) => Math.floor(epochMs),
  'now.s': ({ epochMs }) => Math.floor(epochMs / 1000),
};

/**
 * Reads one expression: `n`, `uuid`, `now`, `now.ms`, `now.s`, or a method of faker with JSON arguments: `number.int({"max": 10})`.
 * @throws UsageError
 */
export function parseExpression(text: string, where: string): Evaluate {
  const own = Object.hasOwn(OWN, text) ? OWN[text] : undefined;
  if (own) return own;
  const match = /^([a-zA-Z]+)\.([a-zA-Z0-9]+)(?:\((.*)\))?$/s.exec(text);
  const fail = (why: string, hint?: string): never => {
    throw new UsageError(`${where}: {{${text}}} ${why}.`, {
      hint: hint ?? 'Methods are listed at https://fakerjs.dev/api/.',
    });
  };
  if (!match)
    return fail(
      'is no expression',
      'Write {{person.firstName}}, {{number.int({"max": 10})}}, {{uuid}}, {{now}} or {{n}}.',
    );
  const [, module = '', method = '', argumentText = ''] = match;
  const args = parseArguments(argumentText, fail);
  const names = methodsOf(module);
  if (!names) {
    const near = nearMatches(module, MODULES);
    return fail(`names no part of faker`, near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined);
  }
  if (!names.includes(method)) {
    const near = nearMatches(method, names);
    return fail(
      `names no method of faker`,
      near.length > 0 ? `Did you mean ${module}.${near.join(` or ${module}.`)}?` : undefined,
    );
  }
  const why = explainSizes(module, method, args);
  if (why !== undefined) return fail(why, 'A Kinesis record has at most 10 MiB.');
  return ({ faker }) => {
    let value: unknown;
    try {
      value = methodOf(faker, module, method)(...args);
    } catch (error) {
      return fail(`does not work: ${(error as Error).message.replace(/\.$/, '')}`);
    }
    return value === undefined ? fail('gives nothing; its arguments are wrong') : value;
  };
}

function parseArguments(text: string, fail: (why: string, hint?: string) => never): unknown[] {
  try {
    return JSON.parse(`[${text}]`) as unknown[];
  } catch {
    return fail(
      'has arguments that are not JSON',
      'Write names and texts in double quotes: {{number.int({"min": 1, "max": 10})}}.',
    );
  }
}

/** The data-making methods of a part of faker; undefined when there is no such part. */
function methodsOf(module: string): string[] | undefined {
  if (!(MODULES as readonly string[]).includes(module)) return undefined;
  sample ??= fakerFrom(new Random(1), () => new Date(0));
  const part = sample[module as (typeof MODULES)[number]] as object;
  const names = new Set<string>();
  for (let holder = part; holder && holder !== Object.prototype; holder = Object.getPrototypeOf(holder) as object) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (/^[a-z][a-zA-Z0-9]*$/.test(name) && name !== 'constructor' && !REFUSED.has(`${module}.${name}`)) {
        if (typeof (part as Record<string, unknown>)[name] === 'function') names.add(name);
      }
    }
  }
  return [...names];
}
let sample: Faker | undefined;

function methodOf(faker: Faker, module: string, method: string): (...args: unknown[]) => unknown {
  const part = faker[module as (typeof MODULES)[number]] as unknown as Record<string, (...args: unknown[]) => unknown>;
  return (...args) => part[method]?.(...args);
}

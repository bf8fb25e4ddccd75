// The filter language of event source mappings: EventBridge patterns over JSON.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax

/** A compiled pattern; the answer is whether a value matches. */
export type Matcher = (value: unknown) => boolean;

/** A pattern that means nothing, in a sentence for who wrote it. */
export class PatternError extends Error {}

/**
 * Compiles a pattern given as JSON text.
 * @throws PatternError
 */
export function compilePattern(text: string): Matcher {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw new PatternError('it is not JSON');
  }
  if (!isObject(pattern)) throw new PatternError('it must be a JSON object');
  return compileObject(pattern, '');
}

function compileObject(pattern: Record<string, unknown>, at: string): Matcher {
  const parts = Object.entries(pattern).map(([key, rule]): Matcher => {
    if (key === '$or') {
      if (!Array.isArray(rule) || rule.length < 2 || !rule.every(isObject)) {
        throw new PatternError(`$or${at && ` in ${at}`} must hold at least two patterns`);
      }
      const choices = rule.map((choice) => compileObject(choice, at));
      return (value) => choices.some((matches) => matches(value));
    }
    const path = at === '' ? key : `${at}.${key}`;
    const matches = compileRule(rule, path);
    return (value) => matches(isObject(value) ? value[key] : undefined);
  });
  return (value) => parts.every((matches) => matches(value));
}

function compileRule(rule: unknown, at: string): Matcher {
  if (isObject(rule)) {
    if (Object.keys(rule).length === 0) throw new PatternError(`${at} holds an empty pattern`);
    const inner = compileObject(rule, at);
    // An array of objects matches when one of them does.
    return (value) => (Array.isArray(value) ? value.some(inner) : inner(value));
  }
  if (!Array.isArray(rule)) throw new PatternError(`${at} must be a list of values or a nested pattern`);
  if (rule.length === 0) throw new PatternError(`${at} is an empty list`);
  const choices = rule.map((choice) => compileChoice(choice, at));
  return (value) => choices.some((matches) => matches(value));
}

/** For one leaf, or any item of an array of leaves. */
const anyOf =
  (matches: Matcher): Matcher =>
  (value) =>
    Array.isArray(value) ? value.some(matches) : matches(value);

function compileChoice(choice: unknown, at: string): Matcher {
  if (!isObject(choice)) return anyOf((value) => value === choice);
  const entries = Object.entries(choice);
  const [name, operand] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined) throw new PatternError(`${at} must name one comparison at a time`);
  switch (name) {
    case 'exists':
      if (typeof operand !== 'boolean') throw new PatternError(`exists at ${at} must be true or false`);
      return (value) => (value !== undefined && !isObject(value)) === operand;
    case 'prefix':
      return compileText(operand, at, name, (text, part) => text.startsWith(part));
    case 'suffix':
      return compileText(operand, at, name, (text, part) => text.endsWith(part));
    case 'equals-ignore-case':
      return compileText(operand, at, name, (text, other) => text.toLowerCase() === other.toLowerCase());
    case 'anything-but':
      return compileAnythingBut(operand, at);
    case 'numeric':
      return compileNumeric(operand, at);
    default:
      throw new PatternError(`${at} uses the comparison "${name}", which event source mappings do not have`);
  }
}

function compileText(
  operand: unknown,
  at: string,
  name: string,
  compare: (text: string, operand: string) => boolean,
): Matcher {
  if (isObject(operand) && typeof operand['equals-ignore-case'] === 'string') {
    const other = operand['equals-ignore-case'].toLowerCase();
    return anyOf((value) => typeof value === 'string' && compare(value.toLowerCase(), other));
  }
  if (typeof operand !== 'string') throw new PatternError(`${name} at ${at} must be a text`);
  return anyOf((value) => typeof value === 'string' && compare(value, operand));
}

function compileAnythingBut(operand: unknown, at: string): Matcher {
  if (isObject(operand)) {
    const inner = compileChoice(operand, at);
    return (value) => value !== undefined && !inner(value);
  }
  const banned = Array.isArray(operand) ? operand : [operand];
  if (banned.length === 0) throw new PatternError(`anything-but at ${at} is an empty list`);
  return anyOf((value) => value !== undefined && !banned.includes(value));
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function compileNumeric(operand: unknown, at: string): Matcher {
  const wrong = new PatternError(
    `numeric at ${at} must be a comparison and a number, or two of them: [">", 0, "<=", 5]`,
  );
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0 || operand.length > 4) throw wrong;
  const checks: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    const bound: unknown = operand[index + 1];
    if (!compare || typeof bound !== 'number') throw wrong;
    checks.push((value) => compare(value, bound));
  }
  return anyOf((value) => typeof value === 'number' && checks.every((check) => check(value)));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Why a pattern, given as JSON text, does not match a value; undefined if it does: `data.kind is "order", and the filter wants ["refund"]`.
 * @throws PatternError
 */
export function explainPattern(text: string, value: unknown): string | undefined {
  if (compilePattern(text)(value)) return undefined;
  return explainObject(JSON.parse(text) as Record<string, unknown>, value, '');
}

function explainObject(pattern: Record<string, unknown>, value: unknown, at: string): string {
  for (const [key, rule] of Object.entries(pattern)) {
    if (compileObject({ [key]: rule }, at)(value)) continue;
    if (key === '$or') return `none of the ${(rule as unknown[]).length} alternatives of $or${at && ` in ${at}`} holds`;
    const path = at === '' ? key : `${at}.${key}`;
    const own = isObject(value) ? value[key] : undefined;
    if (isObject(rule) && isObject(own)) return explainObject(rule, own, path);
    const is = own === undefined ? `the event has no ${path}` : `${path} is ${JSON.stringify(own)}`;
    return `${is}, and the filter wants ${JSON.stringify(rule)}`;
  }
  return 'no condition can be named';
}

// AWS's constraint validation, as data beside an operation: documented bounds in, AWS's own sentence out.
import { AwsError } from './aws-error.js';

/** The documented constraints of one member. Lengths count characters for strings, items for lists and maps, bytes for blobs. */
export interface Constraint {
  min?: number;
  max?: number;
  /** Matched against the whole value; shown as documented. */
  pattern?: string;
  enum?: readonly string[];
  /** For numbers: the inclusive range. */
  range?: readonly [low: number, high: number];
  /** Constraints of a structure's members, or of each item where the value is a list. */
  members?: Constraints;
  /** Constraints of each item of a list of scalars. */
  item?: Constraint;
  /** Constraints of the keys, and of the values, of a map of strings. */
  keys?: Constraint;
  values?: Constraint;
}
export type Constraints = Readonly<Record<string, Constraint>>;

const compiled = new Map<string, RegExp>();
const patternOf = (source: string): RegExp => {
  let regexp = compiled.get(source);
  if (!regexp) compiled.set(source, (regexp = new RegExp(`^(?:${source})$`, 'u')));
  return regexp;
};

/** Some of AWS's patterns take cubic time; what is longer than allowed, and than any ARN may be, is told for its length alone. */
const LONGEST_MATCHED = 2048;

/** AWS tells no more than these of one request. */
const MOST_TOLD = 10;

/**
 * Checks `input` against documented constraints.
 * @throws AwsError ValidationException in AWS's words, up to ten violations in one sentence:
 * `1 validation error detected: Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1`
 */
export function validate(input: object, constraints: Constraints, code = 'ValidationException'): void {
  const found: string[] = [];
  checkMembers(input, constraints, [], found);
  if (found.length > 0) throw constraintsViolated(found, code);
}

/** The error that tells what `validate` and its like have found: `2 validation errors detected: …; …`. */
export function constraintsViolated(found: readonly string[], code = 'ValidationException'): AwsError {
  const told = found.slice(0, MOST_TOLD);
  return new AwsError(
    code,
    `${told.length} validation error${told.length > 1 ? 's' : ''} detected: ${told.join('; ')}`,
  );
}

/** Where in the input a check is: names of members and places in lists. A path is only put into words for what is wrong. */
type Path = (string | number)[];

function checkMembers(value: object, constraints: Constraints, path: Path, found: string[]): void {
  for (const name in constraints) {
    const constraint = constraints[name];
    const member = (value as Record<string, unknown>)[name];
    if (constraint === undefined || member === undefined || member === null) continue;
    path.push(name);
    check(member, constraint, path, found);
    path.pop();
  }
}

function check(value: unknown, constraint: Constraint, path: Path, found: string[]): void {
  for (const rule of brokenRules(value, constraint)) found.push(fault(value, path, `Member must ${rule}`));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const { item, members, keys, values } = constraint;
  if (Array.isArray(value)) {
    if (item) checkEach('Member', value, item, value, path, found);
    if (members) checkItems(value, members, path, found);
    return;
  }
  if (members) checkMembers(value, members, path, found);
  if (keys) checkEach('Map keys', Object.keys(value), keys, value, path, found);
  if (values) checkEach('Map value', Object.values(value), values, value, path, found);
}

function checkItems(items: readonly unknown[], members: Constraints, path: Path, found: string[]): void {
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (typeof item !== 'object' || item === null) continue;
    path.push(index + 1, 'member');
    checkMembers(item, members, path, found);
    path.length -= 2;
  }
}

/** Of scalars in a list or a map AWS shows the whole, and every rule that they have. */
function checkEach(
  who: string,
  scalars: readonly unknown[],
  rules: Constraint,
  whole: object,
  path: Path,
  found: string[],
): void {
  if (scalars.every((scalar) => brokenRules(scalar, rules).length === 0)) return;
  const all = rulesOf(rules).map((rule) => `Member must ${rule}`);
  found.push(fault(whole, path, `${who} must satisfy constraint: [${all.join(', ')}]`));
}

const fault = (value: unknown, path: Path, must: string): string =>
  `Value '${show(value)}' at '${path.map((part) => lowerFirst(String(part))).join('.')}' failed to satisfy constraint: ${must}`;

const NONE: readonly string[] = [];

/** What the value itself breaks, in the order in which AWS tells it: the pattern before the length. */
function brokenRules(value: unknown, constraint: Constraint): readonly string[] {
  const { pattern, min, max, enum: allowed, range } = constraint;
  let broken = NONE;
  if (typeof value === 'string') {
    const isFarTooLong = max !== undefined && value.length > max && value.length > LONGEST_MATCHED;
    if (pattern !== undefined && !isFarTooLong && !patternOf(pattern).test(value))
      broken = [...broken, mustMatch(pattern)];
    if (allowed && !allowed.includes(value)) broken = [...broken, mustBeOneOf(allowed)];
  }
  if (typeof value === 'number') {
    if (range && value < range[0]) broken = [...broken, mustBeAtLeast(range[0], 'value')];
    if (range && value > range[1]) broken = [...broken, mustBeAtMost(range[1], 'value')];
  } else if (min !== undefined || max !== undefined) {
    const length = lengthOf(value);
    if (length !== undefined && min !== undefined && length < min) broken = [...broken, mustBeAtLeast(min, 'length')];
    if (length !== undefined && max !== undefined && length > max) broken = [...broken, mustBeAtMost(max, 'length')];
  }
  return broken;
}

/** All rules of the items of a list, in AWS's order. */
function rulesOf({ pattern, min, max, enum: allowed, range }: Constraint): string[] {
  return [
    ...(max === undefined ? [] : [mustBeAtMost(max, 'length')]),
    ...(min === undefined ? [] : [mustBeAtLeast(min, 'length')]),
    ...(range === undefined ? [] : [mustBeAtMost(range[1], 'value'), mustBeAtLeast(range[0], 'value')]),
    ...(pattern === undefined ? [] : [mustMatch(pattern)]),
    ...(allowed === undefined ? [] : [mustBeOneOf(allowed)]),
  ];
}

const mustMatch = (pattern: string): string => `satisfy regular expression pattern: ${pattern}`;
const mustBeOneOf = (allowed: readonly string[]): string => `satisfy enum value set: [${allowed.join(', ')}]`;
const mustBeAtLeast = (bound: number, what: 'length' | 'value'): string =>
  `have ${what} greater than or equal to ${bound}`;
const mustBeAtMost = (bound: number, what: 'length' | 'value'): string => `have ${what} less than or equal to ${bound}`;

function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  return undefined;
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 1024 ? `${value.slice(0, 1024)}...` : value;
  if (value instanceof Uint8Array)
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.byteLength} cap=${value.byteLength}]`;
  if (Array.isArray(value)) return `[${value.slice(0, 20).map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([k, v]) => `${k}=${show(v)}`)
      .join(', ')}}`;
  return String(value);
}

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
}
export type Constraints = Readonly<Record<string, Constraint>>;

const compiled = new Map<string, RegExp>();
const patternOf = (source: string): RegExp => {
  let regexp = compiled.get(source);
  if (!regexp) compiled.set(source, (regexp = new RegExp(`^(?:${source})$`, 'u')));
  return regexp;
};

/**
 * Checks `input` against documented constraints.
 * @throws AwsError ValidationException in AWS's words, all violations in one sentence:
 * `1 validation error detected: Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1`
 */
export function validate(input: object, constraints: Constraints, code = 'ValidationException'): void {
  const found: string[] = [];
  checkMembers(input, constraints, '', found);
  if (found.length > 0) {
    throw new AwsError(
      code,
      `${found.length} validation error${found.length > 1 ? 's' : ''} detected: ${found.join('; ')}`,
    );
  }
}

function checkMembers(value: object, constraints: Constraints, at: string, found: string[]): void {
  for (const name in constraints) {
    const constraint = constraints[name];
    const member = (value as Record<string, unknown>)[name];
    if (constraint && member !== undefined && member !== null) check(member, constraint, at + lowerFirst(name), found);
  }
}

function check(value: unknown, constraint: Constraint, at: string, found: string[]): void {
  const fail = (must: string): void => {
    found.push(`Value '${show(value)}' at '${at}' failed to satisfy constraint: Member must ${must}`);
  };
  const length = lengthOf(value);
  if (length !== undefined) {
    if (constraint.min !== undefined && length < constraint.min)
      fail(`have length greater than or equal to ${constraint.min}`);
    if (constraint.max !== undefined && length > constraint.max)
      fail(`have length less than or equal to ${constraint.max}`);
  }
  if (typeof value === 'string') {
    if (constraint.pattern !== undefined && !patternOf(constraint.pattern).test(value)) {
      fail(`satisfy regular expression pattern: ${constraint.pattern}`);
    }
    if (constraint.enum && !constraint.enum.includes(value))
      fail(`satisfy enum value set: [${constraint.enum.join(', ')}]`);
  }
  if (typeof value === 'number' && constraint.range) {
    if (value < constraint.range[0]) fail(`have value greater than or equal to ${constraint.range[0]}`);
    if (value > constraint.range[1]) fail(`have value less than or equal to ${constraint.range[1]}`);
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const itemAt = `${at}.${index + 1}.member`;
      if (constraint.item) check(item, constraint.item, itemAt, found);
      if (constraint.members && typeof item === 'object' && item !== null)
        checkMembers(item, constraint.members, `${itemAt}.`, found);
    }
  } else if (constraint.members && typeof value === 'object' && value !== null) {
    checkMembers(value, constraint.members, `${at}.`, found);
  }
}

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

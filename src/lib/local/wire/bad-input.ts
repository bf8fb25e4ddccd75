// What a request can have wrong before its operation sees it. Values are read from the leaves up, so the path to the culprit is
// put together while the error travels outwards; the good path pays nothing for it.
import { AwsError } from './aws-error.js';

/** A request nested deeper than this is refused; DynamoDB, whose values nest deepest, stops at 32 levels. */
export const MAX_DEPTH = 128;

/** The bytes are not of the protocol's form, or a value is not of the schema's type. */
export class BadInput extends Error {
  /** From the outermost member to the culprit. */
  readonly path: string[] = [];
}

/**
 * AWS names the JSON token it found and the type it wanted: `NUMBER_VALUE can not be converted to String`.
 * @throws BadInput always
 */
export function refuse(value: unknown, wanted: string): never {
  throw new BadInput(`${describe(value)} can not be converted to ${wanted}`);
}

function describe(value: unknown): string {
  if (value === true) return 'TRUE_VALUE';
  if (value === false) return 'FALSE_VALUE';
  if (value === null || value === undefined) return 'NULL_VALUE';
  if (typeof value === 'number' || typeof value === 'bigint') return 'NUMBER_VALUE';
  if (typeof value === 'string') return 'STRING_VALUE';
  if (value instanceof Uint8Array) return 'BINARY_VALUE';
  if (value instanceof Date) return 'TIMESTAMP_VALUE';
  return Array.isArray(value) ? 'START_ARRAY' : 'START_OBJECT';
}

/** The same error one level further out. */
export function within(error: unknown, step: string): unknown {
  if (error instanceof BadInput) error.path.unshift(step);
  return error;
}

/** `records.1.member.partitionKey`, as AWS's validation names places. */
export const memberStep = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
export const itemStep = (index: number): string => `${index + 1}.member`;

/** The answer for a BadInput; other errors pass unchanged. */
export function asSerializationError(error: unknown): unknown {
  if (!(error instanceof BadInput)) return error;
  const where = error.path.length > 0 ? ` (at '${error.path.join('.')}')` : '';
  return new AwsError('SerializationException', `${error.message}${where}`, { status: 400 });
}

/** Sets a key that came from outside: `__proto__` becomes an ordinary property. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

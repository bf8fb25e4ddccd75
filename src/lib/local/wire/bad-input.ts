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

/** Bytes that are not of the protocol's form at all, of which AWS's RPC services say nothing but that. */
export class Unparsed extends BadInput {}

/**
 * Refuses a value in AWS's words, which name the JSON token found and the type wanted: `NUMBER_VALUE can not be converted to a String`.
 * @param wanted `Integer`, `List`, or the name of a structure behind `structure `
 * @throws BadInput always
 */
export function refuse(value: unknown, wanted: string): never {
  throw new BadInput(reasonOf(value, wanted));
}

function reasonOf(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  const token = describe(value);
  if (token === 'START_OBJECT') return 'Start of structure or map found where not expected.';
  if (wanted === 'List') return 'Expected list or null';
  if (wanted === 'Map') return 'Expected map or null';
  if (wanted.startsWith('structure ')) return 'Expected null';
  if (wanted === 'Timestamp') return `${token} can not be converted to milliseconds since epoch`;
  return `${token} can not be converted to ${wanted === 'Integer' ? 'an' : 'a'} ${wanted}`;
}

function describe(value: unknown): string {
  if (value === true) return 'TRUE_VALUE';
  if (value === false) return 'FALSE_VALUE';
  if (value === null || value === undefined) return 'NULL_VALUE';
  if (typeof value === 'number' || typeof value === 'bigint') return 'NUMBER_VALUE';
  if (typeof value === 'string') return 'STRING_VALUE';
  if (value instanceof Uint8Array) return 'BINARY_VALUE';
  if (value instanceof Date) return 'TIMESTAMP_VALUE';
  return 'START_OBJECT';
}

/** The same error one level further out. */
export function within(error: unknown, step: string): unknown {
  if (error instanceof BadInput) error.path.unshift(step);
  return error;
}

/** `records.1.member.partitionKey`, as AWS's validation names places. */
export const memberStep = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
export const itemStep = (index: number): string => `${index + 1}.member`;

/**
 * The answer for a BadInput; other errors pass unchanged.
 * @param bare as AWS's RPC services answer, which name no place
 */
export function asSerializationError(error: unknown, bare = false): unknown {
  if (!(error instanceof BadInput)) return error;
  if (bare)
    return new AwsError('SerializationException', error instanceof Unparsed ? '' : error.message, { status: 400 });
  const where = error.path.length > 0 ? ` (at '${error.path.join('.')}')` : '';
  return new AwsError('SerializationException', `${error.message}${where}`, { status: 400 });
}

/** Sets a key that came from outside: `__proto__` becomes an ordinary property. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

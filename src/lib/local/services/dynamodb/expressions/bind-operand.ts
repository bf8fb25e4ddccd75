import { invalid } from '../dynamodb-errors.js';
import { contentOf, type Item, isKind, type Kind, kindOf, type Value } from '../value.js';
import type { Operand } from './ast.js';
import type { Bindings } from './bindings.js';
import { type DocumentPath, valueAt } from './document-path.js';

/** An operand ready to be evaluated. */
export interface BoundOperand {
  /** Set for a path. */
  path?: DocumentPath;
  /** Set for a value of the request. */
  value?: Value;
  /** The type, where it is known without an item. */
  type?: Kind;
  /** How DynamoDB counts it among paths, values and functions. */
  of(item: Item): Value | undefined;
}

/** @throws AwsError ValidationException for placeholders that are not defined, and for operands of the wrong kind or number */
export function bindOperand(operand: Operand, bindings: Bindings): BoundOperand {
  if (operand.kind === 'path') {
    const path = bindings.path(operand.parts);
    return { path, of: (item) => valueAt(item, path) };
  }
  if (operand.kind === 'value') {
    const value = bindings.value(operand.placeholder);
    return { value, type: kindOf(value), of: () => value };
  }
  const args = operand.args.map((arg) => bindOperand(arg, bindings));
  checkCount(operand.name, args, 1);
  const [sized] = args;
  if (!sized) throw operandCount('size', 0);
  if (sized.type === 'N' || sized.type === 'BOOL' || sized.type === 'NULL') throw operandType('size', sized.type);
  return { type: 'N', of: (item) => sizeOf(sized.of(item)) };
}

export function checkCount(name: string, args: readonly unknown[], count: number): void {
  if (args.length !== count) throw operandCount(name, args.length);
}

const operandCount = (name: string, count: number): Error =>
  invalid(
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  );

export const operandType = (name: string, type: string): Error =>
  invalid(`Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`);

export const needsPath = (name: string): Error =>
  invalid(`Operator or function requires a document path; operator or function: ${name}`);

/** Characters of a string in UTF-8 bytes, bytes of binary, members of the rest; undefined for what has no size. */
function sizeOf(value: Value | undefined): Value | undefined {
  if (value === undefined || isKind(value, 'N') || isKind(value, 'BOOL') || isKind(value, 'NULL')) return undefined;
  if (isKind(value, 'S')) return { N: String(Buffer.byteLength(value.S)) };
  if (isKind(value, 'B')) return { N: String(value.B.byteLength) };
  if (isKind(value, 'M')) return { N: String(Object.keys(value.M).length) };
  return { N: String((contentOf(value) as readonly unknown[]).length) };
}

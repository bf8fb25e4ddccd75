import { invalid } from '../dynamodb-errors.js';
import { compareValues, contentOf, type Item, isKind, kindOf, membersOf, sameValue, type Value } from '../value.js';
import type { Comparator, Condition, Operand } from './ast.js';
import { type BoundOperand, bindOperand, checkCount, needsPath, operandType } from './bind-operand.js';
import type { Bindings } from './bindings.js';
import { showPath } from './document-path.js';

export type Predicate = (item: Item) => boolean;

/**
 * A condition with a request's names and values in it.
 * @throws AwsError ValidationException with DynamoDB's detail: placeholders that are not defined, operands of the wrong type or number
 */
export function bindCondition(condition: Condition, bindings: Bindings): Predicate {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const left = bindCondition(condition.left, bindings);
      const right = bindCondition(condition.right, bindings);
      return condition.kind === 'and' ? (item) => left(item) && right(item) : (item) => left(item) || right(item);
    }
    case 'not': {
      const inner = bindCondition(condition.inner, bindings);
      return (item) => !inner(item);
    }
    case 'compare':
      return bindComparison(condition.comparator, condition.left, condition.right, bindings);
    case 'between':
      return bindBetween([condition.operand, condition.low, condition.high], bindings);
    case 'in': {
      const operand = bindOperand(condition.operand, bindings);
      const options = condition.options.map((option) => bindOperand(option, bindings));
      return (item) => {
        const value = operand.of(item);
        return value !== undefined && options.some((option) => isSame(value, option.of(item)));
      };
    }
    case 'function':
      return bindFunction(condition.name, condition.args, bindings);
  }
}

function bindComparison(comparator: Comparator, one: Operand, other: Operand, bindings: Bindings): Predicate {
  const left = bindOperand(one, bindings);
  const right = bindOperand(other, bindings);
  refuseTwins(comparator, [left, right]);
  if (comparator === '=') return (item) => isSame(left.of(item), right.of(item));
  if (comparator === '<>') return (item) => !isSame(left.of(item), right.of(item));
  for (const { type } of [left, right]) {
    if (type !== undefined && type !== 'S' && type !== 'N' && type !== 'B') throw operandType(comparator, type);
  }
  const holds = ORDERS[comparator];
  return (item) => {
    const order = orderOf(left.of(item), right.of(item));
    return order !== undefined && holds(order);
  };
}

const ORDERS = {
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
};

const isSame = (one: Value | undefined, other: Value | undefined): boolean =>
  one !== undefined && other !== undefined && sameValue(one, other);

const orderOf = (one: Value | undefined, other: Value | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : compareValues(one, other);

function bindBetween(operands: readonly Operand[], bindings: Bindings): Predicate {
  const [operand, low, high] = operands.map((each) => bindOperand(each, bindings));
  if (!operand || !low || !high) throw new Error('BETWEEN has three operands');
  for (const { type } of [operand, low, high]) {
    if (type !== undefined && type !== 'S' && type !== 'N' && type !== 'B') throw operandType('BETWEEN', type);
  }
  if (low.value && high.value) checkBounds(low.value, high.value);
  return (item) => {
    const value = operand.of(item);
    const [above, below] = [orderOf(value, low.of(item)), orderOf(value, high.of(item))];
    return above !== undefined && below !== undefined && above >= 0 && below <= 0;
  };
}

function checkBounds(low: Value, high: Value): void {
  const shown = `lower bound operand: AttributeValue: ${show(low)}, upper bound operand: AttributeValue: ${show(high)}`;
  const order = compareValues(low, high);
  if (order === undefined) {
    throw invalid(`The BETWEEN operator requires same data type for lower and upper bounds; ${shown}`);
  }
  if (order > 0) {
    throw invalid(`The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${shown}`);
  }
}

function show(value: Value): string {
  const content = contentOf(value);
  return `{${kindOf(value)}:${content instanceof Uint8Array ? Buffer.from(content).toString('base64') : content}}`;
}

/** `a = a` and the like say nothing. */
function refuseTwins(operator: string, [first, second]: readonly BoundOperand[]): void {
  if (!first?.path || !second?.path || showPath(first.path) !== showPath(second.path)) return;
  throw invalid(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${showPath(first.path)}`,
  );
}

const COUNTS: Readonly<Record<string, number>> = { attribute_exists: 1, attribute_not_exists: 1 };
const TYPES = ['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M'];

function bindFunction(name: string, operands: readonly Operand[], bindings: Bindings): Predicate {
  const args = operands.map((operand) => bindOperand(operand, bindings));
  checkCount(name, args, COUNTS[name] ?? 2);
  refuseTwins(name, args);
  const [first, second] = args;
  if (!first) throw new Error('every function has an operand');
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    if (!first.path) throw needsPath(name);
    return name === 'attribute_exists'
      ? (item) => first.of(item) !== undefined
      : (item) => first.of(item) === undefined;
  }
  if (!second) throw new Error('the other functions have two');
  if (name === 'attribute_type') return bindAttributeType(first, second);
  if (name === 'begins_with') {
    for (const { type } of args) if (type !== undefined && type !== 'S' && type !== 'B') throw operandType(name, type);
    return (item) => beginsWith(first.of(item), second.of(item));
  }
  return (item) => contains(first.of(item), second.of(item));
}

function bindAttributeType(first: BoundOperand, second: BoundOperand): Predicate {
  if (!isKind(second.value, 'S')) {
    throw operandType('attribute_type', second.type ?? '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}');
  }
  const wanted = second.value.S;
  if (!TYPES.includes(wanted)) {
    throw invalid(`Invalid attribute type name found; type: ${wanted}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`);
  }
  return (item) => {
    const value = first.of(item);
    return value !== undefined && kindOf(value) === wanted;
  };
}

/** Whether a string or binary value starts with another of its type. */
export function beginsWith(value: Value | undefined, start: Value | undefined): boolean {
  if (isKind(value, 'S') && isKind(start, 'S')) return value.S.startsWith(start.S);
  if (!isKind(value, 'B') || !isKind(start, 'B')) return false;
  return Buffer.compare(value.B.subarray(0, start.B.byteLength), start.B) === 0;
}

/** A part of a string or of binary, a member of a set, an element of a list. */
export function contains(value: Value | undefined, part: Value | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if (isKind(value, 'S')) return isKind(part, 'S') && value.S.includes(part.S);
  if (isKind(value, 'B')) return isKind(part, 'B') && Buffer.from(value.B).includes(Buffer.from(part.B));
  if (isKind(value, 'L')) return value.L.some((element) => sameValue(element, part));
  const [member] = isKind(part, 'S')
    ? membersOf({ SS: [part.S] })
    : isKind(part, 'N')
      ? membersOf({ NS: [part.N] })
      : isKind(part, 'B')
        ? membersOf({ BS: [part.B] })
        : [];
  return member !== undefined && kindOf(value) === `${kindOf(part)}S` && membersOf(value).includes(member);
}

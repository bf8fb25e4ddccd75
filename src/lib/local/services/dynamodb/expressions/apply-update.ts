import { invalid } from '../dynamodb-errors.js';
import { addNumbers, subtractNumbers } from '../number.js';
import { emptyItem, type Item, isKind, type Kind, kindOf, membersOf, type Value } from '../value.js';
import type { Operand, SetValue, UpdateAction } from './ast.js';
import { checkCount, needsPath, operandType } from './bind-operand.js';
import type { Bindings } from './bindings.js';
import { clashSentence, type DocumentPath, valueAt } from './document-path.js';

/** An update with a request's names and values in it. */
export interface BoundUpdate {
  /** Every path that it writes, in the order of the text. */
  paths: readonly DocumentPath[];
  /** The item after the update; `item` itself stays as it is. @throws AwsError ValidationException for what cannot be carried out */
  apply(item: Item): Item;
}

/** A value computed from the item as it was before the update. */
type Compute = (before: Item) => Value;

interface Step {
  path: DocumentPath;
  /** The new value of the place, from its present one; undefined removes it. */
  change(present: Value | undefined, before: Item): Value | undefined;
}

/** @throws AwsError ValidationException with DynamoDB's detail */
export function bindUpdate(actions: readonly UpdateAction[], bindings: Bindings): BoundUpdate {
  const paths = actions.map(({ path }) => bindings.path(path));
  const steps = actions.map((action, index) => bindAction(action, paths[index] ?? [], bindings));
  const clash = clashSentence(paths);
  if (clash !== undefined) throw invalid(clash);
  return {
    paths,
    apply(before) {
      // All right sides see the item as it was; elements of lists are removed last, so that no index moves under another action.
      const values = steps.map((step) => step.change(valueAt(before, step.path), before));
      const after = copyItem(before, paths);
      const shortened = new Set<Value[]>();
      steps.forEach(({ path }, index) => {
        write(after, path, values[index], shortened);
      });
      for (const list of shortened) list.splice(0, list.length, ...list.filter((value) => value !== GONE));
      return after;
    },
  };
}

/** Stands where an element of a list is to go. */
const GONE: Value = { NULL: true };

function bindAction(action: UpdateAction, path: DocumentPath, bindings: Bindings): Step {
  switch (action.kind) {
    case 'set': {
      const compute = bindSetValue(action.value, bindings);
      return { path, change: (_, before) => compute(before) };
    }
    case 'remove':
      return { path, change: () => undefined };
    case 'add':
    case 'delete': {
      const value = bindings.value(action.placeholder);
      const type = kindOf(value);
      const isSet = type === 'SS' || type === 'NS' || type === 'BS';
      if (!isSet && !(action.kind === 'add' && type === 'N')) throw wrongOperand(action.kind.toUpperCase(), type);
      return { path, change: (present) => (action.kind === 'add' ? added(present, value) : without(present, value)) };
    }
  }
}

const LONG_NAMES: Partial<Record<Kind, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};
const wrongOperand = (operator: string, type: Kind): Error =>
  invalid(
    `Incorrect operand type for operator or function; operator: ${operator}, operand type: ${LONG_NAMES[type] ?? type}`,
  );

function bindSetValue(value: SetValue, bindings: Bindings): Compute {
  if (value.kind !== 'sum' && value.kind !== 'difference') return bindValue(value, bindings);
  const operator = value.kind === 'sum' ? '+' : '-';
  const [left, right] = [bindNumber(operator, value.left, bindings), bindNumber(operator, value.right, bindings)];
  const combine = value.kind === 'sum' ? addNumbers : subtractNumbers;
  return (before) => ({ N: combine(left(before), right(before)) });
}

function bindNumber(operator: string, operand: Operand, bindings: Bindings): (before: Item) => string {
  refuseType(operator, operand, 'N', bindings);
  const compute = bindValue(operand, bindings);
  return (before) => {
    const value = compute(before);
    if (!isKind(value, 'N')) throw wrongDataType();
    return value.N;
  };
}

function refuseType(operator: string, operand: Operand, wanted: Kind, bindings: Bindings): void {
  if (operand.kind !== 'value') return;
  const type = kindOf(bindings.value(operand.placeholder));
  if (type !== wanted) throw operandType(operator, type);
}

function bindValue(operand: Operand, bindings: Bindings): Compute {
  if (operand.kind === 'value') {
    const value = bindings.value(operand.placeholder);
    return () => value;
  }
  if (operand.kind === 'path') {
    const path = bindings.path(operand.parts);
    return (before) => {
      const value = valueAt(before, path);
      if (value === undefined) {
        throw invalid('The provided expression refers to an attribute that does not exist in the item');
      }
      return value;
    };
  }
  checkCount(operand.name, operand.args, 2);
  const [first, second] = operand.args;
  if (!first || !second) throw new Error('both functions have two operands');
  if (operand.name === 'list_append') return bindListAppend(first, second, bindings);
  if (first.kind !== 'path') throw needsPath('if_not_exists');
  const path = bindings.path(first.parts);
  const otherwise = bindValue(second, bindings);
  return (before) => valueAt(before, path) ?? otherwise(before);
}

function bindListAppend(first: Operand, second: Operand, bindings: Bindings): Compute {
  for (const operand of [first, second]) refuseType('list_append', operand, 'L', bindings);
  const [left, right] = [bindValue(first, bindings), bindValue(second, bindings)];
  return (before) => {
    const [head, tail] = [left(before), right(before)];
    if (!isKind(head, 'L') || !isKind(tail, 'L')) throw wrongDataType();
    return { L: [...head.L, ...tail.L] };
  };
}

const wrongDataType = (): Error => invalid('An operand in the update expression has an incorrect data type');

/** ADD: a number to a number, members to a set; a missing attribute counts as 0 or as the empty set. */
export function added(present: Value | undefined, value: Value): Value {
  if (present === undefined) return value;
  if (kindOf(present) !== kindOf(value)) throw wrongDataType();
  if (isKind(present, 'N') && isKind(value, 'N')) return { N: addNumbers(present.N, value.N) };
  const has = new Set(membersOf(present));
  const news = membersOf(value).map((member, index) => (has.has(member) ? undefined : index));
  const isNew = (_: unknown, index: number): boolean => news[index] !== undefined;
  if (isKind(present, 'SS') && isKind(value, 'SS')) return { SS: [...present.SS, ...value.SS.filter(isNew)] };
  if (isKind(present, 'NS') && isKind(value, 'NS')) return { NS: [...present.NS, ...value.NS.filter(isNew)] };
  if (isKind(present, 'BS') && isKind(value, 'BS')) return { BS: [...present.BS, ...value.BS.filter(isNew)] };
  throw wrongDataType();
}

/** DELETE: a set without some members; undefined where none is left. */
export function without(present: Value | undefined, value: Value): Value | undefined {
  if (present === undefined) return undefined;
  if (kindOf(present) !== kindOf(value)) throw wrongDataType();
  const go = new Set(membersOf(value));
  const members = membersOf(present);
  if (members.every((member) => go.has(member))) return undefined;
  const stays = (_: unknown, index: number): boolean => !go.has(members[index] ?? '');
  if (isKind(present, 'SS')) return { SS: present.SS.filter(stays) };
  if (isKind(present, 'NS')) return { NS: present.NS.filter(stays) };
  if (isKind(present, 'BS')) return { BS: present.BS.filter(stays) };
  throw wrongDataType();
}

/** A copy whose maps and lists on the way to `paths` are copies too, so that writing there changes nothing else. */
function copyItem(item: Item, paths: readonly DocumentPath[]): Item {
  const copy: Item = Object.assign(emptyItem(), item);
  const copied = new Set<Value>();
  for (const path of paths) {
    let holder: Item | Value[] = copy;
    for (const part of path.slice(0, -1)) {
      const value: Value | undefined = (holder as Record<string | number, Value>)[part];
      if (value === undefined) break;
      const own: Value = copied.has(value) ? value : copyOf(value);
      copied.add(own);
      (holder as Record<string | number, Value>)[part] = own;
      if (isKind(own, 'M')) holder = own.M;
      else if (isKind(own, 'L')) holder = own.L;
      else break;
    }
  }
  return copy;
}

function copyOf(value: Value): Value {
  if (isKind(value, 'M')) return { M: Object.assign(emptyItem(), value.M) };
  return isKind(value, 'L') ? { L: [...value.L] } : value;
}

function write(item: Item, path: DocumentPath, value: Value | undefined, shortened: Set<Value[]>): void {
  const last = path.at(-1) ?? '';
  const parent = path.length === 1 ? { M: item } : valueAt(item, path.slice(0, -1));
  if (typeof last === 'string' && isKind(parent, 'M')) {
    if (value === undefined) delete parent.M[last];
    else parent.M[last] = value;
  } else if (typeof last === 'number' && isKind(parent, 'L')) {
    // An index behind the end appends.
    if (value !== undefined) parent.L[Math.min(last, parent.L.length)] = value;
    else if (last < parent.L.length) {
      parent.L[last] = GONE;
      shortened.add(parent.L);
    }
  } else throw invalid('The document path provided in the update expression is invalid for update');
}

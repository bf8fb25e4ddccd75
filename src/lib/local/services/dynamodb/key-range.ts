import { invalid, invalidValues } from './dynamodb-errors.js';
import type { KeyTest, KeyTests } from './expressions/bind-key-condition.js';
import { closed, type KeyAttributes, LAST, openText, partitionPrefix, sortText } from './key-order.js';
import { attributesOf, type TableItems } from './table-items.js';
import { kindOf, type Value } from './value.js';

/** A part of a tree: places from `from` on and before `before`. */
export interface Bounds {
  from: string;
  before: string;
}

const INDEXABLE: ReadonlySet<string> = new Set(['EQ', 'LT', 'LE', 'GT', 'GE', 'BETWEEN', 'BEGINS_WITH']);

/** @throws AwsError ValidationException for tests that the key of the table or index does not take */
export function keyRange(tests: KeyTests, key: KeyAttributes, { types }: TableItems): Bounds {
  const names = attributesOf(key);
  for (const name of names) {
    const isHash = name === key.hash;
    if (isHash && names.length === 1 && tests.size > 1) throw invalid('Query key condition not supported');
    const test = tests.get(name);
    if (!test) {
      if (isHash || tests.size > 1) throw invalid(`Query condition missed key schema element: ${name}`);
      continue;
    }
    checkTest(test, name, types.get(name));
    if (isHash && test.operator !== 'EQ') throw invalid('Query key condition not supported');
  }
  const [hash] = tests.get(key.hash)?.values ?? [];
  if (!hash) throw invalid(`Query condition missed key schema element: ${key.hash}`);
  const prefix = partitionPrefix(hash);
  return rangeIn(prefix, key.range === undefined ? undefined : tests.get(key.range));
}

function checkTest({ operator, values }: KeyTest, name: string, type: string | undefined): void {
  if (!INDEXABLE.has(operator)) {
    throw invalid('Attempted conditional constraint is not an indexable operation');
  }
  if (values.some((value) => kindOf(value) !== type)) {
    throw invalidValues('Condition parameter type does not match schema type');
  }
  if (values.some(isEmpty)) {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
    );
  }
}

const isEmpty = (value: Value): boolean => ('S' in value ? value.S === '' : 'B' in value && value.B.byteLength === 0);

function rangeIn(prefix: string, test: KeyTest | undefined): Bounds {
  const all = { from: prefix, before: prefix + LAST };
  const [first, second] = test?.values ?? [];
  if (!test || !first) return all;
  const at = prefix + closed(sortText(first));
  switch (test.operator) {
    case 'EQ':
      return { from: at, before: at + LAST };
    case 'LT':
      return { ...all, before: at };
    case 'LE':
      return { ...all, before: at + LAST };
    case 'GT':
      return { ...all, from: at + LAST };
    case 'GE':
      return { ...all, from: at };
    case 'BETWEEN':
      return { from: at, before: second ? prefix + closed(sortText(second)) + LAST : at };
    default: {
      const start = prefix + openText(first);
      return { from: start, before: start + LAST };
    }
  }
}

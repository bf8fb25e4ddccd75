import { describe, expect, test } from 'vitest';
import { type SentValue, storedItem } from '../../../../src/lib/local/services/dynamodb/check-values.js';
import { Bindings } from '../../../../src/lib/local/services/dynamodb/expressions/bindings.js';
import {
  compileCondition,
  compileProjection,
  compileUpdate,
} from '../../../../src/lib/local/services/dynamodb/expressions/compile.js';
import { projectItem } from '../../../../src/lib/local/services/dynamodb/expressions/document-path.js';

type Sent = Record<string, SentValue>;

const ITEM = storedItem({
  id: { S: 'a1' },
  price: { N: '9000.50' },
  tags: { SS: ['red', 'blue'] },
  seq: { L: [{ N: '1' }, { S: 'two' }, { M: { deep: { BOOL: true } } }] },
  doc: { M: { part: { N: '5' }, name: { S: 'n' } } },
  octets: { B: Buffer.from('hello') },
  nothing: { NULL: true },
});
const VALUES: Sent = {
  ':n': { N: '9000.5' },
  ':five': { N: '5' },
  ':one': { N: '1' },
  ':a': { S: 'a' },
  ':z': { S: 'z' },
  ':red': { S: 'red' },
  ':two': { S: 'two' },
  ':hell': { B: Buffer.from('hell') },
  ':s': { S: 'S' },
};

const holds = (text: string, values: Sent = VALUES): boolean =>
  compileCondition('FilterExpression', text, new Bindings({ '#i': 'id', '#m': 'doc' }, values))(ITEM);

describe('a condition', () => {
  test.each([
    ['price = :n', true],
    ['price <> :n', false],
    ['gone <> :n', true],
    ['gone = :n', false],
    ['NOT gone = :n', true],
    ['price > :five AND price <= :n', true],
    ['price < :five OR #i >= :a', true],
    ['#i BETWEEN :a AND :z', true],
    ['price IN (:five, :n)', true],
    ['(#i) = :a', false],
    ['contains(tags, :red)', true],
    ['contains(seq, :two)', true],
    ['contains(#i, :a)', true],
    ['contains(price, :n)', false],
    ['begins_with(#i, :a) and begins_with(octets, :hell)', true],
    ['attribute_exists(seq[2].deep) AND attribute_not_exists(seq[3])', true],
    ['attribute_type(#i, :s)', true],
    ['size(seq) < :five', true],
    ['size(octets) = :five', true],
    ['#m.#i = :five', false],
    ['#m.part = :five', true],
    ['seq[0] = :one AND NOT (price = :five OR price = :one)', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  test.each([
    ['', 'The expression can not be empty;'],
    ['a = ', 'Syntax error; token: "<EOF>", near: "="'],
    ['price = :n price', 'Syntax error; token: "price", near: ":n price"'],
    ['price ! :n', 'Syntax error; token: "!", near: "price !"'],
    ['((price = :n))', 'The expression has redundant parentheses;'],
    ['name = :n', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['foo(price)', 'Invalid function name; function: foo'],
    ['size(seq)', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'contains(price, :n) = :n',
      'The function is not allowed to be used this way in an expression; function: contains',
    ],
    ['#x = :n', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
    ['price = :x', 'An expression attribute value used in expression is not defined; attribute value: :x'],
    [
      'begins_with(price, :n)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    [
      'contains(price)',
      'Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1',
    ],
    ['attribute_exists(:n)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    [
      'price = price',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [price]',
    ],
    [
      'price BETWEEN :five AND :one',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}',
    ],
  ])('%j is refused: %s', (text, detail) => {
    expect(() => holds(text)).toThrow(
      expect.objectContaining({ code: 'ValidationException', message: `Invalid FilterExpression: ${detail}` }),
    );
  });

  test('parentheses around each side of an AND are not redundant', () => {
    expect(holds('(price = :n) AND (price = :five)')).toBe(false);
    expect(holds('((price = :n) AND (price = :five)) OR attribute_exists(tags)')).toBe(true);
  });
});

function updated(text: string, values: Sent = {}): unknown {
  const given = Object.keys(values).length > 0 ? values : undefined;
  return { ...compileUpdate(text, new Bindings({ '#i': 'id' }, given)).apply(ITEM) };
}

describe('an update', () => {
  test.each<[text: string, values: Sent, expected: Record<string, unknown>]>([
    ['SET price = price + :d', { ':d': { N: '0.1' } }, { price: { N: '9000.6' } }],
    [
      'SET a = :v, b = price REMOVE price',
      { ':v': { S: 'x' } },
      { a: { S: 'x' }, b: { N: '9000.5' }, price: undefined },
    ],
    [
      'SET seq[1] = :v',
      { ':v': { N: '7' } },
      { seq: { L: [{ N: '1' }, { N: '7' }, { M: { deep: { BOOL: true } } }] } },
    ],
    ['REMOVE seq[0], seq[2]', {}, { seq: { L: [{ S: 'two' }] } }],
    [
      'SET doc.part = if_not_exists(doc.part, :z) + :o',
      { ':z': { N: '0' }, ':o': { N: '1' } },
      { doc: { M: { part: { N: '6' }, name: { S: 'n' } } } },
    ],
    ['SET n = if_not_exists(n, :z)', { ':z': { N: '0' } }, { n: { N: '0' } }],
    [
      'SET seq = list_append(seq, :l)',
      { ':l': { L: [{ N: '4' }] } },
      { seq: { L: [{ N: '1' }, { S: 'two' }, { M: { deep: { BOOL: true } } }, { N: '4' }] } },
    ],
    [
      'ADD hits :o, tags :t',
      { ':o': { N: '1' }, ':t': { SS: ['red', 'green'] } },
      { hits: { N: '1' }, tags: { SS: ['red', 'blue', 'green'] } },
    ],
    ['DELETE tags :t', { ':t': { SS: ['red', 'none'] } }, { tags: { SS: ['blue'] } }],
    ['DELETE tags :t', { ':t': { SS: ['red', 'blue'] } }, { tags: undefined }],
    [
      'SET seq[9] = :v',
      { ':v': { N: '9' } },
      { seq: { L: [{ N: '1' }, { S: 'two' }, { M: { deep: { BOOL: true } } }, { N: '9' }] } },
    ],
  ])('%s', (text, values, expected) => {
    const before = JSON.stringify(ITEM);
    const after = updated(text, values) as Record<string, unknown>;
    for (const [name, value] of Object.entries(expected)) expect(after[name]).toEqual(value);
    expect(JSON.stringify(ITEM)).toBe(before);
  });

  test.each<[text: string, values: Sent, message: string]>([
    [
      'SET a = :x SET b = :x',
      { ':x': { N: '1' } },
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      'SET doc = :x, doc.part = :x',
      { ':x': { N: '1' } },
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc], path two: [doc, part]',
    ],
    [
      'SET seq.a = :x, seq[1] = :x',
      { ':x': { N: '1' } },
      'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [seq, a], path two: [seq, [1]]',
    ],
    ['SET a = gone', {}, 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET a = #i + :x', { ':x': { N: '1' } }, 'An operand in the update expression has an incorrect data type'],
    [
      'SET a.b.c = :x',
      { ':x': { N: '1' } },
      'The document path provided in the update expression is invalid for update',
    ],
    [
      'ADD a :x',
      { ':x': { S: '1' } },
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
    ],
    ['ADD tags :x', { ':x': { N: '1' } }, 'An operand in the update expression has an incorrect data type'],
    ['REMOVE', {}, 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "REMOVE"'],
  ])('%s is refused', (text, values, message) => {
    expect(() => updated(text, values)).toThrow(expect.objectContaining({ code: 'ValidationException', message }));
  });
});

test('a projection picks elements in their own order and leaves out what is not there', () => {
  const project = (text: string) => projectItem(ITEM, compileProjection(text, new Bindings({ '#i': 'id' }, undefined)));
  expect({ ...project('seq[2].deep, seq[0], #i, gone') }).toEqual({
    id: { S: 'a1' },
    seq: { L: [{ N: '1' }, { M: { deep: { BOOL: true } } }] },
  });
  expect(() => project('doc, doc.part')).toThrow(/^Invalid ProjectionExpression: Two document paths overlap/);
});

test('what no expression uses is refused', () => {
  const bindings = new Bindings({ '#a': 'a', '#b': 'b' }, { ':v': { N: '1' } });
  compileCondition('ConditionExpression', '#a = :v', bindings);
  expect(() => bindings.refuseUnused()).toThrow(
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}',
  );
});

test('an attribute called __proto__ is one like any other', () => {
  const item = compileUpdate('SET #p = :v', new Bindings({ '#p': '__proto__' }, { ':v': { S: 'x' } })).apply(ITEM);
  expect(Object.entries(item).at(-1)).toEqual(['__proto__', { S: 'x' }]);
  expect(({} as Record<string, unknown>).S).toBeUndefined();
});

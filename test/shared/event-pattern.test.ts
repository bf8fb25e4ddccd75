import { expect, test } from 'vitest';
import { compilePattern, PatternError } from '../../src/lib/shared/event-pattern.js';

const order = {
  data: { kind: 'order', amount: 50, tags: ['new', 'eu'], note: null, lines: [{ sku: 'a' }, { sku: 'b' }] },
};

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
test.each([
  ['{"data":{"kind":["order"]}}', true],
  ['{"data":{"kind":["refund","order"]}}', true],
  ['{"data":{"kind":["refund"]}}', false],
  ['{"data":{"kind":["order"],"amount":[5]}}', false],
  ['{"data":{"tags":["eu"]}}', true],
  ['{"data":{"tags":["us"]}}', false],
  ['{"data":{"note":[null]}}', true],
  ['{"data":{"kind":[null]}}', false],
  ['{"data":{"kind":[{"exists":true}]}}', true],
  ['{"data":{"missing":[{"exists":false}]}}', true],
  ['{"data":{"missing":[{"exists":true}]}}', false],
  ['{"data":{"kind":[{"prefix":"or"}]}}', true],
  ['{"data":{"kind":[{"prefix":"OR"}]}}', false],
  ['{"data":{"kind":[{"prefix":{"equals-ignore-case":"OR"}}]}}', true],
  ['{"data":{"kind":[{"suffix":"der"}]}}', true],
  ['{"data":{"kind":[{"equals-ignore-case":"ORDER"}]}}', true],
  ['{"data":{"kind":[{"anything-but":["refund"]}]}}', true],
  ['{"data":{"kind":[{"anything-but":["order"]}]}}', false],
  ['{"data":{"kind":[{"anything-but":{"prefix":"ref"}}]}}', true],
  ['{"data":{"missing":[{"anything-but":["x"]}]}}', false],
  ['{"data":{"amount":[{"numeric":["=",50]}]}}', true],
  ['{"data":{"amount":[{"numeric":[">",0,"<=",50]}]}}', true],
  ['{"data":{"amount":[{"numeric":[">",50]}]}}', false],
  ['{"data":{"kind":[{"numeric":[">",0]}]}}', false],
  ['{"data":{"lines":{"sku":["b"]}}}', true],
  ['{"data":{"lines":{"sku":["c"]}}}', false],
  ['{"data":{"$or":[{"kind":["refund"]},{"amount":[50]}]}}', true],
  ['{"data":{"$or":[{"kind":["refund"]},{"amount":[5]}]}}', false],
  ['{"data":{"kind":{"deeper":["order"]}}}', false],
])('%s -> %s', (pattern, expected) => {
  expect(compilePattern(pattern)(order)).toBe(expected);
});

test.each([
  ['not json', 'it is not JSON'],
  ['[1]', 'it must be a JSON object'],
  ['{"data":{"a":"b"}}', 'data.a must be a list of values or a nested pattern'],
  ['{"data":{"a":[]}}', 'data.a is an empty list'],
  ['{"data":{}}', 'data holds an empty pattern'],
  ['{"data":{"a":[{"numeric":["~",5]}]}}', 'numeric at data.a must be'],
  ['{"data":{"a":[{"wildcard":"x*"}]}}', 'data.a uses the comparison "wildcard"'],
  ['{"data":{"a":[{"exists":"yes"}]}}', 'exists at data.a must be true or false'],
  ['{"$or":[{"a":[1]}]}', '$or must hold at least two patterns'],
])('refuses %s', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(PatternError);
  expect(() => compilePattern(pattern)).toThrow(message);
});

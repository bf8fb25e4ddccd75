// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../../../src/lib/local/services/cloudformation/template/parse-template.js';
import type { Value } from '../../../../src/lib/local/services/cloudformation/template/value.js';

describe('a template in YAML', () => {
  test.each([
    ['!Ref Name', { Ref: 'Name' }],
    ['!GetAtt Stream.Arn', { 'Fn::GetAtt': ['Stream', 'Arn'] }],
    ['!GetAtt Nested.Outputs.Name', { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] }],
    ['!GetAtt [Stream, Arn]', { 'Fn::GetAtt': ['Stream', 'Arn'] }],
    ['!Sub "${A}-b"', { 'Fn::Sub': '${A}-b' }],
    ['!ImportValue some-export', { 'Fn::ImportValue': 'some-export' }],
    ['!Join [":", [a, !Ref B]]', { 'Fn::Join': [':', ['a', { Ref: 'B' }]] }],
    [
      '!Select [6, !Split [":", !ImportValue arn]]',
      { 'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::ImportValue': 'arn' }] }] },
    ],
    ['!If [Big, 2, 1]', { 'Fn::If': ['Big', 2, 1] }],
    ['!Not [!Condition Small]', { 'Fn::Not': [{ Condition: 'Small' }] }],
    ['{ "Fn::Base64": !Sub x }', { 'Fn::Base64': { 'Fn::Sub': 'x' } }],
  ])('%s has its long form', (yaml, expected) => {
    expect(parseTemplate(`Value: ${yaml}`)).toEqual({ Value: expected });
  });

  test.each<[yaml: string, expected: Value, why: string]>([
    ['000000000000', '000000000000', 'an account id keeps its zeros'],
    ['1.10', '1.10', 'a version keeps its last digit'],
    ['2012-10-17', '2012-10-17', 'a date is text'],
    ['12', 12, 'a plain number is one'],
    ['-0.5', -0.5, 'and so is a negative fraction'],
    ['true', true, 'true is a boolean'],
    ['yes', 'yes', 'yes is a word'],
    ['"12"', '12', 'a quoted number is text'],
    ['', null, 'nothing is null'],
  ])('%s: %j (%s)', (yaml, expected) => {
    expect(parseTemplate(`Value: ${yaml}`)).toEqual({ Value: expected });
  });

  test('an anchor alone changes nothing', () => {
    expect(parseTemplate('A: &x {b: 1}')).toEqual({ A: { b: 1 } });
  });

  test.each([
    [
      'A: &x {b: 1}\nC: *x',
      /^Template error: YAML aliases are not allowed in CloudFormation templates \(line 2, column 4\)$/,
    ],
    ['A: &x [*x]', /aliases are not allowed/],
    [`A: &a [1, 1]\nB: &b [*a, *a]\n${'C: [*b, *b]\n'}`, /aliases are not allowed/],
  ])('%j is refused: aliases are not CloudFormation’s', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });

  test.each([
    ['JSON', (depth: number) => `{"A": ${'['.repeat(depth)}${']'.repeat(depth)}}`],
    ['YAML', (depth: number) => `A: ${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['YAML blocks', (depth: number) => `A:\n${'- '.repeat(depth)}`],
  ])('%s nested without end is refused, whatever the depth', (_, nested) => {
    expect(Object.keys(parseTemplate(nested(150)))).toEqual(['A']);
    for (const depth of [500, 25_000])
      expect(() => parseTemplate(nested(depth))).toThrow(/nested more than 200 levels/);
  });

  test.each([
    ['A:\n  b: [1, 2\nC: 3', /^Template format error: YAML not well-formed\. \(line 3, column 1\)/],
    ['A: 1\nA: 2', /\(line 2, column 1\)/],
    ['A:\n\t- b', /\(line 2, column 1\)/],
    ['A: 1\nB: !Nope x', /\(line 2, column 10\): unknown tag !Nope/],
    ['just words', /^Template format error: unsupported structure\./],
    ['', /^Template format error: unsupported structure\./],
  ])('%j is refused, with its place', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });
});

describe('a template in JSON', () => {
  test('is read as it is', () => {
    expect(parseTemplate('{"A": {"Fn::GetAtt": ["B", "Arn"]}, "C": "012"}')).toEqual({
      A: { 'Fn::GetAtt': ['B', 'Arn'] },
      C: '012',
    });
  });

  test('and a mistake in it has a line', () => {
    expect(() => parseTemplate('{\n  "A": 1,\n  "B": [1, }\n}')).toThrow(
      /^Template format error: JSON not well-formed\. \(line 3, column \d+\)/,
    );
  });

  test.each([
    ['{"A": 1,\n "B": {"x": [1, {"y": 2}], "x": 2}}', /\(line 2, column 28\): the key x is there twice$/],
    ['{"A": "{\\"b", "B": [",", "A"], "A": 1}', /the key A is there twice$/],
  ])('%s is refused: one of the two would be lost', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });

  test('a key that is there again elsewhere, or as text, is no second one', () => {
    expect(parseTemplate('{"A": {"A": ["A", "A", {"A": 1}, {"A": 1}]}, "B": ",\\"A\\":"}')).toHaveProperty('A.A');
  });

  test.each(['{"A": "x\\u0000"}', '{"A\\u001b": 1}', 'A: "\\0"'])('%s is refused: no answer could carry it', (text) => {
    expect(() => parseTemplate(text)).toThrow(/special character U\+00(00|1B) is not allowed/);
  });

  test('a name that JavaScript treats specially is only a name', () => {
    const parsed = parseTemplate('{"__proto__": {"polluted": 1}}');
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(parseTemplate('__proto__: {polluted: 1}'))).toEqual(['__proto__']);
  });
});

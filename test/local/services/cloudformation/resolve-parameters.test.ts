import { describe, expect, test } from 'vitest';
import { createCalls } from '../../../../src/lib/local/calls.js';
import { resolveParameters } from '../../../../src/lib/local/services/cloudformation/resolve-parameters.js';
import type { ParameterValue } from '../../../../src/lib/local/services/cloudformation/stack.js';
import { readTemplate } from '../../../../src/lib/local/services/cloudformation/template/read-template.js';
import { AwsError } from '../../../../src/lib/local/wire/aws-error.js';

const calls = createCalls(
  {
    ssm: {
      GetParameter({ Name }) {
        if (Name === '/list') return { Parameter: { Name, Type: 'StringList', Value: 'a, b' } };
        if (Name === '/text') return { Parameter: { Name, Type: 'String', Value: 'found' } };
        throw new AwsError('ParameterNotFound', '');
      },
    },
  },
  '000000000000',
  new AbortController().signal,
)('us-east-1');

const resolve = async (
  declaration: string,
  given: Record<string, string>,
  previous?: Map<string, ParameterValue>,
): Promise<Record<string, unknown>> => {
  const template = readTemplate(`Parameters: ${declaration}\nResources: {A: {Type: AWS::Kinesis::Stream}}`);
  const list = Object.entries(given).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const found = await resolveParameters(template, list, previous, calls);
  return Object.fromEntries([...found].map(([name, { value }]) => [name, value]));
};

test.each([
  ['{P: {Type: String, Default: x}}', {}, { P: 'x' }],
  ['{P: {Type: String, Default: x}}', { P: '' }, { P: '' }],
  ['{P: {Type: Number, Default: 3}}', {}, { P: '3' }],
  ['{P: {Type: CommaDelimitedList}}', { P: 'a, b,c' }, { P: ['a', 'b', 'c'] }],
  ['{P: {Type: List<Number>}}', { P: '1,2' }, { P: ['1', '2'] }],
  ['{P: {Type: AWS::SSM::Parameter::Value<String>}}', { P: '/text' }, { P: 'found' }],
  ['{P: {Type: AWS::SSM::Parameter::Value<List<String>>}}', { P: '/list' }, { P: ['a', 'b'] }],
  ['{P: {Type: String, AllowedPattern: "[a-z]+"}}', { P: 'abc' }, { P: 'abc' }],
  ['{P: {Type: String, AllowedPattern: "(?i)[a-z]+"}}', { P: 'ABC' }, { P: 'ABC' }],
  ['{P: {Type: String, AllowedPattern: "\\\\p{Alpha}+"}}', { P: 'abc' }, { P: 'abc' }],
])('%s with %j', async (declaration, given, expected) => {
  expect(await resolve(declaration, given)).toEqual(expected);
});

describe('refused in CloudFormation’s words', () => {
  test.each<[string, Record<string, string>, string]>([
    ['{P: {Type: String}, Q: {Type: String}}', {}, 'Parameters: [P, Q] must have values'],
    ['{P: {Type: String}}', { P: 'é'.repeat(2049) }, 'Parameter P is longer than 4096 bytes.'],
    ['{}', { X: '1' }, 'Parameters: [X] do not exist in the template'],
    ['{P: {Type: String, AllowedValues: [a, b]}}', { P: 'c' }, "Parameter 'P' must be one of AllowedValues [a, b]"],
    ['{P: {Type: String, AllowedPattern: "^[a-z]+$"}}', { P: 'A' }, "Parameter 'P' must match pattern ^[a-z]+$"],
    [
      '{P: {Type: String, AllowedPattern: "^(a+)+$"}}',
      { P: `${'a'.repeat(60)}!` },
      'AllowedPattern of parameter P takes too long to match: ^(a+)+$',
    ],
    ['{P: {Type: String, AllowedPattern: "a++"}}', { P: 'a' }, 'or one that only Java reads: a++'],
    ['{P: {Type: String, AllowedPattern: "a|b"}}', { P: 'ab' }, "Parameter 'P' must match pattern a|b"],
    [
      '{P: {Type: String, AllowedPattern: "a", ConstraintDescription: only a}}',
      { P: 'b' },
      'Parameter P failed to satisfy constraint: only a',
    ],
    ['{P: {Type: String, MinLength: 2}}', { P: 'a' }, "Parameter 'P' must contain at least 2 characters"],
    ['{P: {Type: String, MaxLength: 2}}', { P: 'abc' }, "Parameter 'P' must contain at most 2 characters"],
    ['{P: {Type: String, AllowedPattern: "[a-z&&[^x]]+"}}', { P: 'a' }, 'or one that only Java reads: [a-z&&[^x]]+'],
    ['{P: {Type: Number}}', { P: '0x10' }, "Parameter 'P' must be a number."],
    ['{P: {Type: Number}}', { P: 'x' }, "Parameter 'P' must be a number."],
    ['{P: {Type: Number, MinValue: 0}}', { P: '-1' }, "Parameter 'P' must be a number not less than 0"],
    ['{P: {Type: Number, MaxValue: 300}}', { P: '301' }, "Parameter 'P' must be a number not greater than 300"],
    [
      '{P: {Type: AWS::SSM::Parameter::Value<String>}}',
      { P: '/nope' },
      'Parameter P: unable to fetch parameters [/nope] from parameter store for this account.',
    ],
  ])('%s with %j', async (declaration, given, message) => {
    await expect(resolve(declaration, given)).rejects.toThrow(message);
  });
});

test('a previous value is used where the request says so, and only then', async () => {
  const previous = new Map([['P', { given: 'old', value: 'old', noEcho: false }]]);
  const template = readTemplate('Parameters: {P: {Type: String}}\nResources: {A: {Type: AWS::Kinesis::Stream}}');
  const used = await resolveParameters(template, [{ ParameterKey: 'P', UsePreviousValue: true }], previous, calls);
  expect(used.get('P')?.value).toBe('old');
  await expect(resolveParameters(template, [], previous, calls)).rejects.toThrow('Parameters: [P] must have values');
});

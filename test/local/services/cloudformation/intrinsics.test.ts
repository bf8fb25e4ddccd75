// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../../src/lib/local/services/cloudformation/intrinsics/evaluate.js';
import type { Scope } from '../../../../src/lib/local/services/cloudformation/intrinsics/scope.js';
import { parseTemplate } from '../../../../src/lib/local/services/cloudformation/template/parse-template.js';
import type { Value } from '../../../../src/lib/local/services/cloudformation/template/value.js';
import { AwsError } from '../../../../src/lib/local/wire/aws-error.js';

const parameters: Record<string, Value> = { Env: 'prod', Count: '3', Zones: ['a', 'b'], 'AWS::Region': 'eu-west-1' };
const scope: Scope = {
  parameter: (name) => parameters[name],
  condition: (name) => name === 'Yes',
  mapping: (map, key, second) => (map === 'M' && key === 'eu-west-1' && second === 'ami' ? 'ami-1' : undefined),
  reference: (id) => (id === 'Stream' ? 'orders' : undefined),
  attribute(id, name) {
    if (id === 'Stream' && name === 'Arn') return 'arn:aws:kinesis:eu-west-1:1:stream/orders';
    throw new AwsError('ValidationError', `no ${id}.${name}`);
  },
  imported: (name) => `value of ${name}`,
  stackOutput: (query) => JSON.stringify(query),
  isSecret: () => false,
  zones: (region) => [`${region || 'eu-west-1'}a`],
};
const work = (yaml: string): Value | undefined => evaluate(parseTemplate(`V: ${yaml}`).V ?? null, scope);

test.each<[string, Value]>([
  ['!Ref Env', 'prod'],
  ['!Ref Stream', 'orders'],
  ['!Ref AWS::Region', 'eu-west-1'],
  ['!GetAtt Stream.Arn', 'arn:aws:kinesis:eu-west-1:1:stream/orders'],
  [
    '!Sub "${Env}/${Stream}/${Stream.Arn}/${AWS::Region}"',
    'prod/orders/arn:aws:kinesis:eu-west-1:1:stream/orders/eu-west-1',
  ],
  ['!Sub "${!Literal} ${ Env }"', '${Literal} prod'],
  ['!Sub ["${a}-${Env}", {a: !Join ["+", !Ref Zones]}]', 'a+b-prod'],
  ['!Sub ["${Env}", {Env: mine}]', 'mine'],
  ['!Join ["", [a, 1, true]]', 'a1true'],
  ['!Join [",", []]', ''],
  ['!Split ["|", "a|b||c"]', ['a', 'b', '', 'c']],
  ['!Select [1, [a, b, c]]', 'b'],
  ['!Select ["0", !Ref Zones]', 'a'],
  ['!Select [6, !Split [":", "arn:aws:logs:r:1:log-group:/aws/lambda/x:*"]]', '/aws/lambda/x'],
  ['!ImportValue {"Fn::Sub": "${Env}-arn"}', 'value of prod-arn'],
  ['!GetStackOutput {StackName: net, OutputName: Vpc}', '{"stackName":"net","outputName":"Vpc"}'],
  [
    '{"Fn::GetStackOutput": {StackName: !Sub "${Env}-net", OutputName: Vpc, Region: !Ref AWS::Region}}',
    '{"stackName":"prod-net","outputName":"Vpc","region":"eu-west-1"}',
  ],
  ['!FindInMap [M, !Ref AWS::Region, ami]', 'ami-1'],
  ['!FindInMap [M, nowhere, ami, {DefaultValue: none}]', 'none'],
  ['!Base64 hello', 'aGVsbG8='],
  ['!GetAZs ""', ['eu-west-1a']],
  ['!GetAZs us-east-1', ['us-east-1a']],
  ['!If [Yes, 1, 2]', 1],
  ['!If [No, 1, 2]', 2],
  ['!Equals [!Ref Count, 3]', true],
  ['!Equals [{a: 1}, {a: "1"}]', true],
  ['!And [!Equals [1, 1], {Condition: Yes}]', true],
  ['!And [!Equals [1, 1], {Condition: No}]', false],
  ['!Or [!Equals [1, 2], {Condition: Yes}]', true],
  ['!Not [!Equals [1, 1]]', false],
  ['!Length [1, 2, 3]', 3],
  ['!ToJsonString {a: [1, !Ref Env]}', '{"a":[1,"prod"]}'],
  ['!Cidr ["10.0.0.0/16", 3, 8]', ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
  ['!Cidr ["192.168.255.240/28", 2, 3]', ['192.168.255.240/29', '192.168.255.248/29']],
  ['!Cidr ["2001:db8::/32", 2, 64]', ['2001:db8::/64', '2001:db8:0:1::/64']],
  ['[a, !Ref AWS::NoValue, b]', ['a', 'b']],
  ['{a: !Ref AWS::NoValue, b: 1}', { b: 1 }],
  ['!If [No, 1, !Ref AWS::NoValue]', null],
])('%s', (yaml, expected) => {
  // The last of the table: a value that is not there at all.
  expect(work(yaml) ?? null).toEqual(expected);
});

describe('what cannot be meant is refused', () => {
  test.each([
    ['!Ref Nobody', /Unresolved resource dependencies \[Nobody\]/],
    ['!Sub "${Nobody}"', /Unresolved resource dependencies \[Nobody\]/],
    ['!Sub "${Zones}"', /variable Zones in Fn::Sub expression does not resolve to a string/],
    ['!Select [5, [a]]', /Fn::Select cannot select nonexistent value at index 5/],
    ['!GetStackOutput {StackName: net}', /requires StackName and OutputName/],
    ['!GetStackOutput {StackName: net, OutputName: Vpc, Reigon: x}', /requires StackName and OutputName/],
    ['!Join [",", text]', /every Fn::Join object requires two parameters/],
    ['!Split [","]', /every Fn::Split object requires two parameters/],
    ['!FindInMap [M, x, y]', /Unable to get mapping for M::x::y/],
    ['!If [Yes, 1]', /Fn::If requires a list argument with three elements/],
    ['!And [!Equals [1, 1]]', /at least 2 and at most 10/],
    ['!GetAtt Stream', /every Fn::GetAtt object requires two non-empty parameters/],
    ['{"Fn::Nope": 1}', /Fn::Nope is not supported/],
    ['!Cidr ["10.0.0.0/30", 9, 8]', /has no room/],
    ['!Cidr ["10.0.0.0", 1, 8]', /not an IP address block/],
  ])('%s', (yaml, message) => {
    expect(() => work(yaml)).toThrow(message);
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
import { describe, expect, test } from 'vitest';
import { processTemplate } from '../../../../src/lib/local/services/cloudformation/macros/process-template.js';
import type { ParameterValue } from '../../../../src/lib/local/services/cloudformation/stack.js';
import { parseTemplate } from '../../../../src/lib/local/services/cloudformation/template/parse-template.js';
import { readTemplate } from '../../../../src/lib/local/services/cloudformation/template/read-template.js';
import type { Value, ValueMap } from '../../../../src/lib/local/services/cloudformation/template/value.js';
import type { Calls } from '../../../../src/lib/local/wire/handlers.js';

const parameter = (value: Value): ParameterValue => ({ given: '', value, noEcho: false });
const PARAMETERS = new Map([
  ['Names', parameter(['orders', 'click-stream'])],
  ['Stage', parameter('prod')],
  ['Bomb', parameter(Array.from({ length: 40 }, (_, index) => `i${index}`))],
]);

async function extend(text: string): Promise<ValueMap> {
  const { source } = await processTemplate(parseTemplate(`Transform: AWS::LanguageExtensions\n${text}`), {
    region: 'eu-west-1',
    accountId: '000000000000',
    parameters: PARAMETERS,
    calls: {} as Calls,
  });
  return source;
}

test('a loop over resources: its identifier in keys, in Ref and in Fn::Sub, and nowhere else', async () => {
  const { Resources } = await extend(`
Resources:
  Fn::ForEach::Streams:
    - Name
    - !Ref Names
    - Stream&{Name}:
        Type: AWS::Kinesis::Stream
        Properties:
          Name: !Ref Name
          Tags:
            - { Key: plain, Value: "\${Name}" }
            - { Key: sub, Value: !Sub "\${Name}-\${AWS::Region} &{Name}" }
            - { Key: own, Value: !Sub ["\${Name}", { Name: shadow }] }
            - { Key: kept, Value: !Sub "\${!Name}" }
`);
  expect(Object.keys(Resources as ValueMap)).toEqual(['Streamorders', 'Streamclickstream']);
  expect((Resources as Record<string, ValueMap>).Streamclickstream).toEqual({
    Type: 'AWS::Kinesis::Stream',
    Properties: {
      Name: 'click-stream',
      Tags: [
        { Key: 'plain', Value: '${Name}' },
        { Key: 'sub', Value: { 'Fn::Sub': 'click-stream-${AWS::Region} &{Name}' } },
        { Key: 'own', Value: { 'Fn::Sub': ['${Name}', { Name: 'shadow' }] } },
        { Key: 'kept', Value: { 'Fn::Sub': '${!Name}' } },
      ],
    },
  });
});

test('loops in loops, in properties, in outputs; names of resources that are worked out', async () => {
  const { Resources, Outputs } = await extend(`
Mappings:
  A: { Tag: { team: data } }
  B: { Tag: { team: ops, tier: gold } }
Resources:
  Fn::ForEach::Outer:
    - Letter
    - [A, B]
    - Fn::ForEach::Inner:
        - Number
        - ["1", "2"]
        - "Log\${Letter}\${Number}":
            Type: AWS::Logs::LogGroup
            Properties:
              Fn::ForEach::Properties:
                - Property
                - [team, tier]
                - "\${Property}": !FindInMap [!Ref Letter, Tag, !Ref Property, DefaultValue: !Ref AWS::NoValue]
Outputs:
  Fn::ForEach::Values:
    - Letter
    - [A]
    - Fn::ForEach::Attributes:
        - Attribute
        - [Arn]
        - "Out\${Letter}\${Attribute}": { Value: !GetAtt [!Sub "Log\${Letter}1", !Ref Attribute] }
      "Name\${Letter}": { Value: { Ref: { Fn::Sub: "Log\${Letter}2" } } }
`);
  expect(Object.keys(Resources as ValueMap)).toEqual(['LogA1', 'LogA2', 'LogB1', 'LogB2']);
  expect((Resources as Record<string, ValueMap>).LogB2?.Properties).toEqual({
    team: { 'Fn::FindInMap': ['B', 'Tag', 'team', { DefaultValue: { Ref: 'AWS::NoValue' } }] },
    tier: { 'Fn::FindInMap': ['B', 'Tag', 'tier', { DefaultValue: { Ref: 'AWS::NoValue' } }] },
  });
  expect(Outputs).toEqual({
    OutAArn: { Value: { 'Fn::GetAtt': ['LogA1', 'Arn'] } },
    NameA: { Value: { Ref: 'LogA2' } },
  });
});

test('conditions from a loop decide what becomes of a resource', async () => {
  const { Conditions, Resources } = await extend(`
Mappings: { When: { Condition: { orders: Isprod } } }
Conditions:
  Fn::ForEach::Stages:
    - S
    - [prod, test]
    - "Is\${S}": !Equals [!Ref Stage, !Ref S]
Resources:
  Kept:
    Type: AWS::S3::Bucket
    DeletionPolicy: !If [Isprod, Retain, Delete]
    UpdateReplacePolicy: !FindInMap [None, such, row, DefaultValue: !Ref AWS::NoValue]
    Condition: !FindInMap [When, Condition, orders]
  Dropped:
    Type: AWS::S3::Bucket
    DeletionPolicy: !If [Istest, Retain, Delete]
    Condition: !FindInMap [When, Condition, clicks, DefaultValue: !Ref AWS::NoValue]
  Count: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: !Length [!Ref Stage, b, c] } }
`);
  expect(Object.keys(Conditions as ValueMap)).toEqual(['Isprod', 'Istest']);
  expect(Resources).toEqual({
    Kept: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Condition: 'Isprod' },
    Dropped: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Delete' },
    Count: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 3 } },
  });
});

describe('a loop that cannot be meant is refused', () => {
  const loop = (body: string): string => `Resources: { "Fn::ForEach::L": ${body}, Other: { Type: AWS::S3::Bucket } }`;
  const layout = /^Transform AWS::LanguageExtensions failed with: Fn::ForEach layout is incorrect$/;
  const unresolved = /failed with: Could not find a collection or could not be resolved for Fn::ForEach$/;
  test.each([
    ['two parts', loop('[X, [a]]'), layout],
    ['an identifier that is a list', loop('[[X], [a], {"${X}": 1}]'), layout],
    ['a fragment that is a list', loop('[X, [a], [1]]'), layout],
    ['a loop without a name', 'Resources: { "Fn::ForEach": [X, [a], {"R${X}": 1}] }', layout],
    ['a collection of one word', loop('[X, a, {"${X}": 1}]'), unresolved],
    ['a collection that is an attribute', loop('[X, !GetAtt Other.Arn, {"${X}": 1}]'), unresolved],
    ['a collection of another stack', loop('[X, [!ImportValue x], {"${X}": 1}]'), unresolved],
    [
      'a key twice',
      loop('[X, [a, b], {Same: 1}]'),
      /failed with: Duplicate key 'Same' when merging keys to parent object in Fn::ForEach$/,
    ],
    ['a key that is there', loop('[X, [Other], {"${X}": 1}]'), /Duplicate key 'Other'/],
    [
      'a loop named as a resource',
      'Resources: { "Fn::ForEach::A": [X, [a], {"R${X}": 1}], A: {} }',
      /loop name A is taken/,
    ],
    [
      'conditions in a circle',
      'Conditions: { A: { Condition: B }, B: { Condition: A } }\nResources: { G: { Type: AWS::S3::Bucket, DeletionPolicy: !If [A, Retain, Delete] } }',
      /^Template format error: Circular dependency between conditions: \[A, B\]$/,
    ],
    [
      'a loop in a parameter',
      `Parameters: { "Fn::ForEach::P": [] }\n${loop('[X, [a], {"R${X}": 1}]')}`,
      /stands in Parameters/,
    ],
    [
      'loops without end',
      loop(
        '[A, !Ref Bomb, {"Fn::ForEach::M": [B, !Ref Bomb, {"Fn::ForEach::N": [C, !Ref Bomb, {"Fn::ForEach::O": [D, !Ref Bomb, {"R${A}${B}${C}${D}": 1}]}]}]}]',
      ),
      /more than 200,000 values long/,
    ],
  ])('%s', async (_, text, message) => {
    await expect(extend(text)).rejects.toThrow(message);
  });

  test('without the transform', () => {
    expect(() => readTemplate('Resources: { "Fn::ForEach::L": [X, [a], {"R${X}": {Type: AWS::S3::Bucket}}] }')).toThrow(
      'Template format error: [/Resources/Fn::ForEach::L] resource definition is malformed. Fn::ForEach needs Transform: AWS::LanguageExtensions',
    );
  });
});

test('a name that every object has is a name as any other', async () => {
  const { Resources } = await extend(
    'Resources: { "Fn::ForEach::L": [X, [__proto__, constructor], { "${X}": { Type: AWS::S3::Bucket } }] }',
  );
  expect(Object.keys(Resources as ValueMap)).toEqual(['__proto__', 'constructor']);
});

test('what a template says before its parameters have values leaves the loops out', () => {
  const template = readTemplate(`
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList } }
Resources: { "Fn::ForEach::L": [X, !Ref Names, {"R\${X}": {Type: AWS::S3::Bucket}}] }
`);
  expect(template).toMatchObject({ isDraft: true, transforms: ['AWS::LanguageExtensions'] });
  expect([...template.parameters.keys()]).toEqual(['Names']);
  expect(template.resources.size).toBe(0);
});

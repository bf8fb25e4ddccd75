import { describe, expect, test } from 'vitest';
import { checkTemplate } from '../../../../src/lib/local/services/cloudformation/template/check-template.js';
import { readTemplate } from '../../../../src/lib/local/services/cloudformation/template/read-template.js';
import { typeCatalog } from '../../../../src/lib/local/services/cloudformation/type-catalog.js';

const check = (text: string): void => checkTemplate(readTemplate(text), typeCatalog());
const STREAM = 'Type: AWS::Kinesis::Stream';

describe('a template is refused up front', () => {
  test.each([
    ['no resources', 'Outputs: {}', 'Template format error: At least one Resources member must be defined.'],
    ['a stranger at the top', `Resources: {A: {${STREAM}}}\nNope: 1`, 'Invalid template property or properties [Nope]'],
    [
      'a stranger in a resource',
      `Resources: {A: {${STREAM}, Propreties: {}}}`,
      "Invalid template resource property 'Propreties'",
    ],
    [
      'no type',
      'Resources: {A: {Properties: {}}}',
      'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
    ],
    [
      'properties that are a list',
      `Resources: {A: {${STREAM}, Properties: []}}`,
      'Template format error: Any Properties member must be an object.',
    ],
    [
      'a name with a dash',
      `Resources: {a-b: {${STREAM}}}`,
      'Template format error: Resource name a-b is non alphanumeric.',
    ],
    [
      'an unknown policy',
      `Resources: {A: {${STREAM}, DeletionPolicy: Keep}}`,
      'Template format error: Unrecognized DeletionPolicy Keep for resource A; one of Delete, Retain, RetainExceptOnCreate, Snapshot.',
    ],
    [
      'Ref to nothing',
      `Resources: {A: {${STREAM}, Properties: {Name: !Ref Nobody}}}`,
      'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
    ],
    [
      'DependsOn nothing',
      `Resources: {A: {${STREAM}, DependsOn: Nobody}}`,
      'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
    ],
    [
      'an output of nothing',
      `Resources: {A: {${STREAM}}}\nOutputs: {O: {Value: !Ref Nobody}}`,
      'Template format error: Unresolved resource dependencies [Nobody] in the Outputs block of the template',
    ],
    [
      'GetAtt of nothing',
      `Resources: {A: {${STREAM}, Properties: {Name: !GetAtt Nobody.Arn}}}`,
      'Template error: instance of Fn::GetAtt references undefined resource Nobody',
    ],
    [
      'an attribute the type has not',
      `Resources: {A: {${STREAM}}}\nOutputs: {O: {Value: !GetAtt A.arn}}`,
      'Template error: resource A does not support attribute type arn in Fn::GetAtt',
    ],
    [
      'a circle',
      `Resources:\n  A: {${STREAM}, DependsOn: B}\n  B: {${STREAM}, Properties: {Name: !Ref C}}\n  C: {${STREAM}, Properties: {Name: !Sub "\${A.Arn}"}}`,
      'Circular dependency between resources: [A, B, C]',
    ],
    [
      'a condition nobody declared',
      `Resources: {A: {${STREAM}, Condition: Big}}`,
      'Template format error: Unresolved condition dependency Big in the Resources block of the template',
    ],
    [
      'a condition on a resource',
      `Conditions: {Big: !Equals [!Ref A, 1]}\nResources: {A: {${STREAM}}}`,
      'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
    ],
    [
      'conditions in a circle',
      `Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}\nResources: {A: {${STREAM}}}`,
      'Template format error: Circular dependency between conditions: [A, B]',
    ],
    [
      'a default that is a map',
      `Parameters: {P: {Type: String, Default: {}}}\nResources: {A: {${STREAM}}}`,
      'Template format error: Every Default member must be a string.',
    ],
    [
      'an output without a value',
      `Resources: {A: {${STREAM}}}\nOutputs: {O: {}}`,
      'Template format error: Output O is malformed. Every Outputs member must contain a Value object.',
    ],
    [
      'a description that is too long',
      `Description: ${'é'.repeat(513)}\nResources: {A: {${STREAM}}}`,
      "Template format error: 'Description' length is greater than 1024.",
    ],
    [
      'too many parameters',
      `Parameters: {${Array.from({ length: 201 }, (_, n) => `P${n}: {Type: String}`).join()}}\nResources: {A: {${STREAM}}}`,
      'Template format error: Parameter count 201 is greater than max allowed 200',
    ],
    [
      'too many outputs',
      `Resources: {A: {${STREAM}}}\nOutputs: {${Array.from({ length: 201 }, (_, n) => `O${n}: {Value: x}`).join()}}`,
      'Template format error: Outputs count 201 is greater than max allowed 200',
    ],
    [
      'a name that is too long',
      `Resources: {${'A'.repeat(256)}: {${STREAM}}}`,
      'Template format error: Resources name AAAAAAAAAAAAAAAAAAAA… is longer than 255 characters.',
    ],
    [
      'a stranger in an output',
      `Resources: {A: {${STREAM}}}\nOutputs: {O: {Value: x, Exprot: {Name: y}}}`,
      "Invalid template output property 'Exprot'",
    ],
    [
      'a stranger in a parameter',
      `Parameters: {P: {Type: String, Defualt: x}}\nResources: {A: {${STREAM}}}`,
      "Invalid template parameter property 'Defualt'",
    ],
    [
      'a type of parameter nobody knows',
      `Parameters: {P: {Type: Strnig}}\nResources: {A: {${STREAM}}}`,
      'Template format error: Unrecognized parameter type: Strnig',
    ],
    [
      'a function nobody knows',
      `Resources: {A: {${STREAM}, Properties: {Name: {"Fn::Jion": [a]}}}}`,
      'Template error: Encountered unsupported function: Fn::Jion Supported functions are: [Fn::GetAtt, Fn::Sub, Fn::Join,',
    ],
    [
      'a function beside another key',
      `Resources: {A: {${STREAM}, Properties: {Name: {"Fn::Join": ["", [a]], Tags: 1}}}}`,
      'Template error: Fn::Join stands beside Tags; a function must be the only key of its object.',
    ],
    [
      'an extension without its transform',
      `Resources: {A: {${STREAM}}}\nOutputs: {O: {Value: {"Fn::Length": [a]}}}`,
      'Fn::Length needs Transform: AWS::LanguageExtensions',
    ],
    [
      'a default of a mapping without its transform',
      `Mappings: {M: {a: {b: c}}}\nResources: {A: {${STREAM}}}\nOutputs: {O: {Value: !FindInMap [M, a, d, {DefaultValue: x}]}}`,
      'A default needs Transform: AWS::LanguageExtensions',
    ],
    [
      'a macro in the middle',
      `Resources: {A: {${STREAM}, Properties: !Transform {Name: Mine}}}`,
      'Fn::Transform of Mine is not supported by this endpoint',
    ],
  ])('%s', (_, text, message) => {
    expect(() => check(text)).toThrow(message);
  });

  test('types that carry events and types of no schema, with how to let them in', () => {
    expect(() => check('Resources: {A: {Type: AWS::Pipes::Pipe}, B: {Type: AWS::Nope::Nope}}')).toThrow(
      'Template format error: Unrecognized resource types: [AWS::Pipes::Pipe, AWS::Nope::Nope]. To keep them without effect: pipectl local start --inert AWS::Pipes::Pipe --inert AWS::Nope::Nope',
    );
  });

  test.each([
    ['Transform: [AWS::Serverless-2016-10-31, Mine]', /Transform Mine is not supported/],
    ['Hooks: {H: {}}', /Hooks \(blue\/green deployments\) are not supported/],
    [
      'Rules: {R: {Assertions: [{Assert: !Equals [!Ref A, 1]}]}}',
      /Only parameters can be referenced in the Rules block/,
    ],
  ])('%s is named as what is missing', (section, message) => {
    expect(() => check(`${section}\nResources: {A: {${STREAM}}}`)).toThrow(message);
  });
});

test('a reference in the branch that is not taken, and variables of Fn::Sub, are no dependencies that fail', () => {
  expect(() =>
    check(`
Parameters: {P: {Type: String, Default: x}}
Conditions: {Never: !Equals [a, b]}
Resources:
  A: {${STREAM}, Condition: Never}
  B:
    ${STREAM}
    Properties:
      Name: !If [Never, !Ref A, !Sub ["\${Own}-\${P}-\${AWS::Region}", {Own: x}]]
`),
  ).not.toThrow();
});

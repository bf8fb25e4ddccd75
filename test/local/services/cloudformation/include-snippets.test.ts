// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has the same placeholders as JavaScript
import { expect, test } from 'vitest';
import {
  type Beforehand,
  processTemplate,
} from '../../../../src/lib/local/services/cloudformation/macros/process-template.js';
import { parseTemplate } from '../../../../src/lib/local/services/cloudformation/template/parse-template.js';
import { readTemplate } from '../../../../src/lib/local/services/cloudformation/template/read-template.js';
import type { ValueMap } from '../../../../src/lib/local/services/cloudformation/template/value.js';
import { AwsError } from '../../../../src/lib/local/wire/aws-error.js';

const OBJECTS: Record<string, string> = {
  'b/tags.yaml': 'Tags: [{ Key: team, Value: data }]\nRetentionInDays: 7',
  'b/more.json': '{"Resources": {"Extra": {"Type": "AWS::S3::Bucket"}}, "Outputs": {"O": {"Value": "x"}}}',
  'b/again.yaml': 'Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/tags.yaml } }',
  'b/loop.yaml': 'Fn::ForEach::L: [X, [a, b], { "R${X}": { Type: AWS::S3::Bucket } }]',
};
const GetObject: Beforehand['calls']['s3']['GetObject'] = async ({ Bucket, Key }) => {
  const text = OBJECTS[`${Bucket}/${Key}`];
  if (text === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  return { Body: Buffer.from(text) as never };
};

async function include(text: string): Promise<ValueMap> {
  const { source } = await processTemplate(parseTemplate(text), {
    region: 'us-east-1',
    accountId: '000000000000',
    parameters: new Map([['Bucket', { given: 'b', value: 'b', noEcho: false }]]),
    calls: { s3: { GetObject } } as unknown as Beforehand['calls'],
  });
  return source;
}
const call = (location: string): string =>
  `Fn::Transform: { Name: AWS::Include, Parameters: { Location: ${location} } }`;
const group = (location: string): string =>
  `Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: g, ${call(location)} } } }`;

test('a snippet stands where it was called, its location worked out', async () => {
  expect(await include(group('!Sub "s3://${Bucket}/tags.yaml"'))).toEqual({
    Resources: {
      G: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: 'g', Tags: [{ Key: 'team', Value: 'data' }], RetentionInDays: 7 },
      },
    },
  });
});

test('what is to be included is left out of a template that nobody has processed yet', () => {
  const template = readTemplate(
    `Transform: { Name: AWS::Include, Parameters: { Location: s3://b/more.json } }\n${group('s3://b/tags.yaml')}`,
  );
  expect(template).toMatchObject({ isDraft: true, transforms: ['AWS::Include'] });
  expect(template.resources.get('G')?.properties).toEqual({ LogGroupName: 'g' });
});

test('a snippet of the whole template brings sections and members of sections', async () => {
  const source = await include(
    'Transform: { Name: AWS::Include, Parameters: { Location: s3://b/more.json } }\nResources: { A: { Type: AWS::S3::Bucket } }',
  );
  expect(source).toEqual({
    Resources: { A: { Type: 'AWS::S3::Bucket' }, Extra: { Type: 'AWS::S3::Bucket' } },
    Outputs: { O: { Value: 'x' } },
  });
});

test('a loop that a snippet brings is written out', async () => {
  const source = await include(`Transform: AWS::LanguageExtensions\nResources: { ${call('s3://b/loop.yaml')} }`);
  expect(Object.keys(source.Resources as ValueMap)).toEqual(['Ra', 'Rb']);
});

test.each([
  ['an object that is not there', group('s3://b/none.yaml'), /S3 error: The specified key does not exist/],
  ['no URI', group('tags.yaml'), /Transform AWS::Include failed with: The location parameter is not a valid S3 uri/],
  ['a location that depends on a resource', group('!GetAtt G.Arn'), /not a valid S3 uri/],
  ['a snippet in a snippet', group('s3://b/again.yaml'), /includes another snippet, and cannot/],
  ['a key that is there', group('s3://b/tags.yaml').replace('LogGroupName', 'Tags'), /the key Tags is there already/],
  ['a macro of the account', group('x').replace('AWS::Include', 'Mine'), /Fn::Transform of Mine is not supported/],
  [
    'a member that is there',
    'Transform: { Name: AWS::Include, Parameters: { Location: s3://b/more.json } }\nResources: { Extra: {} }',
    /the template has Extra in Resources already/,
  ],
])('%s is refused', async (_, text, message) => {
  await expect(include(text)).rejects.toThrow(message);
});

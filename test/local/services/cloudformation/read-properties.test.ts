import { expect, test } from 'vitest';
import { readProperties } from '../../../../src/lib/local/services/cloudformation/schema/read-properties.js';
import { schemaOf } from '../../../../src/lib/local/services/cloudformation/schema/schema-of.js';
import type { ValueMap } from '../../../../src/lib/local/services/cloudformation/template/value.js';
import { UserPattern } from '../../../../src/lib/shared/user-pattern.js';

function read(type: string, properties: ValueMap): { read: ValueMap; problems: string[] } {
  const schema = schemaOf(type);
  if (!schema) throw new Error(`${type} has no schema`);
  const problems: string[] = [];
  return { read: readProperties(properties, schema, problems), problems };
}

test('strings become what the schema wants, in nested shapes and maps too', () => {
  expect(
    read('AWS::Lambda::Function', {
      Code: { ZipFile: 'x' },
      Role: 'arn:aws:iam::000000000000:role/r',
      Timeout: '30',
      Environment: { Variables: { PORT: 80, ON: true } },
      VpcConfig: { Ipv6AllowedForDualStack: 'True' },
    }),
  ).toEqual({
    read: {
      Code: { ZipFile: 'x' },
      Role: 'arn:aws:iam::000000000000:role/r',
      Timeout: 30,
      Environment: { Variables: { PORT: '80', ON: 'true' } },
      VpcConfig: { Ipv6AllowedForDualStack: true },
    },
    problems: [],
  });
});

const RULE = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'rot13' } };

test.each<[string, ValueMap, string]>([
  [
    'AWS::S3::Bucket',
    { BucketEncryption: { ServerSideEncryptionConfiguration: [RULE] } },
    '#/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm: rot13 is not a valid enum value',
  ],
  [
    'AWS::S3::Bucket',
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'Mine' }] } },
    '#/OwnershipControls/Rules/0/ObjectOwnership: Mine is not a valid enum value',
  ],
  // Properties without effect here are checked as well.
  [
    'AWS::S3::Bucket',
    { LifecycleConfiguration: { Rules: [{ Status: 'On' }] } },
    '#/LifecycleConfiguration/Rules/0/Status: On is not a valid enum value',
  ],
  [
    'AWS::Lambda::Url',
    { TargetFunctionArn: 'f', AuthType: 'NONE', Cors: { MaxAge: 86_401 } },
    '#/Cors/MaxAge: failed validation constraint for keyword [maximum]',
  ],
  [
    'AWS::Lambda::Permission',
    { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: '*', SourceArn: 'not an arn of AWS' },
    '#/SourceArn: failed validation constraint for keyword [pattern]',
  ],
  [
    'AWS::Lambda::Permission',
    { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: '*', PrincipalOrgID: 'o-SHOUTED12345' },
    '#/PrincipalOrgID: failed validation constraint for keyword [pattern]',
  ],
  [
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: {}, PermissionsBoundary: 'short' },
    '#/PermissionsBoundary: expected minLength: 20, actual: 5',
  ],
  [
    'AWS::SSM::Parameter',
    { Type: 'String', Value: 'v', DataType: 'number' },
    '#/DataType: number is not a valid enum value',
  ],
  [
    'AWS::Kinesis::Stream',
    { DesiredShardLevelMetrics: ['ALL', 'ALL'] },
    '#/DesiredShardLevelMetrics: array items are not unique',
  ],
  ['AWS::Kinesis::Stream', { StreamModeDetails: {} }, '#/StreamModeDetails: required key [StreamMode] not found'],
  ['AWS::Kinesis::Stream', { Tags: { a: 'b' } }, '#/Tags: expected type: JSONArray, found: JSONObject'],
])('%s %j is refused', (type, properties, problem) => {
  expect(read(type, properties).problems).toEqual([problem]);
});

test('a document may be text', () => {
  expect(read('AWS::IAM::Role', { AssumeRolePolicyDocument: '{"Statement":[]}' })).toEqual({
    read: { AssumeRolePolicyDocument: { Statement: [] } },
    problems: [],
  });
});

test('every pattern of the pack is one that this endpoint can match', () => {
  const patterns = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('pattern' in value && typeof value.pattern === 'string') patterns.add(value.pattern);
    Object.values(value).forEach(collect);
  };
  for (const type of ['AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::EC2::VPC'])
    collect(schemaOf(type));
  expect(patterns.size).toBeGreaterThan(10);
  for (const pattern of patterns) expect(() => new UserPattern(pattern), pattern).not.toThrow();
});

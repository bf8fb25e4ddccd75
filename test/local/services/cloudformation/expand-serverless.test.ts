import { describe, expect, test } from 'vitest';
import { expandServerless } from '../../../../src/lib/local/services/cloudformation/serverless/expand-serverless.js';
import { parseTemplate } from '../../../../src/lib/local/services/cloudformation/template/parse-template.js';
import type { ValueMap } from '../../../../src/lib/local/services/cloudformation/template/value.js';

const TRANSFORM = 'Transform: AWS::Serverless-2016-10-31\n';
const expand = (text: string): ValueMap => expandServerless(parseTemplate(TRANSFORM + text));
const resources = (text: string): Record<string, { Type: string; Properties: ValueMap } & ValueMap> =>
  expand(text).Resources as never;
const CODE = 'InlineCode: x, Runtime: nodejs22.x, Handler: index.handler';
const one = (properties: string): string =>
  `Resources: { F: { Type: AWS::Serverless::Function, Properties: { ${CODE}, ${properties} } } }`;

test('a template without the transform comes back as it is', () => {
  const source = parseTemplate('Resources: { F: { Type: AWS::Serverless::Function } }');
  expect(expandServerless(source)).toBe(source);
});

test('a function is a function and its role; what stands beside its properties stays', () => {
  expect(
    expand(`
Parameters: { P: { Type: String, Default: x } }
Resources:
  F:
    Type: AWS::Serverless::Function
    Condition: Wanted
    DependsOn: Other
    Properties: { CodeUri: "s3://code/a/b.zip?versionId=3", Runtime: python3.12, Handler: a.b, Tracing: Active, Tags: { team: data }, MemorySize: 256 }
  Other: { Type: AWS::Kinesis::Stream }
`),
  ).toEqual({
    Parameters: { P: { Type: 'String', Default: 'x' } },
    Resources: {
      F: {
        Type: 'AWS::Lambda::Function',
        Condition: 'Wanted',
        DependsOn: 'Other',
        Properties: {
          Runtime: 'python3.12',
          Handler: 'a.b',
          MemorySize: 256,
          Code: { S3Bucket: 'code', S3Key: 'a/b.zip', S3ObjectVersion: '3' },
          Role: { 'Fn::GetAtt': ['FRole', 'Arn'] },
          TracingConfig: { Mode: 'Active' },
          Tags: [
            { Key: 'lambda:createdBy', Value: 'SAM' },
            { Key: 'team', Value: 'data' },
          ],
        },
      },
      FRole: {
        Type: 'AWS::IAM::Role',
        Condition: 'Wanted',
        Properties: {
          AssumeRolePolicyDocument: expect.objectContaining({ Version: '2012-10-17' }),
          ManagedPolicyArns: [
            { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole` },
            { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/AWSXrayWriteOnlyAccess` },
          ],
          Tags: [
            { Key: 'lambda:createdBy', Value: 'SAM' },
            { Key: 'team', Value: 'data' },
          ],
        },
      },
      Other: { Type: 'AWS::Kinesis::Stream' },
    },
  });
});

test('Globals are merged: maps by key, lists joined, and a function’s own value wins', () => {
  const { F } = resources(
    `Globals: { Function: { Timeout: 5, MemorySize: 512, Layers: [a], Environment: { Variables: { A: g, B: g } }, Handler: !Ref P } }\n${one('Timeout: 9, Layers: [b], Environment: { Variables: { B: own } }')}`,
  );
  expect(F?.Properties).toMatchObject({
    Timeout: 9,
    MemorySize: 512,
    Layers: ['a', 'b'],
    Environment: { Variables: { A: 'g', B: 'own' } },
    Handler: 'index.handler',
  });
});

test('policies are managed ones by name and ARN, documents, and templates', () => {
  const made = resources(
    one(
      'Policies: [AmazonS3ReadOnlyAccess, "arn:aws:iam::1:policy/own", !Ref P, { Statement: [{ Effect: Allow, Action: "x:y", Resource: "*" }] }, { KinesisStreamReadPolicy: { StreamName: !Ref S } }, { CloudWatchPutMetricPolicy: {} }]',
    ),
  );
  const { ManagedPolicyArns, Policies } = made.FRole?.Properties ?? {};
  expect((ManagedPolicyArns as unknown[]).slice(1)).toEqual([
    { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/AmazonS3ReadOnlyAccess` },
    'arn:aws:iam::1:policy/own',
    { Ref: 'P' },
  ]);
  expect(Policies).toMatchObject([
    { PolicyName: 'FRolePolicy0', PolicyDocument: { Statement: [{ Action: 'x:y' }] } },
    {
      PolicyName: 'FRolePolicy1',
      PolicyDocument: {
        Statement: [
          { Action: ['kinesis:ListStreams', 'kinesis:DescribeLimits'] },
          {
            Action: expect.arrayContaining(['kinesis:GetRecords']),
            Resource: [
              {
                'Fn::Sub': [
                  `arn:\${AWS::Partition}:kinesis:\${AWS::Region}:\${AWS::AccountId}:stream/\${name}`,
                  { name: { Ref: 'S' } },
                ],
              },
            ],
          },
        ],
      },
    },
    { PolicyDocument: { Statement: [{ Action: ['cloudwatch:PutMetricData'], Resource: ['*'] }] } },
  ]);
});

test('events are a mapping, and a filter that may call the function', () => {
  const made = resources(
    one(
      'Events: { In: { Type: Kinesis, Properties: { Stream: !GetAtt S.Arn, StartingPosition: LATEST, BatchSize: 7 } }, Log: { Type: CloudWatchLogs, Properties: { LogGroupName: /app, FilterPattern: ERROR } } }',
    ),
  );
  expect(made.FIn).toEqual({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['S', 'Arn'] },
      FunctionName: { Ref: 'F' },
      StartingPosition: 'LATEST',
      BatchSize: 7,
    },
  });
  expect(made.FLog).toMatchObject({
    Type: 'AWS::Logs::SubscriptionFilter',
    DependsOn: ['FLogPermission'],
    Properties: { LogGroupName: '/app', FilterPattern: 'ERROR', DestinationArn: { 'Fn::GetAtt': ['F', 'Arn'] } },
  });
  expect(made.FLogPermission?.Properties).toMatchObject({
    Principal: 'logs.amazonaws.com',
    FunctionName: { Ref: 'F' },
  });
  expect(JSON.stringify(made.FRole)).toContain('AWSLambdaKinesisExecutionRole');
});

test('an alias that is published automatically is what events, URL and asynchronous calls go to', () => {
  const made = resources(
    one(
      'AutoPublishAlias: live, FunctionUrlConfig: { AuthType: NONE }, EventInvokeConfig: { MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Type: SNS, Destination: arn } } }, Events: { In: { Type: Kinesis, Properties: { Stream: s, StartingPosition: LATEST } } }',
    ),
  );
  const version = Object.keys(made).find((id) => /^FVersion[0-9a-f]{10}$/.test(id)) ?? '';
  expect(made[version]).toMatchObject({ Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain' });
  expect(made.FAliaslive?.Properties).toEqual({
    Name: 'live',
    FunctionName: { Ref: 'F' },
    FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
  });
  expect(made.FIn?.Properties.FunctionName).toEqual({ Ref: 'FAliaslive' });
  expect(made.FUrl?.Properties).toEqual({ AuthType: 'NONE', TargetFunctionArn: { Ref: 'FAliaslive' } });
  expect(made.FUrlPublicPermissions?.Properties).toMatchObject({ Principal: '*' });
  expect(made.FEventInvokeConfig?.Properties).toEqual({
    MaximumRetryAttempts: 1,
    FunctionName: { Ref: 'F' },
    Qualifier: 'live',
    DestinationConfig: { OnFailure: { Destination: 'arn' } },
  });
});

test('a layer is a version that stays', () => {
  expect(
    resources(
      'Resources: { L: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: { Bucket: b, Key: k }, CompatibleRuntimes: [nodejs22.x] } } }',
    ).L,
  ).toEqual({
    Type: 'AWS::Lambda::LayerVersion',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { LayerName: 'L', Content: { S3Bucket: 'b', S3Key: 'k' }, CompatibleRuntimes: ['nodejs22.x'] },
  });
});

describe('is refused as AWS’s transform refuses', () => {
  const FAILED = `Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: 1. `;
  test.each([
    [
      'Resources: { A: { Type: AWS::Serverless::Api } }',
      'Resource with id [A] is invalid. AWS::Serverless::Api is not supported by this endpoint, which expands AWS::Serverless::Function and AWS::Serverless::LayerVersion',
    ],
    [
      one('Timeuot: 3'),
      'Resource with id [F] is invalid. property Timeuot not defined for resource of type AWS::Serverless::Function',
    ],
    [
      'Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: ./src } } }',
      "Resource with id [F] is invalid. 'CodeUri' is not a valid S3 Uri",
    ],
    ['Resources: { F: { Type: AWS::Serverless::Function } }', 'Missing required property: one of'],
    [
      one('Events: { A: { Type: Api } }'),
      'Event with id [A] is invalid. Type Api is not supported by this endpoint, which has Kinesis and CloudWatchLogs',
    ],
    [
      one('Policies: [{ DynamoDBCrudPolicy: { TableName: t } }]'),
      'The policy template DynamoDBCrudPolicy is not supported by this endpoint, which has KinesisStreamReadPolicy,',
    ],
    [
      one('Policies: [{ S3ReadPolicy: {} }]'),
      "Must specify valid parameter values for policy template 'S3ReadPolicy': BucketName",
    ],
    [
      `Globals: { Api: {} }\n${one('Timeout: 3')}`,
      "'Globals' section is invalid. 'Api' is not supported by this endpoint; Function is.",
    ],
    [
      `${one('Timeout: 3').replace(/ }$/, '')}, FRole: { Type: AWS::Kinesis::Stream } }`,
      'it stands for a resource FRole, and the template has one of that name',
    ],
  ])('%s', (text, message) => {
    expect(() => expand(text)).toThrow(message);
    expect(() => expand(text)).toThrow(FAILED);
  });

  test.each([
    'Properties',
    'Events',
    'Tags',
    'Policies',
    'FunctionUrlConfig',
    'EventInvokeConfig',
    'AutoPublishAlias',
    'CodeUri',
  ])('%s of any other kind, never with a fault of ours', (name) => {
    for (const junk of [
      '1',
      '[]',
      '[[1]]',
      '[null]',
      '{a: 1}',
      '{a: null}',
      'true',
      '{constructor: 1}',
      '{__proto__: {Type: toString}}',
      '{x: {Type: {}}}',
    ]) {
      const text =
        name === 'Properties'
          ? `Resources: { F: { Type: AWS::Serverless::Function, Properties: ${junk} } }`
          : one(`${name}: ${junk}`);
      try {
        expand(text);
      } catch (error) {
        expect(error, `${name}: ${junk}`).toMatchObject({ code: 'ValidationError' });
      }
    }
  });
});

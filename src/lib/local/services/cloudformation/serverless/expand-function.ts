import { createHash } from 'node:crypto';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { expandEvents } from './expand-events.js';
import { functionRole } from './function-role.js';
import { inherited, refuseStrangers, type ServerlessResource, s3Location, tagList } from './serverless-resource.js';

/** Properties that are the same in `AWS::Lambda::Function`. */
const PASSED_ON = [
  ...['FunctionName', 'Description', 'Runtime', 'Handler', 'MemorySize', 'Timeout', 'Environment', 'Architectures'],
  ...['Layers', 'ReservedConcurrentExecutions', 'KmsKeyArn', 'EphemeralStorage', 'LoggingConfig', 'PackageType'],
  ...[
    'VpcConfig',
    'FileSystemConfigs',
    'SnapStart',
    'RuntimeManagementConfig',
    'RecursiveLoop',
    'CodeSigningConfigArn',
  ],
];
const KNOWN: ReadonlySet<string> = new Set([
  ...PASSED_ON,
  ...['CodeUri', 'InlineCode', 'Role', 'Policies', 'AssumeRolePolicyDocument', 'PermissionsBoundary', 'RolePath'],
  ...['Tracing', 'Tags', 'DeadLetterQueue', 'Events', 'AutoPublishAlias', 'FunctionUrlConfig', 'EventInvokeConfig'],
]);

/** @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html */
export function expandFunction(resource: ServerlessResource): ValueMap {
  refuseStrangers(resource, KNOWN);
  const { logicalId, declared, properties, fail } = resource;
  const { Tags: tags = {}, Tracing: tracing, DeadLetterQueue: queue, Role: role } = properties;
  const { Type: _type, Properties: _properties, ...members } = declared;
  const code = codeOf(resource);
  const made: ValueMap = {
    [logicalId]: {
      ...members,
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...Object.fromEntries(
          PASSED_ON.flatMap((key) => (properties[key] === undefined ? [] : [[key, properties[key]]])),
        ),
        Code: code,
        Role: role ?? { 'Fn::GetAtt': [`${logicalId}Role`, 'Arn'] },
        ...(tracing !== undefined && { TracingConfig: { Mode: tracing } }),
        ...(isMap(queue) && { DeadLetterConfig: { TargetArn: queue.TargetArn ?? null } }),
        Tags: [
          { Key: 'lambda:createdBy', Value: 'SAM' },
          ...tagList(isMap(tags) ? tags : fail("'Tags' must be a map")),
        ],
      },
    },
  };
  if (role === undefined) made[`${logicalId}Role`] = functionRole(resource);
  const target = publish(resource, code, made);
  Object.assign(made, expandEvents(resource, target));
  return { ...made, ...urlOf(resource, target), ...invokeConfigOf(resource, target) };
}

function codeOf(resource: ServerlessResource): ValueMap {
  const { InlineCode: inline, CodeUri: uri } = resource.properties;
  if (inline !== undefined) return { ZipFile: inline };
  if (uri === undefined) resource.fail("Missing required property: one of 'CodeUri' and 'InlineCode'.");
  return s3Location(uri, 'CodeUri', resource);
}

/**
 * With AutoPublishAlias, a version for each code there ever was, and the alias on the latest.
 * @returns what events are to invoke
 */
function publish(resource: ServerlessResource, code: ValueMap, made: ValueMap): Value {
  const { logicalId, properties, fail } = resource;
  const { AutoPublishAlias: alias } = properties;
  const itself = { Ref: logicalId };
  if (alias === undefined) return itself;
  if (typeof alias !== 'string') return fail("'AutoPublishAlias' must be a string");
  const hash = createHash('sha256').update(JSON.stringify(code)).digest('hex').slice(0, 10);
  const version = `${logicalId}Version${hash}`;
  made[version] = {
    ...inherited(resource),
    Type: 'AWS::Lambda::Version',
    DeletionPolicy: 'Retain',
    Properties: { FunctionName: itself },
  };
  made[`${logicalId}Alias${alias.replace(/\W/g, '')}`] = {
    ...inherited(resource),
    Type: 'AWS::Lambda::Alias',
    Properties: { Name: alias, FunctionName: itself, FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] } },
  };
  return { Ref: `${logicalId}Alias${alias.replace(/\W/g, '')}` };
}

function urlOf(resource: ServerlessResource, target: Value): ValueMap {
  const { logicalId, properties, fail } = resource;
  const { FunctionUrlConfig: url } = properties;
  if (url === undefined) return {};
  if (!isMap(url) || url.AuthType === undefined) return fail("'FunctionUrlConfig' must be a map with an AuthType");
  const made: ValueMap = {
    [`${logicalId}Url`]: {
      ...inherited(resource),
      Type: 'AWS::Lambda::Url',
      Properties: { ...url, TargetFunctionArn: target },
    },
  };
  if (url.AuthType !== 'NONE') return made;
  const permission = {
    Action: 'lambda:InvokeFunctionUrl',
    FunctionName: target,
    Principal: '*',
    FunctionUrlAuthType: 'NONE',
  };
  return {
    ...made,
    [`${logicalId}UrlPublicPermissions`]: {
      ...inherited(resource),
      Type: 'AWS::Lambda::Permission',
      Properties: permission,
    },
  };
}

function invokeConfigOf(resource: ServerlessResource, target: Value): ValueMap {
  const { logicalId, properties, fail } = resource;
  const { EventInvokeConfig: config, AutoPublishAlias: alias = '$LATEST' } = properties;
  if (config === undefined) return {};
  if (!isMap(config)) return fail("'EventInvokeConfig' must be a map");
  const { DestinationConfig: destinations, ...rest } = config;
  const reached = Object.entries(isMap(destinations) ? destinations : {}).map(([outcome, destination]) => {
    const arn = isMap(destination) ? destination.Destination : undefined;
    if (arn === undefined) fail(`'EventInvokeConfig' needs a Destination for ${outcome}; this endpoint makes none`);
    return [outcome, { Destination: arn }];
  });
  return {
    [`${logicalId}EventInvokeConfig`]: {
      ...inherited(resource),
      Type: 'AWS::Lambda::EventInvokeConfig',
      ...(isMap(target) && { DependsOn: [target.Ref ?? logicalId] }),
      Properties: {
        ...rest,
        FunctionName: { Ref: logicalId },
        Qualifier: alias,
        ...(reached.length > 0 && { DestinationConfig: Object.fromEntries(reached) }),
      },
    },
  };
}

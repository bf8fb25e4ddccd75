import { intrinsicOf } from '../intrinsics/evaluate.js';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { policyFromTemplate } from './policy-templates.js';
import { inherited, type ServerlessResource, tagList } from './serverless-resource.js';

const MANAGED = `arn:\${AWS::Partition}:iam::aws:policy/`;

/** The role of a function that names none: it may write its log, read the streams of its events, and what its Policies say. */
export function functionRole(resource: ServerlessResource): ValueMap {
  const { logicalId, properties } = resource;
  const {
    Policies: policies = [],
    Events: events = {},
    Tags: tags = {},
    AssumeRolePolicyDocument: trust = TRUST,
    PermissionsBoundary: boundary,
    RolePath: path,
    Tracing: tracing,
  } = properties;
  const arns: Value[] = [managed('AWSLambdaBasicExecutionRole')];
  if (tracing === 'Active') arns.push(managed('AWSXrayWriteOnlyAccess'));
  if (isMap(events) && Object.values(events).some((event) => isMap(event) && event.Type === 'Kinesis'))
    arns.push(managed('AWSLambdaKinesisExecutionRole'));
  const inline: ValueMap[] = [];
  for (const policy of [policies].flat()) {
    const document = documentOf(policy, resource);
    if (document) inline.push({ PolicyName: `${logicalId}RolePolicy${inline.length}`, PolicyDocument: document });
    else arns.push(typeof policy === 'string' && !policy.startsWith('arn:') ? managed(policy) : policy);
  }
  return {
    ...inherited(resource),
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: trust,
      ManagedPolicyArns: arns,
      ...(inline.length > 0 && { Policies: inline }),
      ...(boundary !== undefined && { PermissionsBoundary: boundary }),
      ...(path !== undefined && { Path: path }),
      Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }, ...tagList(isMap(tags) ? tags : {})],
    },
  };
}

const TRUST: ValueMap = {
  Version: '2012-10-17',
  Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] } }],
};

const managed = (name: string): ValueMap => ({
  'Fn::Sub': MANAGED + (/^AWSLambda/.test(name) ? `service-role/${name}` : name),
});

/** The document of an inline policy or a policy template; undefined for the name or ARN of a managed one. */
function documentOf(policy: Value, resource: ServerlessResource): ValueMap | undefined {
  if (typeof policy === 'string' || (isMap(policy) && intrinsicOf(policy))) return undefined;
  if (!isMap(policy)) return resource.fail("'Policies' are names, ARNs, documents and policy templates");
  if (policy.Statement !== undefined) return policy;
  return policyFromTemplate(policy, resource);
}

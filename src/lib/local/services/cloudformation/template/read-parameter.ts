import { UserPattern } from '../../../../shared/user-pattern.js';
import { formatError, invalid } from '../validation-error.js';
import type { ParameterDeclaration } from './template.js';
import { isMap, isScalar, type Value } from './value.js';

const MEMBERS = new Set([
  ...['Type', 'Default', 'Description', 'AllowedValues', 'AllowedPattern', 'ConstraintDescription', 'NoEcho'],
  ...['MinLength', 'MaxLength', 'MinValue', 'MaxValue'],
]);

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html */
const AWS_TYPES =
  'AWS::EC2::AvailabilityZone::Name|AWS::EC2::Image::Id|AWS::EC2::Instance::Id|AWS::EC2::KeyPair::KeyName|' +
  'AWS::EC2::SecurityGroup::GroupName|AWS::EC2::SecurityGroup::Id|AWS::EC2::Subnet::Id|AWS::EC2::Volume::Id|' +
  'AWS::EC2::VPC::Id|AWS::Route53::HostedZone::Id';
const TYPE = new RegExp(
  `^(?:String|Number|List<(?:String|Number|${AWS_TYPES})>|CommaDelimitedList|${AWS_TYPES}|AWS::SSM::Parameter::Name|` +
    `AWS::SSM::Parameter::Value<(?:String|List<String>|CommaDelimitedList|${AWS_TYPES}|List<(?:${AWS_TYPES})>)>)$`,
);

/** @throws AwsError ValidationError in CloudFormation's words */
export function readParameter(name: string, value: Value): ParameterDeclaration {
  if (!isMap(value)) throw formatError('Any Parameters member must be an object.');
  const { Type: type, AllowedValues: allowed } = value;
  if (typeof type !== 'string') throw formatError('Every Parameters object must contain a Type member.');
  const stranger = Object.keys(value).find((key) => !MEMBERS.has(key));
  if (stranger !== undefined) throw invalid(`Invalid template parameter property '${stranger}'`);
  if (!TYPE.test(type)) throw formatError(`Unrecognized parameter type: ${type}`);
  if (value.Default !== undefined && !isScalar(value.Default))
    throw formatError('Every Default member must be a string.');
  if (allowed !== undefined && !Array.isArray(allowed)) throw formatError('Every AllowedValues member must be a list.');
  const number = (member: string): number | undefined => {
    const bound = value[member];
    if (bound === undefined) return undefined;
    const read = Number(bound);
    if (!isScalar(bound) || Number.isNaN(read)) throw formatError(`Every ${member} member must be a number.`);
    return read;
  };
  const text = (member: string): string | undefined => {
    const found = value[member];
    return isScalar(found) ? String(found) : undefined;
  };
  const noEcho = String(value.NoEcho ?? false).toLowerCase();
  if (noEcho !== 'true' && noEcho !== 'false') throw formatError('Every NoEcho member must be a boolean.');
  const declaration: ParameterDeclaration = { type, noEcho: noEcho === 'true' };
  const optional = {
    default: text('Default'),
    description: text('Description'),
    allowedValues: allowed?.map(String),
    allowedPattern: text('AllowedPattern'),
    constraintDescription: text('ConstraintDescription'),
    minLength: number('MinLength'),
    maxLength: number('MaxLength'),
    minValue: number('MinValue'),
    maxValue: number('MaxValue'),
  };
  if (optional.allowedPattern !== undefined) compilePattern(name, optional.allowedPattern);
  return Object.assign(declaration, optional);
}

/** AllowedPattern is a Java regular expression: what JavaScript reads otherwise, as possessive quantifiers, is refused. */
export function compilePattern(parameter: string, pattern: string): UserPattern {
  try {
    return new UserPattern(pattern);
  } catch {
    throw formatError(
      `AllowedPattern of parameter ${parameter} is not a regular expression, or one that only Java reads: ${pattern}`,
    );
  }
}

import type { Parameter } from '@aws-sdk/client-cloudformation';
import { SlowPatternError } from '../../../shared/user-pattern.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Calls } from '../../wire/handlers.js';
import type { ParameterValue } from './stack.js';
import { compilePattern } from './template/read-parameter.js';
import type { ParameterDeclaration, Template } from './template/template.js';
import type { Value } from './template/value.js';
import { invalid } from './validation-error.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_VALUE_BYTES = 4096;
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/**
 * The values a template is used with: given ones over previous ones (`UsePreviousValue`) over defaults, checked against the declarations.
 * SSM parameters are looked up now, as CloudFormation does at each create and update.
 * @throws AwsError ValidationError in CloudFormation's words
 */
export async function resolveParameters(
  template: Template,
  given: readonly Parameter[],
  previous: ReadonlyMap<string, ParameterValue> | undefined,
  calls: Calls,
): Promise<Map<string, ParameterValue>> {
  const long = given.find(({ ParameterValue: value = '' }) => Buffer.byteLength(value) > MAX_VALUE_BYTES);
  if (long) throw invalid(`Parameter ${long.ParameterKey} is longer than ${MAX_VALUE_BYTES} bytes.`);
  const twice = given.find(
    ({ ParameterKey: name }, at) => given.findIndex((other) => other.ParameterKey === name) < at,
  );
  if (twice) throw invalid(`Parameter ${twice.ParameterKey} is given twice.`);
  const byName = new Map(given.map((parameter) => [parameter.ParameterKey ?? '', parameter]));
  const strangers = [...byName.keys()].filter((name) => !template.parameters.has(name));
  if (strangers.length > 0) throw invalid(`Parameters: [${strangers.join(', ')}] do not exist in the template`);

  const missing: string[] = [];
  const texts = new Map<string, string>();
  for (const [name, declaration] of template.parameters) {
    const parameter = byName.get(name);
    if (parameter?.UsePreviousValue && parameter.ParameterValue !== undefined)
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      );
    if (parameter?.UsePreviousValue && previous?.get(name) === undefined)
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    const text = parameter?.UsePreviousValue
      ? previous?.get(name)?.given
      : (parameter?.ParameterValue ?? declaration.default);
    if (text === undefined) missing.push(name);
    else texts.set(name, text);
  }
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);

  const resolved = new Map<string, ParameterValue>();
  for (const [name, text] of texts) {
    const declaration = template.parameters.get(name);
    if (declaration) resolved.set(name, await resolveOne(name, text, declaration, calls));
  }
  return resolved;
}

async function resolveOne(
  name: string,
  given: string,
  declaration: ParameterDeclaration,
  calls: Calls,
): Promise<ParameterValue> {
  const { noEcho, type } = declaration;
  checkConstraints(name, given, declaration);
  const inner = SSM_VALUE.exec(type)?.[1];
  if (inner !== undefined) {
    const resolved = await readSsm(name, given, calls);
    return { given, resolved, noEcho, value: isListType(inner) ? splitList(resolved) : resolved };
  }
  if (type === 'AWS::SSM::Parameter::Name') await readSsm(name, given, calls);
  return { given, noEcho, value: isListType(type) ? splitList(given) : given };
}

async function readSsm(name: string, given: string, calls: Calls): Promise<string> {
  try {
    const { Parameter: found } = await calls.ssm.GetParameter({ Name: given });
    if (found?.Type === 'SecureString')
      throw invalid(`Parameters [${given}] referenced by template have types not supported by CloudFormation.`);
    return found?.Value ?? '';
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterNotFound')
      throw invalid(`Parameter ${name}: unable to fetch parameters [${given}] from parameter store for this account.`);
    throw error;
  }
}

const isListType = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<');
const splitList = (text: string): Value => (text === '' ? [] : text.split(',').map((item) => item.trim()));

function checkConstraints(name: string, text: string, declaration: ParameterDeclaration): void {
  const fail = (message: string): never => {
    throw invalid(
      declaration.constraintDescription === undefined
        ? message
        : `Parameter ${name} failed to satisfy constraint: ${declaration.constraintDescription}`,
    );
  };
  const { type, allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = declaration;
  if (type === 'Number' || type === 'List<Number>') {
    for (const item of type === 'Number' ? [text] : text.split(',')) {
      const value = Number(item);
      if (!NUMBER.test(item.trim())) throw invalid(`Parameter '${name}' must be a number.`);
      if (minValue !== undefined && value < minValue)
        fail(`Parameter '${name}' must be a number not less than ${minValue}`);
      if (maxValue !== undefined && value > maxValue)
        fail(`Parameter '${name}' must be a number not greater than ${maxValue}`);
    }
  }
  const items = isListType(type) ? text.split(',').map((item) => item.trim()) : [text];
  if (allowedValues && !items.every((item) => allowedValues.includes(item)))
    fail(`Parameter '${name}' must be one of AllowedValues [${allowedValues.join(', ')}]`);
  if (minLength !== undefined && text.length < minLength)
    fail(`Parameter '${name}' must contain at least ${minLength} characters`);
  if (maxLength !== undefined && text.length > maxLength)
    fail(`Parameter '${name}' must contain at most ${maxLength} characters`);
  if (allowedPattern !== undefined) {
    if (!matches(name, allowedPattern, items)) fail(`Parameter '${name}' must match pattern ${allowedPattern}`);
  }
}

function matches(name: string, pattern: string, items: readonly string[]): boolean {
  try {
    return compilePattern(name, pattern).matchesAll(items);
  } catch (error) {
    if (error instanceof SlowPatternError)
      throw invalid(`AllowedPattern of parameter ${name} takes too long to match: ${pattern}`);
    throw error;
  }
}

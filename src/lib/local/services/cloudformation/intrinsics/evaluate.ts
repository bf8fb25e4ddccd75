import type { AwsError } from '../../../wire/aws-error.js';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { invalid } from '../validation-error.js';
import { INTRINSICS } from './functions.js';
import { RULE_INTRINSICS } from './rule-functions.js';
import { NO_VALUE, type Scope } from './scope.js';

/**
 * A template value with every intrinsic function worked out.
 * @returns undefined where the value is `AWS::NoValue`
 * @throws AwsError ValidationError in CloudFormation's words
 */
export function evaluate(value: Value, scope: Scope): Value | undefined {
  const result = work(value, scope);
  return result === NO_VALUE ? undefined : result;
}

function work(value: Value, scope: Scope): Value | typeof NO_VALUE {
  if (Array.isArray(value)) return value.map((item) => work(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isMap(value)) return value;
  const intrinsic = intrinsicOf(value);
  if (intrinsic) {
    if (intrinsic.name === 'Ref') return reference(intrinsic.argument, scope);
    const run = INTRINSICS[intrinsic.name] ?? RULE_INTRINSICS[intrinsic.name];
    if (!run) throw unsupported(intrinsic.name);
    return run(intrinsic.argument, {
      scope,
      work: (argument) => work(argument, scope),
    });
  }
  const result: ValueMap = {};
  for (const [key, member] of Object.entries(value)) {
    const worked = work(member, scope);
    if (worked !== NO_VALUE) result[key] = worked;
  }
  return result;
}

/** The function a map stands for: one key alone, `Ref`, `Condition` with a name, or `Fn::…`. */
export function intrinsicOf(value: ValueMap): { name: string; argument: Value } | undefined {
  const keys = Object.keys(value);
  const [name] = keys;
  if (keys.length !== 1 || name === undefined) return undefined;
  const argument = value[name] ?? null;
  if (name === 'Ref' || name.startsWith('Fn::')) return { name, argument };
  return undefined;
}

function reference(argument: Value, scope: Scope): Value | typeof NO_VALUE {
  if (typeof argument !== 'string')
    throw invalid('Template format error: every Ref object must have a single String value.');
  if (argument === 'AWS::NoValue') return NO_VALUE;
  const found = scope.parameter(argument) ?? scope.reference(argument);
  if (found === undefined) {
    throw invalid(
      `Template format error: Unresolved resource dependencies [${argument}] in the Resources block of the template`,
    );
  }
  return found;
}

const unsupported = (name: string): AwsError =>
  invalid(`Template error: ${name} is not supported by this endpoint, or is not a function of CloudFormation.`);

import { sameValue, type Value } from '../template/value.js';
import { templateError } from '../validation-error.js';
import type { NO_VALUE } from './scope.js';

type Work = (argument: Value) => Value | typeof NO_VALUE;

/**
 * The functions that only Rules have. `Fn::RefAll`, `Fn::ValueOf` and `Fn::ValueOfAll`, which ask for attributes of an account's VPCs and
 * the like, are not here.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
 */
export const RULE_INTRINSICS: Readonly<Record<string, (argument: Value, context: { work: Work }) => boolean>> = {
  'Fn::Contains': (argument, { work }) => {
    const [list, wanted] = two('Fn::Contains', argument);
    const value = scalarOf('Fn::Contains', work(wanted));
    return listOf('Fn::Contains', work(list)).some((item) => sameValue(item, value));
  },
  'Fn::EachMemberEquals': (argument, { work }) => {
    const [list, wanted] = two('Fn::EachMemberEquals', argument);
    const value = scalarOf('Fn::EachMemberEquals', work(wanted));
    return listOf('Fn::EachMemberEquals', work(list)).every((item) => sameValue(item, value));
  },
  'Fn::EachMemberIn': (argument, { work }) => {
    const [list, allowed] = two('Fn::EachMemberIn', argument);
    const values = listOf('Fn::EachMemberIn', work(allowed));
    return listOf('Fn::EachMemberIn', work(list)).every((item) => values.some((value) => sameValue(item, value)));
  },
};

function two(name: string, argument: Value): [Value, Value] {
  const [first, second] = Array.isArray(argument) ? argument : [];
  if (first === undefined || second === undefined)
    throw templateError(`${name} requires a list argument with two elements`);
  return [first, second];
}

function listOf(name: string, value: Value | typeof NO_VALUE): Value[] {
  if (Array.isArray(value)) return value;
  throw templateError(`${name} requires a list of strings`);
}

function scalarOf(name: string, value: Value | typeof NO_VALUE): Value {
  if (typeof value === 'symbol' || (typeof value === 'object' && value !== null))
    throw templateError(`${name} requires a string as its second element`);
  return value;
}

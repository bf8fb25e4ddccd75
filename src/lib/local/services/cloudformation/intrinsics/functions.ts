import { isMap, isScalar, sameValue, type Value } from '../template/value.js';
import { templateError } from '../validation-error.js';
import { cidrBlocks } from './cidr.js';
import { NO_VALUE, type Scope } from './scope.js';
import { substitute } from './substitute.js';

type Worked = Value | typeof NO_VALUE;

interface Context {
  scope: Scope;
  /** Works out the functions inside an argument. */
  work(argument: Value): Worked;
}

type Intrinsic = (argument: Value, context: Context) => Worked;

const STACK_OUTPUT_MEMBERS: ReadonlySet<string> = new Set(['StackName', 'OutputName', 'Region', 'RoleArn']);

/** Every function of the template language but `Ref`, by name. Each gets its argument as written. */
export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Fn::GetAtt': (argument, context) => {
    const [logicalId, attribute] = attributeArgument(argument);
    return context.scope.attribute(logicalId, text(context.work(attribute), 'Fn::GetAtt', 'the attribute name'));
  },
  'Fn::Sub': (argument, context) => {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof template !== 'string' || !isMap(variables) || (Array.isArray(argument) && argument.length !== 2)) {
      throw templateError(
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
      );
    }
    const values: Record<string, Worked> = {};
    for (const [name, value] of Object.entries(variables)) values[name] = context.work(value);
    return substitute(template, values, context.scope);
  },
  'Fn::Join': (argument, context) => {
    const [delimiter, values] = Array.isArray(argument) ? argument : [];
    const items = values === undefined ? undefined : context.work(values);
    if (typeof delimiter !== 'string' || !Array.isArray(items)) {
      throw templateError(
        'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
      );
    }
    return items.map((item) => text(item, 'Fn::Join', 'every item')).join(delimiter);
  },
  'Fn::Split': (argument, context) => {
    const [delimiter, source] = Array.isArray(argument) ? argument : [];
    if (typeof delimiter !== 'string' || source === undefined)
      throw templateError('every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string.');
    return text(context.work(source), 'Fn::Split', 'the source').split(delimiter);
  },
  'Fn::Select': (argument, context) => {
    const [index, list] = Array.isArray(argument) ? argument : [];
    const at = Number(index === undefined ? undefined : context.work(index));
    const items = list === undefined ? undefined : context.work(list);
    if (!Number.isInteger(at) || !Array.isArray(items)) {
      throw templateError('Fn::Select requires a list argument with two elements: an integer index and a list');
    }
    const item = items[at];
    if (item === undefined) throw templateError(`Fn::Select cannot select nonexistent value at index ${at}`);
    return item;
  },
  'Fn::ImportValue': (argument, context) =>
    context.scope.imported(text(context.work(argument), 'Fn::ImportValue', 'the name of the export')),
  'Fn::GetStackOutput': (argument, context) => {
    const stranger = isMap(argument) ? Object.keys(argument).find((key) => !STACK_OUTPUT_MEMBERS.has(key)) : undefined;
    if (!isMap(argument) || argument.StackName === undefined || argument.OutputName === undefined || stranger)
      throw templateError(
        'every Fn::GetStackOutput object requires StackName and OutputName, and may have Region and RoleArn.',
      );
    const member = (name: string): string | undefined => {
      const value = argument[name];
      return value === undefined ? undefined : text(context.work(value), 'Fn::GetStackOutput', name);
    };
    return context.scope.stackOutput({
      stackName: member('StackName') ?? '',
      outputName: member('OutputName') ?? '',
      region: member('Region'),
      roleArn: member('RoleArn'),
    });
  },
  'Fn::Base64': (argument, context) =>
    Buffer.from(text(context.work(argument), 'Fn::Base64', 'the value')).toString('base64'),
  'Fn::GetAZs': (argument, context) => {
    const region = text(context.work(argument), 'Fn::GetAZs', 'the region');
    return context.scope.zones(region);
  },
  'Fn::FindInMap': (argument, context) => {
    const parts = Array.isArray(argument) ? argument : [];
    const names = parts.slice(0, 3).map((part) => context.work(part));
    const [map, key, second] = names;
    if (parts.length < 3 || !isScalar(map) || !isScalar(key) || !isScalar(second)) {
      throw templateError(
        'every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
      );
    }
    const found = context.scope.mapping(String(map), String(key), String(second));
    if (found !== undefined) return found;
    const [, , , options] = parts;
    if (isMap(options) && options.DefaultValue !== undefined) return context.work(options.DefaultValue);
    throw templateError(`Unable to get mapping for ${map}::${key}::${second}`);
  },
  'Fn::Cidr': (argument, context) => {
    const parts = context.work(argument);
    const [block, count, bits] = Array.isArray(parts) ? parts : [];
    if (!isScalar(block) || !isScalar(count))
      throw templateError('every Fn::Cidr object requires an IP address block, a count and the number of subnet bits.');
    return cidrBlocks(String(block), Number(count), Number(bits ?? 0));
  },
  'Fn::Length': (argument, context) => {
    const list = context.work(argument);
    if (!Array.isArray(list)) throw templateError('Fn::Length expects a list.');
    return list.length;
  },
  'Fn::ToJsonString': (argument, context) => {
    const value = context.work(argument);
    if (value === NO_VALUE || typeof value !== 'object')
      throw templateError('Fn::ToJsonString expects an object or a list.');
    return JSON.stringify(value);
  },
  'Fn::If': (argument, context) => {
    const [condition, whenTrue, whenFalse] = Array.isArray(argument) ? argument : [];
    if (
      typeof condition !== 'string' ||
      whenTrue === undefined ||
      whenFalse === undefined ||
      (argument as Value[]).length !== 3
    )
      throw templateError('Fn::If requires a list argument with three elements');
    return context.work(context.scope.condition(condition) ? whenTrue : whenFalse);
  },
  'Fn::Equals': (argument, context) => {
    const [a, b] = Array.isArray(argument) ? argument : [];
    if (a === undefined || b === undefined)
      throw templateError('Fn::Equals requires a list argument with two elements');
    const left = context.work(a);
    const right = context.work(b);
    return left === NO_VALUE || right === NO_VALUE ? left === right : sameValue(left, right);
  },
  'Fn::And': (argument, context) => conditions('Fn::And', argument, context).every(Boolean),
  'Fn::Or': (argument, context) => conditions('Fn::Or', argument, context).some(Boolean),
  'Fn::Not': (argument, context) => {
    const [value] = Array.isArray(argument) && argument.length === 1 ? argument : [];
    if (value === undefined) throw templateError('Fn::Not requires a list argument with one element');
    return !truth(value, context);
  },
};

/** And and Or take 2 to 10 conditions, each a function or `{ Condition: NAME }`. */
function conditions(name: string, argument: Value, context: Context): boolean[] {
  if (!Array.isArray(argument) || argument.length < 2 || argument.length > 10)
    throw templateError(`every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`);
  return argument.map((item) => truth(item, context));
}

function truth(value: Value, context: Context): boolean {
  if (isMap(value) && typeof value.Condition === 'string' && Object.keys(value).length === 1)
    return context.scope.condition(value.Condition);
  return String(context.work(value)) === 'true';
}

/** `[LogicalId, Attribute]`, or `LogicalId.Attribute` as one string. */
export function attributeArgument(argument: Value): [logicalId: string, attribute: Value] {
  const parts =
    typeof argument === 'string' && argument.includes('.')
      ? [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)]
      : argument;
  const [logicalId, attribute] = Array.isArray(parts) ? parts : [];
  if (typeof logicalId !== 'string' || logicalId === '' || attribute === undefined || attribute === '') {
    throw templateError(
      'every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
    );
  }
  return [logicalId, attribute];
}

function text(value: Worked, name: string, what: string): string {
  if (isScalar(value)) return String(value);
  throw templateError(`${name}: ${what} must be a string.`);
}

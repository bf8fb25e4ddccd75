// What CloudFormation does with a property before a service sees it: strings become numbers and booleans where the schema wants those,
// and what does not fit is told in the words of AWS's validator.
import { SlowPatternError, UserPattern } from '../../../../shared/user-pattern.js';
import { isMap, isScalar, type Value, type ValueMap } from '../template/value.js';
import type { PackedChoice, PackedList, PackedObject, PackedScalar, PackedShape, PackedType } from './pack-format.js';

interface Reading {
  schema: PackedType;
  problems: string[];
}

/**
 * A resource's properties, converted to what its schema says they are.
 * @param problems gets what does not fit, each with its JSON pointer
 */
export function readProperties(properties: ValueMap, schema: PackedType, problems: string[]): ValueMap {
  return readObject(properties, schema, '#', { schema, problems }) as ValueMap;
}

/** The value as the shape has it; undefined if it does not fit, and then `problems` says why. */
function read(shape: PackedShape, value: Value, at: string, reading: Reading): Value | undefined {
  if (shape === 'any') return value;
  if (shape === 'json') return readDocument(value, at, reading);
  if (typeof shape === 'string') {
    if (!shape.startsWith('#')) return readScalar({ is: shape as PackedScalar }, value, at, reading);
    return read(reading.schema.definitions?.[shape.slice(1)] ?? 'any', value, at, reading);
  }
  if ('is' in shape) return readScalar(shape, value, at, reading);
  if ('list' in shape) return readList(shape, value, at, reading);
  if ('oneOf' in shape) return readOneOf(shape.oneOf, value, at, reading);
  if (!isMap(value)) return wrongType('JSONObject', value, at, reading);
  if ('members' in shape) return readObject(value, shape, at, reading);
  const { map } = shape;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, read(map, member, `${at}/${key}`, reading) ?? null]),
  );
}

function readObject(value: ValueMap, shape: PackedObject, at: string, reading: Reading): Value {
  const result: ValueMap = {};
  for (const name of shape.required ?? []) {
    if (value[name] === undefined || value[name] === null)
      reading.problems.push(`${at}: required key [${name}] not found`);
  }
  const isKnown = (key: string): boolean => Object.hasOwn(shape.members, key);
  for (const [key, member] of Object.entries(value)) {
    if (!isKnown(key) || member === null) continue;
    const converted = read(shape.members[key] ?? 'any', member, `${at}/${key}`, reading);
    if (converted !== undefined) result[key] = converted;
  }
  for (const key of Object.keys(value).filter((name) => !isKnown(name))) {
    if (shape.open) result[key] = value[key] ?? null;
    else reading.problems.push(`${at}: extraneous key [${key}] is not permitted`);
  }
  return result;
}

function readList(shape: PackedList, value: Value, at: string, reading: Reading): Value | undefined {
  if (!Array.isArray(value)) return wrongType('JSONArray', value, at, reading);
  const { min, max, unique, list } = shape;
  const { problems } = reading;
  if (min !== undefined && value.length < min)
    problems.push(`${at}: expected minimum item count: ${min}, found: ${value.length}`);
  if (max !== undefined && value.length > max)
    problems.push(`${at}: expected maximum item count: ${max}, found: ${value.length}`);
  if (unique && new Set(value.map((item) => JSON.stringify(item))).size < value.length)
    problems.push(`${at}: array items are not unique`);
  return value.map((member, index) => read(list, member, `${at}/${index}`, reading) ?? null);
}

function readOneOf(shapes: readonly PackedShape[], value: Value, at: string, reading: Reading): Value | undefined {
  for (const shape of shapes) {
    const problems: string[] = [];
    const converted = read(shape, value, at, { ...reading, problems });
    if (problems.length === 0) return converted;
  }
  reading.problems.push(`${at}: #: no subschema matched out of the total ${shapes.length} subschemas`);
  return undefined;
}

/** A JSON document: an object, or its text. */
function readDocument(value: Value, at: string, reading: Reading): Value | undefined {
  if (typeof value !== 'string')
    return isMap(value) || Array.isArray(value) ? value : wrongType('JSONObject', value, at, reading);
  try {
    return JSON.parse(value) as Value;
  } catch {
    return wrongType('JSONObject', value, at, reading);
  }
}

const TYPE_NAMES: Readonly<Record<PackedScalar, string>> = {
  string: 'String',
  integer: 'Integer',
  number: 'Number',
  boolean: 'Boolean',
};

function readScalar(shape: PackedChoice, value: Value, at: string, reading: Reading): Value | undefined {
  const converted = isScalar(value) ? convert(String(value), shape.is) : undefined;
  if (converted === undefined) return wrongType(TYPE_NAMES[shape.is], value, at, reading);
  const { problems } = reading;
  if (shape.enum && !shape.enum.some((word) => String(word) === String(converted))) {
    problems.push(`${at}: ${String(converted)} is not a valid enum value`);
    return undefined;
  }
  const { min, max, pattern } = shape;
  if (typeof converted === 'string') {
    if (min !== undefined && converted.length < min)
      problems.push(`${at}: expected minLength: ${min}, actual: ${converted.length}`);
    if (max !== undefined && converted.length > max)
      problems.push(`${at}: expected maxLength: ${max}, actual: ${converted.length}`);
    if (pattern !== undefined && !isFound(pattern, converted)) problems.push(failed('pattern', at));
  } else {
    if (min !== undefined && Number(converted) < min) problems.push(failed('minimum', at));
    if (max !== undefined && Number(converted) > max) problems.push(failed('maximum', at));
  }
  return converted;
}

/** CloudFormation does not repeat the value here, which may be a secret. */
const failed = (keyword: string, at: string): string => `${at}: failed validation constraint for keyword [${keyword}]`;

function convert(text: string, to: PackedScalar): string | number | boolean | undefined {
  if (to === 'string') return text;
  if (to === 'boolean') return { true: true, false: false }[text.toLowerCase()];
  if (to === 'integer') return /^-?\d+$/.test(text) ? Number(text) : undefined;
  return text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

const patterns = new Map<string, UserPattern>();

/** JSON schema finds a pattern anywhere. A value on which it takes too long is let through: its service looks at it again. */
function isFound(source: string, text: string): boolean {
  const pattern = patterns.get(source) ?? new UserPattern(source);
  patterns.set(source, pattern);
  try {
    return pattern.findAll(text).length > 0;
  } catch (error) {
    if (error instanceof SlowPatternError) return true;
    throw error;
  }
}

function wrongType(expected: string, value: Value, at: string, { problems }: Reading): undefined {
  problems.push(`${at}: expected type: ${expected}, found: ${typeName(value)}`);
  return undefined;
}

function typeName(value: Value): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'object') return 'JSONObject';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  return typeof value === 'boolean' ? 'Boolean' : 'String';
}

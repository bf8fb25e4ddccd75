// The part of JSON schema, draft 4, that models use. https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
import { UserPattern } from '../../../shared/user-pattern.js';

type Schema = Readonly<Record<string, unknown>>;

const MODEL = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(\w+)$/;
const MOST_DEPTH = 64;

/**
 * Whether a value fits a schema.
 * @param modelOf the schema of another model of the API, by its name, for `$ref`
 */
export function fitsSchema(value: unknown, schema: unknown, modelOf: (name: string) => unknown): boolean {
  const check = (item: unknown, by: unknown, root: unknown, depth: number): boolean => {
    if (!isMap(by)) return by !== false;
    if (depth > MOST_DEPTH) return false;
    const down = (inner: unknown, next: unknown): boolean => check(inner, next, root, depth + 1);
    if (typeof by.$ref === 'string') {
      const name = MODEL.exec(by.$ref)?.[1];
      const target = name === undefined ? pointed(root, by.$ref) : modelOf(name);
      return check(item, target, name === undefined ? root : target, depth + 1);
    }
    return (
      fitsType(item, by.type) &&
      (!Array.isArray(by.enum) || by.enum.some((one) => JSON.stringify(one) === JSON.stringify(item))) &&
      listOf(by.allOf).every((next) => down(item, next)) &&
      (by.anyOf === undefined || listOf(by.anyOf).some((next) => down(item, next))) &&
      (by.oneOf === undefined || listOf(by.oneOf).filter((next) => down(item, next)).length === 1) &&
      (by.not === undefined || !down(item, by.not)) &&
      (typeof item !== 'string' || fitsText(item, by)) &&
      (typeof item !== 'number' || fitsNumber(item, by)) &&
      (!Array.isArray(item) || fitsList(item, by, down)) &&
      (!isMap(item) || fitsMap(item, by, down))
    );
  };
  return check(value, schema, schema, 0);
}

type Down = (value: unknown, schema: unknown) => boolean;

const isMap = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const atMost = (value: number, most: unknown): boolean => typeof most !== 'number' || value <= most;
const atLeast = (value: number, least: unknown): boolean => typeof least !== 'number' || value >= least;

function fitsType(value: unknown, type: unknown): boolean {
  if (type === undefined) return true;
  if (Array.isArray(type)) return type.some((one) => fitsType(value, one));
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object') return isMap(value);
  return typeof value === type;
}

const fitsText = (text: string, { minLength, maxLength, pattern }: Schema): boolean => {
  const length = [...text].length;
  if (!atLeast(length, minLength) || !atMost(length, maxLength)) return false;
  return typeof pattern !== 'string' || new UserPattern(pattern).findAll(text).length > 0;
};

function fitsNumber(value: number, by: Schema): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = by;
  if (!atLeast(value, minimum) || !atMost(value, maximum)) return false;
  if (exclusiveMinimum === true && value === minimum) return false;
  if (exclusiveMaximum === true && value === maximum) return false;
  return typeof multipleOf !== 'number' || Number.isInteger(value / multipleOf);
}

function fitsList(list: unknown[], by: Schema, down: Down): boolean {
  if (!atLeast(list.length, by.minItems) || !atMost(list.length, by.maxItems)) return false;
  if (by.uniqueItems === true && new Set(list.map((item) => JSON.stringify(item))).size < list.length) return false;
  const { items } = by;
  if (items === undefined) return true;
  return list.every((item, index) =>
    !Array.isArray(items) ? down(item, items) : index >= items.length || down(item, items[index]),
  );
}

function fitsMap(map: Schema, by: Schema, down: Down): boolean {
  const { properties, required, additionalProperties: others, minProperties, maxProperties } = by;
  const keys = Object.keys(map);
  if (!atLeast(keys.length, minProperties) || !atMost(keys.length, maxProperties)) return false;
  if (!listOf(required).every((name) => Object.hasOwn(map, String(name)))) return false;
  const known = isMap(properties) ? properties : {};
  return keys.every((key) => {
    if (Object.hasOwn(known, key)) return down(map[key], known[key]);
    return others === undefined || others === true || (others !== false && down(map[key], others));
  });
}

/** `#/definitions/Order` */
function pointed(root: unknown, reference: string): unknown {
  let value = root;
  for (const key of reference.replace(/^#\/?/, '').split('/')) {
    if (key === '') continue;
    value = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

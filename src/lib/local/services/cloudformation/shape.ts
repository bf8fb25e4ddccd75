// A small schema language for resource properties. It does what CloudFormation does with a property before a service sees it:
// strings become numbers and booleans where the schema wants those, and what does not fit is told in the words of AWS's validator.
import { isMap, isScalar, type Value } from './template/value.js';

type Reader<T> = (value: Value, at: string, problems: string[]) => T | undefined;

interface ShapeMarks {
  /** AWS documents "Update requires: Replacement" for the property. */
  isReplacing?: boolean;
  /** The endpoint keeps the property and does nothing with it; events of the resource say so. */
  isInert?: boolean;
}

export class Shape<T, Required extends boolean = boolean> {
  readonly read: Reader<T>;
  readonly isRequired: Required;
  readonly isReplacing: boolean;
  readonly isInert: boolean;

  constructor(read: Reader<T>, isRequired: Required, { isReplacing = false, isInert = false }: ShapeMarks = {}) {
    this.read = read;
    this.isRequired = isRequired;
    this.isReplacing = isReplacing;
    this.isInert = isInert;
  }

  required(): Shape<T, true> {
    return new Shape(this.read, true, this.#marks());
  }

  /** A change of this property makes a new resource. */
  replaces(): Shape<T, Required> {
    return new Shape(this.read, this.isRequired, { ...this.#marks(), isReplacing: true });
  }

  /** Accepted, and without effect here. */
  inert(): Shape<T, Required> {
    return new Shape(this.read, this.isRequired, { ...this.#marks(), isInert: true });
  }

  #marks(): ShapeMarks {
    return { isReplacing: this.isReplacing, isInert: this.isInert };
  }
}

export type Shapes = Readonly<Record<string, Shape<unknown>>>;

type RequiredKeys<S> = { [K in keyof S]: S[K] extends Shape<unknown, true> ? K : never }[keyof S];
type Read<S> = S extends Shape<infer T> ? T : never;
export type PropertiesOf<S> = { [K in RequiredKeys<S>]: Read<S[K]> } & {
  [K in Exclude<keyof S, RequiredKeys<S>>]?: Read<S[K]>;
};

const scalar = <T>(expected: string, convert: (text: string) => T | undefined): Shape<T, false> =>
  new Shape((value, at, problems) => {
    const converted = isScalar(value) ? convert(String(value)) : undefined;
    if (converted === undefined) problems.push(`${at}: expected type: ${expected}, found: ${typeName(value)}`);
    return converted;
  }, false);

export const text = scalar<string>('String', (source) => source);
export const integer = scalar('Integer', (source) => (/^-?\d+$/.test(source) ? Number(source) : undefined));
export const number = scalar('Number', (source) =>
  source.trim() === '' || Number.isNaN(Number(source)) ? undefined : Number(source),
);
export const boolean = scalar('Boolean', (source) => ({ true: true, false: false })[source.toLowerCase()]);

/** Any value, kept as it is. */
export const anything: Shape<Value, false> = new Shape((value) => value, false);

/** A JSON document: an object, or its text. Read to an object. */
export const document: Shape<Value, false> = new Shape((value, at, problems) => {
  if (isMap(value)) return value;
  if (typeof value === 'string') {
    try {
      return JSON.parse(value) as Value;
    } catch {
      problems.push(`${at}: expected type: JSONObject, found: String`);
      return undefined;
    }
  }
  problems.push(`${at}: expected type: JSONObject, found: ${typeName(value)}`);
  return undefined;
}, false);

/** One of a few words. The union is widened to what the SDK calls the enum, which is the same words. */
export const oneOf = <const Words extends readonly string[]>(...words: Words): Shape<Words[number], false> =>
  new Shape((value, at, problems) => {
    if (isScalar(value) && words.includes(String(value))) return String(value) as Words[number];
    problems.push(`${at}: ${isScalar(value) ? String(value) : typeName(value)} is not a valid enum value`);
    return undefined;
  }, false);

export const listOf = <T>(item: Shape<T>): Shape<T[], false> =>
  new Shape((value, at, problems) => {
    if (!Array.isArray(value)) {
      problems.push(`${at}: expected type: JSONArray, found: ${typeName(value)}`);
      return undefined;
    }
    return value.map((member, index) => item.read(member, `${at}/${index}`, problems)) as T[];
  }, false);

/** Names chosen by the template's author, all with the same kind of value. */
export const mapOf = <T>(item: Shape<T>): Shape<Record<string, T>, false> =>
  new Shape((value, at, problems) => {
    if (!isMap(value)) {
      problems.push(`${at}: expected type: JSONObject, found: ${typeName(value)}`);
      return undefined;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, item.read(member, `${at}/${key}`, problems)]),
    ) as Record<string, T>;
  }, false);

export const object = <const S extends Shapes>(shapes: S): Shape<PropertiesOf<S>, false> =>
  new Shape((value, at, problems) => {
    if (!isMap(value)) {
      problems.push(`${at}: expected type: JSONObject, found: ${typeName(value)}`);
      return undefined;
    }
    return readProperties(value, shapes, at, problems);
  }, false);

/** `Tags` as most types have them. */
export const tags = listOf(object({ Key: text.required(), Value: text.required() }));

/** Reads a map against the shapes of its members; what is wrong is added to `problems`, each with its JSON pointer. */
export function readProperties<const S extends Shapes>(
  value: { readonly [key: string]: Value },
  shapes: S,
  at: string,
  problems: string[],
): PropertiesOf<S> {
  const result: Record<string, unknown> = {};
  for (const [key, shape] of Object.entries(shapes)) {
    const member = value[key];
    if (member !== undefined && member !== null) result[key] = shape.read(member, `${at}/${key}`, problems);
    else if (shape.isRequired) problems.push(`${at}: required key [${key}] not found`);
  }
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(shapes, key)) problems.push(`${at}: extraneous key [${key}] is not permitted`);
  }
  return result as PropertiesOf<S>;
}

function typeName(value: Value): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'object') return 'JSONObject';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  return typeof value === 'boolean' ? 'Boolean' : 'String';
}

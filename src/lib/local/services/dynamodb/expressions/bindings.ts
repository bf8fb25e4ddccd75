import { type SentValue, storedValue } from '../check-values.js';
import { invalid } from '../dynamodb-errors.js';
import type { Value } from '../value.js';
import type { PathParts } from './ast.js';
import type { DocumentPath } from './document-path.js';

/** The names and values that a request gives its expressions, and which of them are used. */
export class Bindings {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Map<string, Value>;
  readonly #unusedNames: Set<string>;
  readonly #unusedValues: Set<string>;

  /** @throws AwsError ValidationException for keys that are no placeholders, and for values that are none */
  constructor(
    names: Readonly<Record<string, string>> | undefined,
    values: Readonly<Record<string, SentValue>> | undefined,
  ) {
    checkKeys('ExpressionAttributeNames', names, /^#\w+$/);
    checkKeys('ExpressionAttributeValues', values, /^:\w+$/);
    this.#names = names ?? {};
    this.#values = new Map(Object.entries(values ?? {}).map(([key, value]) => [key, checkedValue(key, value)]));
    this.#unusedNames = new Set(Object.keys(this.#names));
    this.#unusedValues = new Set(this.#values.keys());
  }

  /** @throws AwsError ValidationException for a placeholder without a name */
  path(parts: PathParts): DocumentPath {
    return parts.map((part) => {
      if (typeof part === 'number' || !part.startsWith('#')) return part;
      if (!Object.hasOwn(this.#names, part)) {
        throw invalid(`An expression attribute name used in the document path is not defined; attribute name: ${part}`);
      }
      this.#unusedNames.delete(part);
      return this.#names[part] ?? '';
    });
  }

  /** @throws AwsError ValidationException for a placeholder without a value */
  value(placeholder: string): Value {
    const value = this.#values.get(placeholder);
    if (value === undefined) {
      throw invalid(`An expression attribute value used in expression is not defined; attribute value: ${placeholder}`);
    }
    this.#unusedValues.delete(placeholder);
    return value;
  }

  /** Once all expressions are bound. @throws AwsError ValidationException for what none of them uses */
  refuseUnused(): void {
    if (this.#unusedNames.size > 0) throw unused('ExpressionAttributeNames', this.#unusedNames);
    if (this.#unusedValues.size > 0) throw unused('ExpressionAttributeValues', this.#unusedValues);
  }
}

function checkKeys(member: string, given: Readonly<Record<string, unknown>> | undefined, form: RegExp): void {
  if (given === undefined) return;
  const keys = Object.keys(given);
  if (keys.length === 0) throw invalid(`${member} must not be empty`);
  const strange = keys.find((key) => !form.test(key));
  if (strange !== undefined) throw invalid(`${member} contains invalid key: Syntax error; key: "${strange}"`);
}

function checkedValue(key: string, value: SentValue): Value {
  try {
    return storedValue(value);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw invalid(`ExpressionAttributeValues contains invalid value: ${detail} for key ${key}`);
  }
}

const unused = (member: string, keys: ReadonlySet<string>): Error =>
  invalid(`Value provided in ${member} unused in expressions: keys: {${[...keys].join(', ')}}`);

// What DynamoDB asks of attribute values before it does anything with them. The wire has checked their shapes.
import { invalid, invalidValues } from './dynamodb-errors.js';
import { canonicalNumber } from './number.js';
import { emptyItem, type Item, isKind, kindOf, membersOf, type Value } from './value.js';

/** An attribute value as the wire hands it in: any number of members may be set. */
export type SentValue = { readonly [kind: string]: unknown };

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html: 32 levels of lists and maps. */
const MOST_LEVELS = 32;

/** Checks each attribute and brings its numbers into their stored form. @throws AwsError ValidationException in DynamoDB's words */
export function storedItem(sent: Readonly<Record<string, SentValue>>, level = 1): Item {
  const item = emptyItem();
  for (const name in sent) {
    const value = sent[name];
    if (value !== undefined) item[name] = storedValue(value, level);
  }
  return item;
}

/** @throws AwsError ValidationException in DynamoDB's words */
export function storedValue(sent: SentValue, level = 1): Value {
  const kinds = Object.keys(sent).filter((kind) => sent[kind] !== undefined && sent[kind] !== null);
  if (kinds.length === 0) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (kinds.length > 1) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  const value = sent as Value;
  switch (kindOf(value)) {
    case 'N':
      return isKind(value, 'N') ? { N: canonicalNumber(value.N) } : value;
    case 'NULL':
      if (isKind(value, 'NULL') && !value.NULL) {
        throw invalidValues('Null attribute value types must have the value of true');
      }
      return value;
    case 'SS':
    case 'NS':
    case 'BS':
      return storedSet(value);
    case 'L':
      deeper(level);
      return isKind(value, 'L') ? { L: value.L.map((inner) => storedValue(inner, level + 1)) } : value;
    case 'M':
      deeper(level);
      return isKind(value, 'M') ? { M: storedItem(value.M, level + 1) } : value;
    default:
      return value;
  }
}

function deeper(level: number): void {
  if (level > MOST_LEVELS) throw invalid('Nesting Levels have exceeded supported limits');
}

function storedSet(value: Value): Value {
  const members = membersOf(value);
  if (isKind(value, 'SS')) {
    if (members.length === 0) throw invalidValues('An string set  may not be empty');
    if (hasTwins(members)) throw invalidValues(`Input collection [${value.SS.join(', ')}] contains duplicates.`);
    return value;
  }
  if (isKind(value, 'NS')) {
    if (members.length === 0) throw invalidValues('An number set  may not be empty');
    if (hasTwins(members)) throw invalid('Input collection contains duplicates');
    return { NS: members };
  }
  if (members.length === 0) throw invalidValues('Binary sets should not be empty');
  if (hasTwins(members) && isKind(value, 'BS')) {
    const shown = value.BS.map((bytes) => Buffer.from(bytes).toString('base64')).join(', ');
    throw invalidValues(`Input collection [${shown}]of type BS contains duplicates.`);
  }
  return value;
}

const hasTwins = (members: readonly string[]): boolean => new Set(members).size < members.length;

import { type SentValue, storedValue } from '../check-values.js';
import { invalid, invalidValues } from '../dynamodb-errors.js';
import { added, type BoundUpdate, without } from '../expressions/apply-update.js';
import { emptyItem, isKind, type Kind, kindOf, type Value } from '../value.js';

export interface SentUpdate {
  Action?: string | undefined;
  Value?: SentValue | undefined;
}

interface Update {
  name: string;
  action: string;
  value: Value | undefined;
}

const SETS: readonly Kind[] = ['SS', 'NS', 'BS'];

/**
 * What `AttributeUpdates` asks for: PUT, ADD and DELETE of whole attributes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html
 * @throws AwsError ValidationException
 */
export function attributeUpdates(sent: Readonly<Record<string, SentUpdate>>): BoundUpdate {
  const updates = Object.entries(sent).map(([name, update]) => readUpdate(name, update));
  return {
    paths: updates.map(({ name }) => [name]),
    apply(before) {
      const after = Object.assign(emptyItem(), before);
      for (const { name, action, value } of updates) {
        const next = changed(after[name], action, value);
        if (next === undefined) delete after[name];
        else after[name] = next;
      }
      return after;
    },
  };
}

function readUpdate(name: string, { Action: action = 'PUT', Value: sent }: SentUpdate): Update {
  if (sent === undefined) {
    if (action === 'DELETE') return { name, action, value: undefined };
    throw invalidValues('Only DELETE action is allowed when no attribute value is specified');
  }
  const value = storedValue(sent);
  const kind = kindOf(value);
  if (action === 'DELETE' && !SETS.includes(kind)) {
    throw invalidValues(`DELETE action with value is not supported for the type ${kind}`);
  }
  if (action === 'ADD' && kind !== 'N' && kind !== 'L' && !SETS.includes(kind)) {
    throw invalidValues(`ADD action is not supported for the type ${kind}`);
  }
  return { name, action, value };
}

function changed(present: Value | undefined, action: string, value: Value | undefined): Value | undefined {
  if (value === undefined) return undefined;
  if (action === 'PUT') return value;
  if (present !== undefined && kindOf(present) !== kindOf(value)) {
    throw invalid('Type mismatch for attribute to update');
  }
  if (action === 'DELETE') return without(present, value);
  return isKind(present, 'L') && isKind(value, 'L')
    ? { L: [...present.L, ...value.L] }
    : present === undefined
      ? value
      : added(present, value);
}

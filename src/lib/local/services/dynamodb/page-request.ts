// What Query and Scan have in common before they read: index, attributes, start.
import { type SentValue, storedItem } from './check-values.js';
import { invalid, invalidValues } from './dynamodb-errors.js';
import type { DocumentPath } from './expressions/document-path.js';
import { lacking, startKeyNames } from './read-page.js';
import type { SecondaryIndex, TableItems } from './table-items.js';
import { type Item, kindOf } from './value.js';

interface SelectMembers {
  Select?: string | undefined;
  IndexName?: string | undefined;
  ConsistentRead?: boolean | undefined;
  ProjectionExpression?: string | undefined;
  AttributesToGet?: readonly string[] | undefined;
}

/** @throws AwsError ValidationException for a Select that contradicts the wanted attributes */
export function checkSelect({ Select: select, ...input }: SelectMembers, envelope = ''): void {
  const member =
    input.ProjectionExpression !== undefined
      ? 'ProjectionExpression'
      : input.AttributesToGet !== undefined
        ? 'AttributesToGet'
        : undefined;
  if (member !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES') {
    const what = select === 'COUNT' ? 'only the Count' : select;
    throw invalid(`${envelope}Cannot specify the ${member} when choosing to get ${what}`);
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && member === undefined) {
    throw invalid(
      `${envelope}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
    );
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && input.IndexName === undefined) {
    throw invalid(`${envelope}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`);
  }
}

/** The index of a request; undefined for the table. @throws AwsError ValidationException */
export function indexOf(items: TableItems, input: SelectMembers): SecondaryIndex | undefined {
  if (input.IndexName === undefined) return undefined;
  const index = items.indexes.get(input.IndexName);
  if (!index) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
  if (index.isGlobal && input.ConsistentRead) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  if (index.isGlobal && index.status === 'CREATING') {
    throw invalid(`Cannot read from backfilling global secondary index: ${index.name}`);
  }
  return index;
}

/**
 * Whether what a request wants is fetched from the table, because a local index does not have it.
 * @throws AwsError ValidationException if a global index does not have it: from these nothing is fetched
 */
export function fetchesFrom(
  items: TableItems,
  index: SecondaryIndex | undefined,
  { Select: select, IndexName: name }: SelectMembers,
  paths: readonly DocumentPath[] | undefined,
): boolean {
  if (!index || index.projection.type === 'ALL') return false;
  if (select === 'ALL_ATTRIBUTES') {
    if (!index.isGlobal) return true;
    throw invalidValues(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} because its projection type is not ALL`,
    );
  }
  const missing = paths ? lacking(items, index, paths) : [];
  if (missing.length > 0 && index.isGlobal) {
    throw invalidValues(`Global secondary index ${name} does not project [${missing.join(', ')}]`);
  }
  return missing.length > 0;
}

/** The values of an ExclusiveStartKey, checked. @throws AwsError ValidationException */
export function startKeyValues(sent: Readonly<Record<string, SentValue>> | undefined): Item | undefined {
  if (sent === undefined) return undefined;
  try {
    return storedItem(sent);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const isBare = /contains duplicates|number set|numeric value|significant digits|number with magnitude/.test(detail);
    throw invalid(isBare ? detail : `The provided starting key is invalid: ${detail}`);
  }
}

/** @throws AwsError ValidationException for a key that is not one of the table or index */
export function checkStartKey(
  items: TableItems,
  index: SecondaryIndex | undefined,
  key: Item | undefined,
  mismatch = 'The provided starting key is invalid',
): void {
  if (!key) return;
  const names = startKeyNames(items, index);
  const isWhole =
    Object.keys(key).length === names.size &&
    [...names].every((name) => {
      const value = key[name];
      return value !== undefined && kindOf(value) === items.types.get(name);
    });
  if (isWhole) return;
  throw invalid(mismatch);
}

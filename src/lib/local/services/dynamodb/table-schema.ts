// What DynamoDB asks of the keys and indexes of a table, in its order and words.
import type { AttributeDefinition, KeySchemaElement, Projection as SentProjection } from '@aws-sdk/client-dynamodb';
import type { Checked } from '../../wire/handlers.js';
import { invalid, invalidValues } from './dynamodb-errors.js';
import type { KeyAttributes } from './key-order.js';
import type { BillingMode } from './table.js';
import type { KeyType, Projection, Throughput } from './table-items.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MOST = { local: 5, global: 20, projected: 100 };
const MOST_UNITS = 1_000_000_000_000;

export interface SentThroughput {
  ReadCapacityUnits: number | undefined;
  WriteCapacityUnits: number | undefined;
}

export interface SentIndex {
  IndexName: string | undefined;
  KeySchema: Checked<KeySchemaElement>[] | undefined;
  Projection: Checked<SentProjection> | undefined;
  ProvisionedThroughput?: SentThroughput | undefined;
}

export interface SentTable {
  AttributeDefinitions?: Checked<AttributeDefinition>[] | undefined;
  KeySchema?: Checked<KeySchemaElement>[] | undefined;
  LocalSecondaryIndexes?: SentIndex[] | undefined;
  GlobalSecondaryIndexes?: SentIndex[] | undefined;
  BillingMode?: string | undefined;
  ProvisionedThroughput?: SentThroughput | undefined;
}

/** @throws AwsError ValidationException for units that the billing mode does not have, or that are missing */
export function checkThroughput(mode: BillingMode, given: SentThroughput | undefined): void {
  if (mode === 'PAY_PER_REQUEST') {
    if (!given) return;
    throw invalidValues(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (!given?.ReadCapacityUnits || !given.WriteCapacityUnits) {
    throw invalidValues(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  checkBounds(given);
}

export function checkBounds(units: SentThroughput): void {
  for (const name of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    if ((units[name] ?? 0) > MOST_UNITS) throw invalid(`Given value ${units[name]} for ${name} is out of bounds`);
  }
}

export const throughputOf = (given: SentThroughput | undefined): Throughput => ({
  read: given?.ReadCapacityUnits ?? 0,
  write: given?.WriteCapacityUnits ?? 0,
  decreasesToday: 0,
});

/** @throws AwsError ValidationException */
export function checkTable(table: SentTable): void {
  const definitions = namesOf(table.AttributeDefinitions ?? []);
  const schema = table.KeySchema ?? [];
  checkKey(schema, definitions);
  const { LocalSecondaryIndexes: local, GlobalSecondaryIndexes: global } = table;
  if (!local && !global && schema.length !== definitions.length) throw unusedDefinitions();
  const names = new Set<string>();
  if (local) checkLocalIndexes(local, schema, definitions, names);
  if (global) {
    if (global.length === 0) throw invalidValues('List of GlobalSecondaryIndexes is empty');
    for (const index of global) checkGlobalIndex(index, definitions, table.BillingMode === 'PAY_PER_REQUEST', names);
    if (global.length > MOST.global) {
      throw invalidValues(`GlobalSecondaryIndex count exceeds the per-table limit of ${MOST.global}`);
    }
  }
  checkProjected([...(local ?? []), ...(global ?? [])]);
  const used = new Set(
    [schema, ...[...(local ?? []), ...(global ?? [])].map((index) => index.KeySchema ?? [])].flatMap(namesOf),
  );
  if (definitions.some((name) => !used.has(name))) throw unusedDefinitions();
}

const unusedDefinitions = (): Error =>
  invalidValues(
    'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  );

const namesOf = (elements: readonly { AttributeName: string | undefined }[]): string[] =>
  elements.map(({ AttributeName = '' }) => AttributeName);

function checkKey(schema: readonly Checked<KeySchemaElement>[], definitions: readonly string[]): void {
  const keys = namesOf(schema);
  if (keys.length > definitions.length) throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  if (keys.some((key) => !definitions.includes(key))) throw undefinedKeys(keys, definitions);
  if (keys.length > 1 && keys[0] === keys[1]) throw sameName();
  checkRoles(schema);
}

const sameName = (): Error =>
  invalid('Invalid KeySchema: Both the Hash Key and the Range Key element in the KeySchema have the same name');

const undefinedKeys = (keys: readonly string[], definitions: readonly string[]): Error =>
  invalidValues(
    `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(', ')}], AttributeDefinitions: [${definitions.join(', ')}]`,
  );

function checkRoles([first, second]: readonly Checked<KeySchemaElement>[]): void {
  if (first?.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second && second.KeyType !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
}

function checkLocalIndexes(
  indexes: readonly SentIndex[],
  schema: readonly Checked<KeySchemaElement>[],
  definitions: readonly string[],
  names: Set<string>,
): void {
  if (indexes.length === 0) throw invalidValues('List of LocalSecondaryIndexes is empty');
  if (schema.length !== 2) {
    throw invalidValues(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  const tableHash = schema[0]?.AttributeName;
  for (const index of indexes) {
    const { IndexName: name = '', KeySchema: key = [] } = index;
    checkIndexKey(key, definitions);
    if (key.length !== 2) throw invalidValues(`Index KeySchema does not have a range key for index: ${name}`);
    const hash = key[0]?.AttributeName;
    if (hash !== tableHash) {
      throw invalidValues(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${hash}, table hash key: ${tableHash}`,
      );
    }
    checkProjection(index);
    refuseTwin(name, names);
  }
  if (indexes.length > MOST.local) {
    throw invalidValues(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MOST.local}`);
  }
}

/** @param names of the indexes before it, to which its own is added @throws AwsError ValidationException */
export function checkGlobalIndex(
  index: SentIndex,
  definitions: readonly string[],
  isOnDemand: boolean,
  names: Set<string>,
): void {
  const { IndexName: name = '', KeySchema: key = [], ProvisionedThroughput: units } = index;
  checkIndexKey(key, definitions);
  checkProjection(index);
  if (isOnDemand && units) {
    throw invalidValues(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (!isOnDemand && !units) {
    throw invalidValues(`ProvisionedThroughput must be specified for index: ${name}`);
  }
  refuseTwin(name, names);
}

function checkIndexKey(key: readonly Checked<KeySchemaElement>[], definitions: readonly string[]): void {
  const keys = namesOf(key);
  if (keys.some((name) => !definitions.includes(name))) throw undefinedKeys(keys, definitions);
  if (keys.length > 1 && keys[0] === keys[1]) throw sameName();
  checkRoles(key);
}

function checkProjection({ Projection: projection }: SentIndex): void {
  const type = projection?.ProjectionType;
  if (type === undefined) throw invalidValues('Unknown ProjectionType: null');
  if (projection?.NonKeyAttributes && type !== 'INCLUDE') {
    throw invalidValues(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  if (type === 'INCLUDE' && !projection?.NonKeyAttributes) {
    throw invalidValues(`ProjectionType is ${type}, but NonKeyAttributes is not specified`);
  }
}

function checkProjected(indexes: readonly SentIndex[]): void {
  const count = indexes.reduce((sum, { Projection }) => sum + (Projection?.NonKeyAttributes?.length ?? 0), 0);
  if (count > MOST.projected) {
    throw invalidValues(`Number of attributes in NonKeyAttributes exceeds per-table limit of ${MOST.projected}`);
  }
}

function refuseTwin(name: string, names: Set<string>): void {
  if (names.has(name)) throw invalidValues(`Duplicate index name: ${name}`);
  names.add(name);
}

/** A key schema that has been checked. */
export function keyOf(schema: readonly Checked<KeySchemaElement>[] | undefined): KeyAttributes {
  const [hash = '', range] = namesOf(schema ?? []);
  return range === undefined ? { hash } : { hash, range };
}

export const typesOf = (
  definitions: readonly Checked<AttributeDefinition>[] | undefined,
): (readonly [string, KeyType])[] =>
  (definitions ?? []).map(({ AttributeName = '', AttributeType = 'S' }) => [AttributeName, AttributeType as KeyType]);

export const projectionOf = (sent: Checked<SentProjection> | undefined): Projection => ({
  type: sent?.ProjectionType ?? 'ALL',
  attributes: sent?.NonKeyAttributes ?? [],
});

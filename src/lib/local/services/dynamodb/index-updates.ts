import type { AttributeDefinition } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked } from '../../wire/handlers.js';
import { invalid, invalidValues } from './dynamodb-errors.js';
import type { Table } from './table.js';
import {
  checkGlobalIndex,
  keyOf,
  projectionOf,
  type SentIndex,
  type SentThroughput,
  throughputOf,
  typesOf,
} from './table-schema.js';

export interface IndexUpdate {
  Create?: SentIndex | undefined;
  Update?: { IndexName: string; ProvisionedThroughput?: SentThroughput | undefined } | undefined;
  Delete?: { IndexName: string } | undefined;
}

interface IndexChanges {
  updates: readonly IndexUpdate[];
  definitions: Checked<AttributeDefinition>[] | undefined;
  isOnDemand: boolean;
}

/**
 * Begins changes of a table's global indexes: a new one is CREATING, a deleted one DELETING.
 * @returns what ends them
 * @throws AwsError ValidationException, LimitExceededException or ResourceNotFoundException; nothing has been changed then
 */
export function changeIndexes(table: Table, changes: IndexChanges): () => void {
  const { items } = table;
  checkUpdates(table, changes);
  const types = new Map([...items.types, ...typesOf(changes.definitions)]);
  for (const { Create: create, Update: update, Delete: deletion } of changes.updates) {
    if (create) {
      for (const name of create.KeySchema ?? []) {
        const type = types.get(name.AttributeName ?? '');
        if (type) items.types.set(name.AttributeName ?? '', type);
      }
      items.addIndex({
        name: create.IndexName ?? '',
        isGlobal: true,
        key: keyOf(create.KeySchema),
        projection: projectionOf(create.Projection),
        status: 'CREATING',
        throughput: throughputOf(create.ProvisionedThroughput),
      });
    } else if (update) {
      const index = items.indexes.get(update.IndexName);
      if (index) Object.assign(index, { status: 'UPDATING', throughput: throughputOf(update.ProvisionedThroughput) });
    } else if (deletion) {
      const index = items.indexes.get(deletion.IndexName);
      if (index) index.status = 'DELETING';
    }
  }
  return () => {
    for (const index of [...items.indexes.values()]) {
      if (index.status === 'DELETING') items.removeIndex(index.name);
      else index.status = 'ACTIVE';
    }
  };
}

function checkUpdates({ items }: Table, { updates, definitions, isOnDemand }: IndexChanges): void {
  const named = new Set<string>();
  const names = new Set(items.indexes.keys());
  const defined = [...items.types.keys(), ...typesOf(definitions).map(([name]) => name)];
  if (updates.filter(({ Create, Delete }) => Create ?? Delete).length > 1) {
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
  for (const { Create: create, Update: update, Delete: deletion } of updates) {
    const name = create?.IndexName ?? update?.IndexName ?? deletion?.IndexName;
    if (name === undefined) {
      throw invalidValues(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    if (named.has(name)) {
      throw invalidValues(`Only one global secondary index update per index is allowed simultaneously. Index: ${name}`);
    }
    named.add(name);
    if (create) {
      if (names.has(name)) throw invalid('Attempting to create an index which already exists');
      checkGlobalIndex(create, defined, isOnDemand, names);
    } else if (!items.indexes.get(name)?.isGlobal) {
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    }
  }
}

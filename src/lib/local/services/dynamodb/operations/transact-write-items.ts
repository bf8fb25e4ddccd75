import { defineOperation } from '../../../define-operation.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { addUnits, consumed, type Units, unitsOfWrite } from '../capacity.js';
import { type SentValue, storedItem } from '../check-values.js';
import { collectionMetrics } from '../collection-metrics.js';
import { BATCH, WRITE } from '../constraints.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import type { BoundUpdate } from '../expressions/apply-update.js';
import type { Predicate } from '../expressions/bind-condition.js';
import { Bindings } from '../expressions/bindings.js';
import type { StoredItem } from '../item-tree.js';
import { afterUpdate, checkUpdatePaths, updateOf } from '../item-update.js';
import type { Table } from '../table.js';
import { sizedItem } from '../table-items.js';
import { MOST_ACTIONS, MOST_BYTES, refuseTwins, runAll, TIMES } from '../transaction.js';
import type { Item } from '../value.js';
import { type ConditionMembers, checkCondition, conditionOf } from '../write-conditions.js';

const ACTIONS = ['ConditionCheck', 'Put', 'Delete', 'Update'] as const;

interface SentAction extends ConditionMembers {
  TableName: string;
  Key?: Readonly<Record<string, SentValue>>;
  Item?: Readonly<Record<string, SentValue>>;
  UpdateExpression?: string | undefined;
}

/** An action whose request is sound; what it meets in its table comes later. */
interface Action {
  kind: (typeof ACTIONS)[number];
  sent: SentAction;
  table: Table;
  /** The item to be put, or the key. */
  item: Item;
  condition: Predicate | undefined;
  update: BoundUpdate | undefined;
}

export const transactWriteItems = defineOperation('dynamodb', 'TransactWriteItems').as({
  constraints: {
    ...BATCH,
    TransactItems: {
      min: 1,
      max: MOST_ACTIONS,
      members: Object.fromEntries(
        ACTIONS.map((kind) => [
          kind,
          { members: { ReturnValuesOnConditionCheckFailure: WRITE.ReturnValuesOnConditionCheckFailure } },
        ]),
      ),
    },
    ClientRequestToken: { min: 1, max: 36 },
  },
  gaps: ['Transactions never conflict with each other (`TransactionConflict`): each is carried out at once.'],
  run(state: DynamoDbState, input, context) {
    const { ClientRequestToken: token, ...request } = input;
    const tokens = state.tokens(context.region);
    if (tokens.isRepeated(token, request, state.nowMs)) return {};
    const actions = input.TransactItems.map((action) => readAction(state, action as SentActions, context));
    const placed = runAll(actions, (action) => ({ action, place: placeOf(action) }));
    refuseTwins(placed.map(({ action, place }) => ({ table: action.table.name, place })));
    let bytes = 0;
    const writes = runAll(placed, ({ action, place }) => {
      const before = action.table.items.get(place);
      checkCondition(action.condition, before, action.sent);
      const after = afterOf(action, place, before);
      action.table.pay('write', () => doubled(unitsOfWrite(action.table.items, { before, after })));
      bytes += Math.max(before?.bytes ?? 0, after?.bytes ?? 0);
      return { action, place, before, after };
    });
    if (bytes > MOST_BYTES) throw invalid('Collection size of all items in the transaction request cannot exceed 4MB');
    const units = new Map<Table, { name: string; units: Units }>();
    const ItemCollectionMetrics: Record<string, NonNullable<ReturnType<typeof collectionMetrics>>[]> = {};
    for (const { action, place, before, after } of writes) {
      const { table, kind, sent, item } = action;
      const change = kind === 'ConditionCheck' ? { before, after: before } : table.write(place, after);
      const sum = units.get(table) ?? { name: sent.TableName, units: { table: 0, indexes: new Map() } };
      units.set(table, sum);
      if (input.ReturnConsumedCapacity !== undefined) addUnits(sum.units, doubled(unitsOfWrite(table.items, change)));
      const metrics = collectionMetrics(table, item, input.ReturnItemCollectionMetrics);
      if (metrics) (ItemCollectionMetrics[sent.TableName] ??= []).push(metrics);
    }
    tokens.keep(token, request, state.nowMs);
    const ConsumedCapacity = [...units].flatMap(
      ([{ items }, sum]) =>
        consumed(items, sum.name, input.ReturnConsumedCapacity, () => sum.units, 'WriteCapacityUnits') ?? [],
    );
    return {
      ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }),
      ...(Object.keys(ItemCollectionMetrics).length > 0 && { ItemCollectionMetrics }),
    };
  },
});

type SentActions = { [Kind in (typeof ACTIONS)[number]]?: SentAction | undefined };

/** @throws AwsError ValidationException or ResourceNotFoundException, for the transaction as a whole */
function readAction(state: DynamoDbState, sent: SentActions, context: OperationContext): Action {
  const kinds = ACTIONS.filter((kind) => sent[kind] !== undefined);
  const [kind] = kinds;
  const action = kind && sent[kind];
  if (!action || kinds.length > 1) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const item = storedItem(action.Item ?? action.Key ?? {});
  const bindings = new Bindings(action.ExpressionAttributeNames, action.ExpressionAttributeValues);
  const update = kind === 'Update' ? updateOf(action, bindings) : undefined;
  const condition = conditionOf(action, bindings);
  bindings.refuseUnused();
  return { kind, sent: action, item, condition, update, table: state.table(action.TableName, context) };
}

const placeOf = ({ kind, table, item }: Action): string =>
  kind === 'Put' ? table.items.placeOfItem(item) : table.items.placeOfKey(item);

function afterOf(
  { kind, table, item, update }: Action,
  place: string,
  before: StoredItem | undefined,
): StoredItem | undefined {
  switch (kind) {
    case 'Put':
      return sizedItem(place, item);
    case 'Update':
      if (update) checkUpdatePaths(table.items, update);
      return afterUpdate(table.items, { place, key: item, before, update });
    case 'Delete':
      return undefined;
    case 'ConditionCheck':
      return before;
  }
}

const doubled = ({ table, indexes }: Units): Units => ({
  table: table * TIMES,
  indexes: new Map([...indexes].map(([name, units]) => [name, units * TIMES])),
});

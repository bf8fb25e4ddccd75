import { defineOperation } from '../../../define-operation.js';
import { describeTable } from '../describe-table.js';
import { inUse, invalid } from '../dynamodb-errors.js';
import { type DynamoDbState, TRANSITION_MS } from '../dynamodb-state.js';

/** DELETING at once, gone a moment later, with everything in it. */
export const deleteTable = defineOperation('dynamodb', 'DeleteTable').as({
  run(state: DynamoDbState, input, context) {
    const table = state.anyTable(input.TableName, context);
    if (table.status === 'CREATING' || table.status === 'UPDATING') {
      const what = table.status === 'CREATING' ? 'created' : 'updated';
      throw inUse(`Attempt to change a resource which is still in use: Table is being ${what}: ${table.name}`);
    }
    if (table.status === 'DELETING') {
      throw inUse(`Attempt to change a resource which is still in use: Table is being deleted: ${table.name}`);
    }
    if (table.isProtected) {
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    table.status = 'DELETING';
    table.close();
    const tables = state.tables(context.region);
    state.environment.clock.after(TRANSITION_MS, () => {
      if (tables.get(table.name) === table) tables.delete(table.name);
    });
    return { TableDescription: describeTable(table) };
  },
});

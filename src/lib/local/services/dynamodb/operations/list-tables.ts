import { defineOperation } from '../../../define-operation.js';
import { TABLE_NAME } from '../constraints.js';
import type { DynamoDbState } from '../dynamodb-state.js';

const MOST = 100;

export const listTables = defineOperation('dynamodb', 'ListTables').as({
  constraints: { ExclusiveStartTableName: TABLE_NAME, Limit: { range: [1, MOST] } },
  run(state: DynamoDbState, input, { region }) {
    const { ExclusiveStartTableName: after, Limit: limit = MOST } = input;
    const names = [...state.tables(region).keys()].filter((name) => after === undefined || name > after).sort();
    const page = names.slice(0, limit);
    return { TableNames: page, ...(page.length < names.length && { LastEvaluatedTableName: page.at(-1) }) };
  },
});

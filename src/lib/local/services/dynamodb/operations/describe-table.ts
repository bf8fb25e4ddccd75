import { defineOperation } from '../../../define-operation.js';
import { describeTable as describe } from '../describe-table.js';
import type { DynamoDbState } from '../dynamodb-state.js';

export const describeTable = defineOperation('dynamodb', 'DescribeTable').as({
  run: (state: DynamoDbState, input, context) => ({ Table: describe(state.anyTable(input.TableName, context)) }),
});

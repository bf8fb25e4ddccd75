import { defineOperation } from '../../../define-operation.js';
import type { DynamoDbState } from '../dynamodb-state.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
export const describeLimits = defineOperation('dynamodb', 'DescribeLimits').as({
  run: () => ({
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  }),
});

/** Clients that discover endpoints come back to this one. */
export const describeEndpoints = defineOperation('dynamodb', 'DescribeEndpoints').as({
  run: ({ environment }: DynamoDbState) => ({
    Endpoints: [{ Address: new URL(environment.endpointUrl()).host, CachePeriodInMinutes: 1440 }],
  }),
});

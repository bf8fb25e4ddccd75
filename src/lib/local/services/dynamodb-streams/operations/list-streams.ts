import { defineOperation } from '../../../define-operation.js';
import { TABLE_NAME } from '../../dynamodb/constraints.js';
import type { StreamStore } from '../stream-store.js';

const MOST = 100;

export const listStreams = defineOperation('dynamodb-streams', 'ListStreams').as({
  constraints: { TableName: TABLE_NAME, ExclusiveStartStreamArn: { min: 37, max: 1024 }, Limit: { range: [1, MOST] } },
  run(store: StreamStore, input, { region }) {
    const { TableName: table, ExclusiveStartStreamArn: after, Limit: limit = MOST } = input;
    const streams = [...store.in(region).values()]
      .filter(
        ({ tableName, arn }) => (table === undefined || tableName === table) && (after === undefined || arn > after),
      )
      .sort((one, other) => (one.arn < other.arn ? -1 : 1));
    const page = streams.slice(0, limit);
    return {
      Streams: page.map(({ arn, tableName, label }) => ({ StreamArn: arn, TableName: tableName, StreamLabel: label })),
      ...(page.length < streams.length && { LastEvaluatedStreamArn: page.at(-1)?.arn }),
    };
  },
});

import { defineOperation } from '../../../define-operation.js';
import { findStream } from '../stream-reader.js';
import type { StreamStore } from '../stream-store.js';
import { sequenceOf } from '../table-stream.js';

const MOST = 100;

export const describeStream = defineOperation('dynamodb-streams', 'DescribeStream').as({
  constraints: {
    StreamArn: { min: 37, max: 1024 },
    ExclusiveStartShardId: { min: 28, max: 65 },
    Limit: { range: [1, MOST] },
  },
  notHere: ['ShardFilter'],
  run(store: StreamStore, input, { region }) {
    const stream = findStream(store, region, input.StreamArn);
    const all = stream.shards(store.nowMs);
    const from = all.findIndex(({ id }) => id === input.ExclusiveStartShardId) + 1;
    const page = all.slice(from, from + (input.Limit ?? MOST));
    const { hash, range } = stream.key;
    return {
      StreamDescription: {
        StreamArn: stream.arn,
        StreamLabel: stream.label,
        StreamStatus: stream.status,
        StreamViewType: stream.view,
        CreationRequestDateTime: new Date(stream.createdMs),
        TableName: stream.tableName,
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' as const },
          ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
        ],
        Shards: page.map(({ id, parentId, first, last }) => ({
          ShardId: id,
          SequenceNumberRange: {
            StartingSequenceNumber: sequenceOf(first),
            ...(last !== undefined && { EndingSequenceNumber: sequenceOf(last) }),
          },
          ParentShardId: parentId,
        })),
        ...(from + page.length < all.length && { LastEvaluatedShardId: page.at(-1)?.id }),
      },
    };
  },
});

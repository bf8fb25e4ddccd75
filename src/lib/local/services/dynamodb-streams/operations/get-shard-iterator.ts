import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { findStream, iteratorAt, type Position } from '../stream-reader.js';
import type { StreamStore } from '../stream-store.js';

export const getShardIterator = defineOperation('dynamodb-streams', 'GetShardIterator').as({
  constraints: {
    StreamArn: { min: 37, max: 1024 },
    ShardId: { min: 28, max: 65 },
    ShardIteratorType: { enum: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'] },
    SequenceNumber: { min: 21, max: 40 },
  },
  run(store: StreamStore, input, { region }) {
    const stream = findStream(store, region, input.StreamArn);
    return { ShardIterator: iteratorAt(store, stream, input.ShardId, positionOf(input)) };
  },
});

function positionOf({
  ShardIteratorType: type,
  SequenceNumber: sequenceNumber,
}: {
  ShardIteratorType: string;
  SequenceNumber?: string | undefined;
}): Position {
  if (type !== 'AT_SEQUENCE_NUMBER' && type !== 'AFTER_SEQUENCE_NUMBER') {
    return { type: type as 'LATEST' | 'TRIM_HORIZON' };
  }
  if (sequenceNumber !== undefined) return { type, sequenceNumber };
  throw new AwsError('ValidationException', `SequenceNumber must be specified if ShardIteratorType is ${type}`);
}

import { defineOperation } from '../../../define-operation.js';
import { readRecords } from '../stream-reader.js';
import { recordOf, type StreamRecord } from '../stream-record.js';
import type { StreamStore } from '../stream-store.js';
import type { ViewType } from '../table-stream.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html: 1,000 records or 1 MB. */
const MOST = 1000;
const MOST_BYTES = 1024 * 1024;

export const getRecords = defineOperation('dynamodb-streams', 'GetRecords').as({
  constraints: { ShardIterator: { min: 1, max: 2048 }, Limit: { range: [1, MOST] } },
  run(store: StreamStore, input, { region }) {
    let bytes = 0;
    const read = readRecords(store, region, input.ShardIterator, {
      most: input.Limit ?? MOST,
      goesOn: ({ before, after }) => (bytes += (before?.bytes ?? 0) + (after?.bytes ?? 0)) <= MOST_BYTES,
    });
    const { stream, changes, next } = read;
    return {
      Records: changes.map((change) => toWire(recordOf(stream, change), region, stream.view)),
      NextShardIterator: next,
    };
  },
});

function toWire(record: StreamRecord, awsRegion: string, view: ViewType) {
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion,
    dynamodb: {
      ApproximateCreationDateTime: new Date(record.createdSeconds * 1000),
      Keys: record.keys,
      NewImage: record.newImage,
      OldImage: record.oldImage,
      SequenceNumber: record.sequenceNumber,
      SizeBytes: record.sizeBytes,
      StreamViewType: view,
    },
    ...(record.byService && { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } }),
  };
}

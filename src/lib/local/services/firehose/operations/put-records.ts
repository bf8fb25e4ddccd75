import { randomBytes } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { OperationContext } from '../../../wire/handlers.js';
import type { DeliveryStream } from '../delivery-stream.js';
import { invalidArgument, SLOW_DOWN } from '../firehose-errors.js';
import type { FirehoseState } from '../firehose-state.js';

/** 1,000 KiB, before base64. https://docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html */
const MOST_RECORD_BYTES = 1_024_000;
const MOST_BATCH_BYTES = 4 * 1024 * 1024;

export const putRecord = defineOperation('firehose', 'PutRecord').as({
  constraints: { Record: { members: { Data: { max: MOST_RECORD_BYTES } } } },
  run(state: FirehoseState, { DeliveryStreamName: name, Record: { Data } }, context) {
    const stream = openForPuts(state, name, context);
    if (!takes(stream, Data)) throw slowDown();
    stream.put([{ data: Data, arrivedMs: state.environment.clock.now() }]);
    return { RecordId: recordId(), Encrypted: stream.encryption !== undefined };
  },
});

export const putRecordBatch = defineOperation('firehose', 'PutRecordBatch').as({
  constraints: { Records: { min: 1, max: 500, members: { Data: { max: MOST_RECORD_BYTES } } } },
  run(state: FirehoseState, { DeliveryStreamName: name, Records: records }, context) {
    if (records.reduce((sum, { Data }) => sum + Data.byteLength, 0) > MOST_BATCH_BYTES) {
      throw invalidArgument('Records size exceeds 4 MB limit');
    }
    const stream = openForPuts(state, name, context);
    const arrivedMs = state.environment.clock.now();
    const RequestResponses = records.map(({ Data }) => {
      if (!takes(stream, Data)) return { ErrorCode: SLOW_DOWN.code, ErrorMessage: SLOW_DOWN.message };
      stream.put([{ data: Data, arrivedMs }]);
      return { RecordId: recordId() };
    });
    return {
      FailedPutCount: RequestResponses.filter((each) => 'ErrorCode' in each).length,
      Encrypted: stream.encryption !== undefined,
      RequestResponses,
    };
  },
});

function openForPuts(state: FirehoseState, name: string, context: OperationContext): DeliveryStream {
  const stream = state.openStream(name, context);
  if (stream.source) {
    throw invalidArgument('This operation is not permitted on KinesisStreamAsSource delivery stream type.');
  }
  if (!stream.quota.takeCall()) throw slowDown();
  return stream;
}

const takes = (stream: DeliveryStream, { byteLength }: Uint8Array): boolean =>
  stream.hasRoom && stream.quota.takeRecord(byteLength);

const slowDown = (): AwsError => new AwsError(SLOW_DOWN.code, SLOW_DOWN.message);

/** As long as AWS's. */
const recordId = (): string => randomBytes(165).toString('base64');

import { randomBytes } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { invalidArgument, SLOW_DOWN } from '../firehose-errors.js';
import type { FirehoseState } from '../firehose-state.js';
import { openForPuts, slowDown, takeRecord } from '../put-into.js';

/** 1,000 KiB, before base64. https://docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html */
const MOST_RECORD_BYTES = 1_024_000;
const MOST_BATCH_BYTES = 4 * 1024 * 1024;

export const putRecord = defineOperation('firehose', 'PutRecord').as({
  constraints: { Record: { members: { Data: { max: MOST_RECORD_BYTES } } } },
  run(state: FirehoseState, { DeliveryStreamName: name, Record: { Data } }, context) {
    const stream = openForPuts(state, name, context);
    if (!takeRecord(stream, Data, state.environment.clock.now())) throw slowDown();
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
      const taken = takeRecord(stream, Data, arrivedMs);
      if (!taken) return { ErrorCode: SLOW_DOWN.code, ErrorMessage: SLOW_DOWN.message };
      return { RecordId: recordId() };
    });
    return {
      FailedPutCount: RequestResponses.filter((each) => 'ErrorCode' in each).length,
      Encrypted: stream.encryption !== undefined,
      RequestResponses,
    };
  },
});

/** As long as AWS's. */
const recordId = (): string => randomBytes(165).toString('base64');

import { RECORD_KIB } from '../../../../stream/capacity.js';
import { parseOldestSequenceNumber, parseSequenceNumber } from '../../../../stream/sequence-number.js';
import { defineOperation } from '../../../define-operation.js';
import { type Constraints, constraintsViolated } from '../../../wire/validate.js';
import { invalidArgument, streamNotFound, throughputExceeded } from '../aws-errors.js';
import { HASH_KEY, ONE_STREAM, SEQUENCE_NUMBER } from '../constraints.js';
import { refuseDryRun } from '../dry-run.js';
import type { KinesisState } from '../kinesis-state.js';
import { checkHashKeys, isRefused, keyBytesOf, place, refusalsOf } from '../placement.js';

const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  Data: { max: RECORD_KIB.max * 1024 },
  PartitionKey: { min: 1, max: 256 },
  ExplicitHashKey: HASH_KEY,
  SequenceNumberForOrdering: SEQUENCE_NUMBER,
};

/** PutRecord. Numbers always grow along a shard here, so SequenceNumberForOrdering is checked and then has nothing to do. */
export const putRecord = defineOperation('kinesis', 'PutRecord').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    if (!stream.takesRecords) throw streamNotFound(stream.name, context.accountId);
    const keyBytes = keyBytesOf(input);
    if (isRefused(input, keyBytes, stream)) throw constraintsViolated(refusalsOf(input, keyBytes, stream, ''));
    checkHashKeys([input], stream);
    const nowMs = state.nowMs;
    const after = input.SequenceNumberForOrdering;
    if (after !== undefined && !isPast(after, nowMs)) {
      throw invalidArgument(
        `ExclusiveMinimumSequenceNumber ${after} used in PutRecord on stream ${stream.name} under account ${context.accountId} is invalid.`,
      );
    }
    refuseDryRun(input.DryRun);

    const { shard, admitted } = place(stream, input, input.Data.byteLength + keyBytes, nowMs);
    if (!admitted) {
      throw throughputExceeded(shard.id, stream.name, context.accountId);
    }
    const encrypted = stream.encryption === 'KMS';
    const SequenceNumber = shard.store(input.Data, input.PartitionKey, keyBytes, nowMs, encrypted);
    shard.changed();
    state.changes.ring(stream.arn);
    return {
      ShardId: shard.id,
      SequenceNumber,
      ...(encrypted && { EncryptionType: 'KMS' as const }),
    };
  },
});

/** Whether a number may be of a record before this one. Of the oldest layout all are: some producers begin with `0`. */
function isPast(sequenceNumber: string, nowMs: number): boolean {
  const parts = parseSequenceNumber(sequenceNumber);
  return parts ? parts.arrivedSec <= nowMs / 1000 : parseOldestSequenceNumber(sequenceNumber) !== undefined;
}

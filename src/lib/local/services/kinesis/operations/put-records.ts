import type { PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { PUT_RECORDS, RECORD_KIB } from '../../../../stream/capacity.js';
import { defineOperation } from '../../../define-operation.js';
import { type Constraints, constraintsViolated, validate } from '../../../wire/validate.js';
import { invalidArgument, rateExceeded, streamNotFound } from '../aws-errors.js';
import { HASH_KEY, ONE_STREAM } from '../constraints.js';
import { refuseDryRun } from '../dry-run.js';
import type { KinesisState } from '../kinesis-state.js';
import { checkHashKeys, type Entry, isRefused, keyBytesOf, place, refusalsOf } from '../placement.js';
import type { Shard } from '../shard.js';
import type { Stream } from '../stream.js';

const ENTRY: Constraints = {
  Data: { max: RECORD_KIB.max * 1024 },
  PartitionKey: { min: 1, max: 256 },
  ExplicitHashKey: HASH_KEY,
};
const CONSTRAINTS: Constraints = { ...ONE_STREAM, Records: { min: 1, max: PUT_RECORDS.maxRecords } };
const CONSTRAINTS_IN_FULL: Constraints = { ...CONSTRAINTS, Records: { ...CONSTRAINTS.Records, members: ENTRY } };

/** PutRecords: each entry that its shard's limits let in is stored; the others, and only those, come back with an error code. */
export const putRecords = defineOperation('kinesis', 'PutRecords').as({
  run(state: KinesisState, input, context) {
    validate(input, input.Records.every(isPlain) ? CONSTRAINTS : CONSTRAINTS_IN_FULL);
    const stream = state.stream(input, context);
    if (!stream.takesRecords) throw streamNotFound(stream.name, context.accountId);
    const keyBytes = checkSizes(input.Records, stream);
    refuseDryRun(input.DryRun);

    const nowMs = state.nowMs;
    const encrypted = stream.encryption === 'KMS';
    const reached = new Set<Shard>();
    let failed = 0;
    const results = input.Records.map((entry, index): PutRecordsResultEntry => {
      const key = keyBytes[index] as number;
      const { shard, admitted } = place(stream, entry, entry.Data.byteLength + key, nowMs);
      if (!admitted) {
        failed += 1;
        return {
          ErrorCode: 'ProvisionedThroughputExceededException',
          ErrorMessage: rateExceeded(shard.id, stream.name, context.accountId),
        };
      }
      reached.add(shard);
      return {
        SequenceNumber: shard.store(entry.Data, entry.PartitionKey, key, nowMs, encrypted),
        ShardId: shard.id,
      };
    });
    for (const shard of reached) shard.changed();
    if (reached.size > 0) state.changes.ring(stream.arn);
    return { FailedRecordCount: failed, Records: results, ...(encrypted && { EncryptionType: 'KMS' as const }) };
  },
});

/** Nothing about it can break a constraint: spares half a million checks a second the general way. */
const isPlain = (entry: Entry): boolean =>
  entry.ExplicitHashKey === undefined &&
  entry.Data.byteLength <= RECORD_KIB.max * 1024 &&
  (entry.PartitionKey === undefined || (entry.PartitionKey.length > 0 && entry.PartitionKey.length <= 256));

/**
 * Everything that fails the whole request is checked before anything is stored.
 * @returns the bytes of each partition key
 */
function checkSizes(entries: readonly Entry[], stream: Stream): number[] {
  const found: string[] = [];
  let total = 0;
  const keyBytes = entries.map((entry, index) => {
    const key = keyBytesOf(entry);
    if (isRefused(entry, key, stream)) found.push(...refusalsOf(entry, key, stream, `records.${index + 1}.member.`));
    total += entry.Data.byteLength + key;
    return key;
  });
  if (found.length > 0) throw constraintsViolated(found);
  checkHashKeys(entries, stream);
  if (total > PUT_RECORDS.maxBytes) {
    throw invalidArgument(`Records size exceeds ${PUT_RECORDS.maxBytes / (1024 * 1024)} MB limit`);
  }
  return keyBytes;
}

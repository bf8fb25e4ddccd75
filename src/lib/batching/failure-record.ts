import type { Discarded } from './batch.js';

/**
 * What an on-failure destination learns of a batch: where it lies in the stream, not what is in it.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function failureRecord(
  { records, reason, tries, last }: Discarded,
  from: { uuid: string; functionArn: string; streamArn: string; batchInfo: string; nowMs: number },
): object {
  const [first] = records;
  const end = records.at(-1);
  const failed = last?.kind === 'failed' ? last : undefined;
  return {
    requestContext: {
      requestId: failed?.requestId ?? from.uuid,
      functionArn: from.functionArn,
      condition: reason,
      approximateInvokeCount: tries,
    },
    ...(failed?.response && {
      responseContext: { statusCode: 200, ...failed.response, functionError: failed.response.functionError ?? null },
    }),
    version: '1.0',
    timestamp: new Date(from.nowMs).toISOString(),
    [from.batchInfo]: {
      shardId: first?.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: end?.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first?.arrivedMs ?? 0).toISOString(),
      approximateArrivalOfLastRecord: new Date(end?.arrivedMs ?? 0).toISOString(),
      batchSize: records.length,
      streamArn: from.streamArn,
    },
  };
}

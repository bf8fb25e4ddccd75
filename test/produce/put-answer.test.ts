import { describe, expect, it } from 'vitest';
import { readPutAnswer, shardInMessage } from '../../src/lib/produce/put-answer.js';

const answer = (status: number, body: unknown) => ({
  status,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const taken = (shard: number) => ({ SequenceNumber: '1', ShardId: `shardId-${String(shard).padStart(12, '0')}` });

describe('the answer to PutRecords', () => {
  it('tells the shard of each entry, however the JSON is written', () => {
    const body = { FailedRecordCount: 0, Records: [taken(0), taken(2_147_483_647), taken(7)] };
    for (const text of [
      JSON.stringify(body),
      JSON.stringify(body).replace('"FailedRecordCount":0', '"FailedRecordCount": 0'),
    ])
      expect(readPutAnswer(answer(200, text), 3)).toEqual({
        kind: 'taken',
        shardIndexes: Int32Array.from([0, 2_147_483_647, 7]),
      });
  });

  it.each([
    ['with spaces', JSON.stringify({ FailedRecordCount: 0, Records: [taken(1), taken(2)] }, null, 2)],
    ['without a count', JSON.stringify({ Records: [taken(1), taken(2)] })],
  ])('%s is read as JSON', (_name, text) =>
    expect(readPutAnswer(answer(200, text), 2)).toEqual({ kind: 'mixed', entries: [taken(1), taken(2)] }),
  );

  it('gives each entry its own error, also where the count says that none failed', () => {
    const failed = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' };
    for (const FailedRecordCount of [1, 0])
      expect(readPutAnswer(answer(200, { FailedRecordCount, Records: [taken(1), failed] }), 2)).toEqual({
        kind: 'mixed',
        entries: [taken(1), failed],
      });
  });

  it.each([0, 1, 3])('that names %i records of two is not believed', (count) => {
    const Records = Array.from({ length: count }, () => taken(0));
    for (const body of [
      { FailedRecordCount: 0, Records },
      { FailedRecordCount: 1, Records },
    ])
      expect(readPutAnswer(answer(200, body), 2)).toEqual({
        kind: 'refused',
        code: 'UnreadableAnswer',
        message: `the answer tells of ${count} records, the call had 2`,
        retryable: false,
      });
  });

  it.each<[number, unknown, string, boolean, string | undefined]>([
    [
      400,
      { __type: 'com.amazonaws#ResourceNotFoundException', message: 'm' },
      'ResourceNotFoundException',
      false,
      undefined,
    ],
    [
      400,
      { __type: 'ProvisionedThroughputExceededException', message: 'm' },
      'ProvisionedThroughputExceededException',
      true,
      undefined,
    ],
    [400, { __type: 'LimitExceededException', Message: 'm' }, 'LimitExceededException', true, undefined],
    [500, { __type: 'InternalFailure', message: 'm' }, 'InternalFailure', true, 'server-error'],
    [503, { message: 'm' }, 'HTTP 503', true, 'server-error'],
    [501, { __type: 'NotImplemented', message: 'm' }, 'NotImplemented', false, undefined],
  ])('%i %j', (status, body, code, retryable, failed) => {
    const outcome = readPutAnswer(answer(status, body), 1);
    expect(outcome).toMatchObject({ kind: 'refused', code, message: 'm', retryable });
    expect(outcome.kind === 'refused' && outcome.failed).toBe(failed);
  });

  it('that is no JSON is retried where the server failed, and else is not', () => {
    expect(readPutAnswer(answer(502, '<html>'), 1)).toMatchObject({ code: 'UnreadableAnswer', retryable: true });
    expect(readPutAnswer(answer(200, '<html>'), 1)).toMatchObject({ retryable: false, message: 'HTTP 200: <html>' });
    expect(readPutAnswer(answer(499, '<html>'), 1)).toMatchObject({ retryable: false });
  });

  it('names the shard that throttled', () => {
    expect(shardInMessage('Rate exceeded for shard shardId-000000000012 in stream s')).toBe('shardId-000000000012');
    expect(shardInMessage('Slow down.')).toBeUndefined();
  });
});

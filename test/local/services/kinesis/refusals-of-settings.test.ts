// What AWS refuses, and in which words. Constraints of the published model are broken one by one in test/interop; here is what only the
// documentation, or AWS itself, tells.
import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';
import { ARN, CONSUMER, ON_STREAM, refuses, world } from './refusals.js';

describe('tags', () => {
  const invalid =
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.';
  const percent = (verb: string) =>
    `Failed to ${verb} stream orders under account 000000000000 because some tags contained illegal characters. ` +
    "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@',':'.";
  for (const text of ['abc;def', 'abc\tdef', 'abc\ndef', 'abc,def']) {
    refuses('AddTagsToStream', [
      [{ ...ON_STREAM, Tags: { [text]: '1' } }, 'InvalidArgumentException', invalid],
      [{ ...ON_STREAM, Tags: { a: text } }, 'InvalidArgumentException', invalid],
    ]);
    refuses('RemoveTagsFromStream', [[{ ...ON_STREAM, TagKeys: [text] }, 'InvalidArgumentException', invalid]]);
  }
  refuses('AddTagsToStream', [
    [{ ...ON_STREAM, Tags: { 'abc%def': '1' } }, 'InvalidArgumentException', percent('add tags to')],
    [{ StreamName: 'nowhere', Tags: { ';': '1' } }, 'ResourceNotFoundException', /nowhere/],
    [{ ...ON_STREAM, Tags: {} }, 'ValidationException', /'\{\}' at 'tags'.*greater than or equal to 1$/],
  ]);
  refuses('RemoveTagsFromStream', [
    [{ ...ON_STREAM, TagKeys: ['abc%def'] }, 'InvalidArgumentException', percent('remove tags from')],
    [{ ...ON_STREAM, TagKeys: ['aws:x'] }, 'InvalidArgumentException', /reserved prefix/],
    [
      { ...ON_STREAM, TagKeys: ['a', 'k'.repeat(129), 'b'] },
      'ValidationException',
      `1 validation error detected: Value '[a, ${'k'.repeat(129)}, b]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: ` +
        '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
    ],
  ]);
  refuses('TagResource', [
    [
      { ResourceARN: `${ARN}s`, Tags: { a: 'b' } },
      'ResourceNotFoundException',
      'Stream orderss under account 000000000000 not found.',
    ],
    [
      { ResourceARN: CONSUMER.replace('reader', 'other'), Tags: { a: 'b' } },
      'ResourceNotFoundException',
      /^Consumer arn:.* not found\.$/,
    ],
  ]);
});

describe('encryption', () => {
  const start = (rest: Record<string, unknown>) => ({
    ...ON_STREAM,
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
    ...rest,
  });
  for (const operation of ['StartStreamEncryption', 'StopStreamEncryption'] as const) {
    refuses(operation, [
      [start({ EncryptionType: 'NONE' }), 'InvalidArgumentException', 'The only valid value of EncryptionType is KMS.'],
      [start({ EncryptionType: 'AES' }), 'ValidationException', /'encryptionType'.*\[NONE, KMS\]$/],
      [start({ KeyId: '' }), 'ValidationException', /'keyId'/],
      [start({ KeyId: 'aws/kinesis' }), 'KMSNotFoundException', "Invalid keyId 'aws/kinesis'"],
    ]);
  }

  it.each([
    'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012',
    'arn:aws:kms:us-east-1:123456789012:alias/MyAliasName',
    '12345678-1234-1234-1234-123456789012',
    'mrk-1234567890abcdef1234567890abcdef',
    'alias/MyAliasName',
    'alias/aws/kinesis',
  ])('takes the key %s', async (KeyId) => {
    const { kinesis, settle } = await world();
    await kinesis.StartStreamEncryption({ ...ON_STREAM, EncryptionType: 'KMS', KeyId });
    settle();
    const { StreamDescriptionSummary } = await kinesis.DescribeStreamSummary(ON_STREAM);
    expect(StreamDescriptionSummary).toMatchObject({ EncryptionType: 'KMS', KeyId });
  });

  it('starts, and stops, at most 25 times a day; without limits as often as one likes', async () => {
    for (const [limits, most] of [
      ['on', 25],
      ['off', 30],
    ] as const) {
      const { kinesis, create, settle } = startKinesis({ limits });
      await create('orders');
      const key = { ...ON_STREAM, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
      for (let round = 0; round < most; round++) {
        await kinesis.StartStreamEncryption(key);
        settle();
        await kinesis.StopStreamEncryption(key);
        settle();
      }
      if (limits === 'off') continue;
      const refusal = {
        code: 'LimitExceededException',
        message: expect.stringMatching(/at most 25 times per rolling 24-hour/),
      };
      await expect(kinesis.StartStreamEncryption(key)).rejects.toMatchObject(refusal);
      await expect(kinesis.StopStreamEncryption(key)).rejects.toMatchObject(refusal);
    }
  });
});

describe('enhanced monitoring', () => {
  refuses('EnableEnhancedMonitoring', [
    [
      { ...ON_STREAM, ShardLevelMetrics: ['IncomingBytes', 'Nonsense'] },
      'ValidationException',
      /^1 validation error detected: Value '\[IncomingBytes, Nonsense\]' at 'shardLevelMetrics' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[IncomingBytes,.*ALL\]\]$/,
    ],
    [{ ...ON_STREAM, ShardLevelMetrics: [] }, 'ValidationException', /greater than or equal to 1$/],
  ]);
});

describe('on-demand only', () => {
  refuses('UpdateStreamRecordDistributionStrategy', [
    [{ StreamARN: ARN, RecordDistributionStrategy: 'AUTO' }, 'InvalidArgumentException', /is in PROVISIONED mode\.$/],
  ]);
  refuses('UpdateStreamWarmThroughput', [
    [{ StreamARN: ARN, WarmThroughputMiBps: 5 }, 'ValidationException', /only supported for streams in ON_DEMAND mode/],
    [
      { StreamName: 'demand', WarmThroughputMiBps: 5 },
      'ValidationException',
      /requires MinimumThroughputBillingCommitment/,
    ],
    [{ StreamName: 'demand', WarmThroughputMiBps: -1 }, 'ValidationException', /'warmThroughputMiBps'/],
  ]);
});

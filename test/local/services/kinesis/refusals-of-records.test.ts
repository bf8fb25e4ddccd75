// What AWS refuses, and in which words. Constraints of the published model are broken one by one in test/interop; here is what only the
// documentation, or AWS itself, tells.
import { describe, expect, it } from 'vitest';
import { HASH_KEY_COUNT } from '../../../../src/lib/stream/hash-key.js';
import { DATA, FIRST, ON_STREAM, refuses, world } from './refusals.js';

describe('GetShardIterator', () => {
  const get = (ShardId: string, rest: Record<string, unknown> = { ShardIteratorType: 'LATEST' }) => ({
    ...ON_STREAM,
    ShardId,
    ...rest,
  });
  const at = (StartingSequenceNumber: string) =>
    get('shardId-0', { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber });
  const used = (number: string) =>
    `StartingSequenceNumber ${number} used in GetShardIterator on shard ${FIRST} in stream orders under account 000000000000 is invalid`;
  // As kinesalite's authors saw them on AWS.
  refuses('GetShardIterator', [
    [
      get('5'),
      'ResourceNotFoundException',
      'Shard shardId-000000000005 in stream orders under account 000000000000 does not exist',
    ],
    [
      get('x-2147483647'),
      'ResourceNotFoundException',
      'Shard shardId-002147483647 in stream orders under account 000000000000 does not exist',
    ],
    [
      get('2147483648'),
      'ResourceNotFoundException',
      'Could not find shard 2147483648 in stream orders under account 000000000000.',
    ],
    [
      get('2.14E4'),
      'ResourceNotFoundException',
      'Could not find shard 2.14E4 in stream orders under account 000000000000.',
    ],
    [
      at('5'),
      'InvalidArgumentException',
      `Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it was used in a call to a shard with ${FIRST}`,
    ],
    [
      at('0'),
      'InvalidArgumentException',
      `${used('21267647932558653966460912964485513216')} because it did not come from this stream.`,
    ],
    [
      at(String(0x13bb2cc3d8n << 88n)),
      'InvalidArgumentException',
      `${used('26227199374822427428162556223570313216')}.`,
    ],
    [at(String(1n << 186n)), 'InvalidArgumentException', `${used(String(1n << 186n))}.`],
  ]);
});

describe('GetRecords', () => {
  refuses('GetRecords', [
    [{ ShardIterator: 'AAAA' }, 'InvalidArgumentException', 'Invalid ShardIterator.'],
    [{ ShardIterator: 'AAAA', Limit: 10_001 }, 'ValidationException', /'limit'.*less than or equal to 10000$/],
    [{ ShardIterator: 'AAAA', Limit: 0 }, 'ValidationException', /'limit'.*greater than or equal to 1$/],
  ]);
});

describe('PutRecord', () => {
  const put = (rest: Record<string, unknown>) => ({ ...ON_STREAM, Data: DATA, PartitionKey: 'k', ...rest });
  const past = String(HASH_KEY_COUNT);
  refuses('PutRecord', [
    [
      put({ ExplicitHashKey: past }),
      'InvalidArgumentException',
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${past}`,
    ],
    [
      put({ SequenceNumberForOrdering: String(1n << 186n) }),
      'InvalidArgumentException',
      `ExclusiveMinimumSequenceNumber ${1n << 186n} used in PutRecord on stream orders under account 000000000000 is invalid.`,
    ],
    [
      put({ PartitionKey: undefined }),
      'ValidationException',
      "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null",
    ],
  ]);

  it('takes the last hash key, and an ordering number of its own', async () => {
    const { kinesis } = await world();
    const last = await kinesis.PutRecord({
      ...ON_STREAM,
      Data: DATA,
      PartitionKey: 'k',
      ExplicitHashKey: String(HASH_KEY_COUNT - 1n),
    });
    expect(last.ShardId).toBe('shardId-000000000001');
    for (const SequenceNumberForOrdering of [last.SequenceNumber, '0', '5']) {
      await kinesis.PutRecord({ ...ON_STREAM, Data: DATA, PartitionKey: 'k', SequenceNumberForOrdering });
    }
  });
});

describe('PutRecords', () => {
  it('tells the faults of the request and of its entries, those of the list itself first', async () => {
    const { kinesis } = await world();
    const Records = Array.from({ length: 501 }, () => ({ Data: DATA, PartitionKey: '' }));
    const error: unknown = await kinesis
      .PutRecords({ StreamName: 'no such', Records })
      .catch((caught: unknown) => caught);
    const places = [...String(error).matchAll(/' at '([^']+)' failed/g)].map(([, place]) => place);
    expect(places).toEqual([
      'streamName',
      'records',
      ...Array.from({ length: 8 }, (_, index) => `records.${index + 1}.member.partitionKey`),
    ]);
  });

  it('tells ten of many faults', async () => {
    const { kinesis } = await world();
    const Records = Array.from({ length: 12 }, () => ({ Data: DATA, PartitionKey: '' }));
    await expect(kinesis.PutRecords({ ...ON_STREAM, Records })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(/^10 validation errors detected: .*'records\.10\.member\.partitionKey'[^;]*$/),
    });
  });
});

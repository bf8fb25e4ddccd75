// The words are AWS's, as Kinesis and DynamoDB answer them.
import { expect, it } from 'vitest';
import { type Constraints, validate } from '../../../src/lib/local/wire/validate.js';

const NAME = { min: 1, max: 8, pattern: '[a-z]+' };
const CONSTRAINTS: Constraints = {
  StreamName: NAME,
  Limit: { range: [1, 10] },
  Type: { enum: ['A', 'B'] },
  Data: { max: 2 },
  Keys: { min: 1, max: 3, item: NAME },
  Sizes: { item: { range: [1, 2] } },
  Tags: { max: 2, keys: { min: 1, max: 3 }, values: { min: 0, max: 4 } },
  Records: { members: { Key: { min: 1 } } },
  Filter: { members: { Type: { enum: ['A'] } } },
};
const failed = (value: string, at: string, must: string): string =>
  `Value '${value}' at '${at}' failed to satisfy constraint: ${must}`;

it.each<[object, string[]]>([
  [
    { StreamName: '' },
    [
      failed('', 'streamName', 'Member must satisfy regular expression pattern: [a-z]+'),
      failed('', 'streamName', 'Member must have length greater than or equal to 1'),
    ],
  ],
  [{ StreamName: 'abcdefghi' }, [failed('abcdefghi', 'streamName', 'Member must have length less than or equal to 8')]],
  [{ Limit: 0 }, [failed('0', 'limit', 'Member must have value greater than or equal to 1')]],
  [{ Limit: 11 }, [failed('11', 'limit', 'Member must have value less than or equal to 10')]],
  [{ Type: 'C' }, [failed('C', 'type', 'Member must satisfy enum value set: [A, B]')]],
  [
    { Data: Buffer.from('abc') },
    [failed('java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]', 'data', 'Member must have length less than or equal to 2')],
  ],
  [{ Keys: [] }, [failed('[]', 'keys', 'Member must have length greater than or equal to 1')]],
  [
    { Keys: ['a', '7'] },
    [
      failed(
        '[a, 7]',
        'keys',
        'Member must satisfy constraint: [Member must have length less than or equal to 8, Member must have length greater than or equal to 1, ' +
          'Member must satisfy regular expression pattern: [a-z]+]',
      ),
    ],
  ],
  [
    { Sizes: [2, 3] },
    [
      failed(
        '[2, 3]',
        'sizes',
        'Member must satisfy constraint: [Member must have value less than or equal to 2, Member must have value greater than or equal to 1]',
      ),
    ],
  ],
  [
    { Tags: { long: 'value' } },
    [
      failed(
        '{long=value}',
        'tags',
        'Map keys must satisfy constraint: [Member must have length less than or equal to 3, Member must have length greater than or equal to 1]',
      ),
      failed(
        '{long=value}',
        'tags',
        'Map value must satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 0]',
      ),
    ],
  ],
  [
    { Records: [{ Key: 'k' }, { Key: '' }] },
    [failed('', 'records.2.member.key', 'Member must have length greater than or equal to 1')],
  ],
  [{ Filter: { Type: 'B' } }, [failed('B', 'filter.type', 'Member must satisfy enum value set: [A]')]],
  [
    { Limit: 0, Type: 'C' },
    [
      failed('0', 'limit', 'Member must have value greater than or equal to 1'),
      failed('C', 'type', 'Member must satisfy enum value set: [A, B]'),
    ],
  ],
])('%j is refused in AWS words', (input, found) => {
  const many = found.length > 1 ? 'errors' : 'error';
  expect(() => validate(input, CONSTRAINTS)).toThrow(
    expect.objectContaining({
      code: 'ValidationException',
      message: `${found.length} validation ${many} detected: ${found.join('; ')}`,
    }),
  );
});

it('tells no more than ten', () => {
  const Records = Array.from({ length: 11 }, () => ({ Key: '' }));
  expect(() => validate({ Records }, CONSTRAINTS)).toThrow(/^10 validation errors detected: ([^;]+; ){9}[^;]+$/);
});

it('lets pass what breaks nothing, and what is not there', () => {
  validate({ StreamName: 'a', Limit: 10, Keys: ['a'], Tags: { k: '' }, Records: [{}], Filter: undefined }, CONSTRAINTS);
});

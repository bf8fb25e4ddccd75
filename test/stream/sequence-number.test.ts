import { describe, expect, it } from 'vitest';
import { parseSequenceNumber, SequenceNumbers, shardIdOf, shardIndexOf } from '../../src/lib/stream/sequence-number.js';

// From the example event in AWS's Lambda documentation: shardId-000000000006, approximateArrivalTimestamp 1545084650.987.
// https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
const FROM_AWS = '49590338271490256608559692538361571095921575989136588898';

describe('sequence numbers', () => {
  it('read one that AWS gave', () => {
    expect(parseSequenceNumber(FROM_AWS)).toEqual({
      shardCreatedSec: Date.parse('2018-11-21T04:57:38Z') / 1000,
      shardIndex: 6,
      ordinal: 1734642199,
      behind: false,
      arrivedSec: 1545084650,
    });
  });

  it('write the same number from its parts', () => {
    const parts = parseSequenceNumber(FROM_AWS);
    const numbers = new SequenceNumbers(parts?.shardIndex ?? 0, parts?.shardCreatedSec ?? 0);
    expect(numbers.at(parts?.ordinal ?? 0, parts?.arrivedSec ?? 0)).toBe(FROM_AWS);
  });

  it('have 56 digits and grow along a shard, whatever the second', () => {
    const numbers = new SequenceNumbers(3, 1_760_000_000);
    const written = [
      numbers.starting(),
      numbers.at(1, 1_760_000_000),
      numbers.behind(1, 1_760_000_500),
      numbers.at(2, 1_760_000_000),
      numbers.at(3, 1_760_000_009),
      numbers.at(4, 1_760_000_002),
      numbers.behind(1e12, 1_760_000_002),
      numbers.ending(1_760_000_010),
    ].map(BigInt);
    for (const [index, number] of written.entries()) {
      expect(String(number)).toHaveLength(56);
      if (index > 0) expect(number > (written[index - 1] ?? 0n)).toBe(true);
    }
  });

  it('are the same in any order of asking', () => {
    const sec = 1_760_000_000;
    const inOrder = new SequenceNumbers(5, sec);
    for (let ordinal = 1; ordinal <= 30_000; ordinal++) {
      const arrivedSec = sec + Math.floor(ordinal / 9000);
      const parts = parseSequenceNumber(inOrder.at(ordinal, arrivedSec));
      if (parts?.ordinal !== ordinal || parts.arrivedSec !== arrivedSec)
        expect(parts).toMatchObject({ ordinal, arrivedSec });
    }
    const anyOrder = new SequenceNumbers(5, sec);
    for (const ordinal of [20_000, 3, 4, 4, 5, 20_001, 1, 8_271, 8_272]) {
      const fresh = new SequenceNumbers(5, sec).at(ordinal, sec);
      expect(anyOrder.at(ordinal, sec)).toBe(fresh);
    }
  });

  it('of a child are greater than all of its parent', () => {
    const parent = new SequenceNumbers(0, 1_760_000_000);
    const child = new SequenceNumbers(1, 1_760_000_001);
    expect(BigInt(child.starting()) > BigInt(parent.ending(1_999_999_999))).toBe(true);
  });

  it('tell where they stand', () => {
    const numbers = new SequenceNumbers(18, 1_760_000_000);
    expect(parseSequenceNumber(numbers.at(77, 1_760_000_123))).toEqual({
      shardCreatedSec: 1_760_000_000,
      shardIndex: 18,
      ordinal: 77,
      behind: false,
      arrivedSec: 1_760_000_123,
    });
    expect(parseSequenceNumber(numbers.behind(77, 1_760_000_123))).toMatchObject({ ordinal: 77, behind: true });
    expect(parseSequenceNumber(numbers.ending(1_760_000_123))).toMatchObject({ ordinal: Number.POSITIVE_INFINITY });
  });

  it.each(['', '0', '12', `${FROM_AWS}0`, FROM_AWS.replace('4', '9'), `${FROM_AWS.slice(0, -1)}7`, 'x'.repeat(56)])(
    'are not %j',
    (text) => {
      expect(parseSequenceNumber(text)).toBeUndefined();
    },
  );
});

describe('shard ids', () => {
  it('go there and back', () => {
    expect(shardIdOf(7)).toBe('shardId-000000000007');
    expect(shardIndexOf('shardId-000000000007')).toBe(7);
    expect(shardIndexOf('shardId-7')).toBeUndefined();
    expect(shardIndexOf('nonsense')).toBeUndefined();
  });
});

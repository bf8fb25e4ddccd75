import { describe, expect, it } from 'vitest';
import { inputFormOf } from '../../src/lib/produce/data/input-form.js';
import { numberAsWritten } from '../../src/lib/produce/data/number-as-written.js';
import { keyFromField } from '../../src/lib/produce/partition-keys.js';

describe('an input', () => {
  const pretty = JSON.stringify([{ a: 1 }, { a: 2 }], null, 2);
  it.each<[string, Buffer, string | undefined]>([
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), undefined],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), 'zstd -dc FILE'],
    ['bzip2', Buffer.from('BZh9'), 'bzip2 -dc FILE'],
    ['UTF-16 with a mark', Buffer.from('\ufeff{"a":1}', 'utf16le'), 'iconv -f UTF-16 -t UTF-8 FILE'],
    ['UTF-16 without', Buffer.from('{"a":1}\n', 'utf16le'), 'iconv -f UTF-16LE -t UTF-8 FILE'],
    ['UTF-16 the other way', Buffer.from('{"a":1}\n', 'utf16le').swap16(), 'iconv -f UTF-16BE -t UTF-8 FILE'],
    ['an array over lines', Buffer.from(pretty), "jq -c '.[]' FILE"],
    ['an array, each item on a line', Buffer.from('\ufeff[{"a":1},\n{"a":2}]\n'), "jq -c '.[]' FILE"],
    ['an object over lines', Buffer.from('\n{\n  "a": 1\n}\n'), 'jq -c . FILE'],
  ])('of %s is recognized', (_name, head, command) => {
    const form = inputFormOf(head, true);
    expect(form.kind).toBe(command === undefined ? 'gzip' : 'other');
    if (form.kind === 'other') expect(form.command).toBe(command);
  });
  it.each([
    '{"a":1}\n{"a":2}\n',
    '[1,2]\n[3,4]\n',
    '[]\n[\n',
    'broken\n{"a":2}\n',
    '{"a":1}',
    '',
    'x',
    '{"a":"b\n{"a":1}\n',
    '{broken}\n{}',
  ])('that is %j is lines', (text) => expect(inputFormOf(Buffer.from(text), true)).toEqual({ kind: 'lines' }));
  it('of text may begin as it likes', () => expect(inputFormOf(Buffer.from(pretty), false)).toEqual({ kind: 'lines' }));
});

describe('the digits of a number', () => {
  it.each([
    ['{"id":9007199254740993}', 'id', '9007199254740993'],
    ['{"id":12345678901234567890}', 'id', '12345678901234567890'],
    ['{ "id" : 1.10 }', 'id', '1.10'],
    ['{"id":-0}', 'id', '-0'],
    ['{"id":1e3}', 'id', '1e3'],
    ['{"a":{"id":1},"id":{"id":2.50}}', 'id.id', '2.50'],
    ['{"a":[{"id":1},{"id":7.0}]}', 'a.1.id', '7.0'],
    ['{"x":"}\\"{","y":[1,[2,{"id":3}],"]"],"id":4.00}', 'id', '4.00'],
    ['{"id":1.0,"id":2.0}', 'id', '2.0'],
    ['{"\\u0069d":5.0}', 'id', '5.0'],
    ['[{"id":1.0}]', '0.id', '1.0'],
    ['{"e":{},"f":[],"g":null,"id":8.0}', 'id', '8.0'],
  ])('%s', (text, path, digits) => {
    expect(numberAsWritten(text, path.split('.'))).toBe(digits);
    expect(keyFromField(JSON.parse(text), path.split('.'), text)).toBe(digits);
  });
  it('of numbers that JavaScript takes for one make two keys', () => {
    const keys = ['9007199254740992', '9007199254740993'].map((id) => {
      const text = `{"id":${id}}`;
      return keyFromField(JSON.parse(text), ['id'], text);
    });
    expect(new Set(keys).size).toBe(2);
  });
  it('too long for a key are refused', () => {
    const text = `{"id":1${'0'.repeat(300)}}`;
    expect(() => keyFromField(JSON.parse(text), ['id'], text)).toThrow('longer than the 256 characters');
  });
});

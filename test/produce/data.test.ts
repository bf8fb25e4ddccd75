import { describe, expect, it } from 'vitest';
import { generatedSource } from '../../src/lib/produce/data/generated-source.js';
import { IsoTime } from '../../src/lib/produce/data/iso-time.js';
import { padBytes, padText } from '../../src/lib/produce/data/padding.js';
import { Random } from '../../src/lib/produce/data/random.js';
import { SCHEMA_NAMES } from '../../src/lib/produce/data/schema-names.js';
import { SCHEMAS } from '../../src/lib/produce/data/schemas.js';
import { parseTemplate } from '../../src/lib/produce/data/template.js';
import { timeFromField } from '../../src/lib/produce/data/time-field.js';
import { type KeyPlan, keyFromField, parseKeyPlan } from '../../src/lib/produce/partition-keys.js';
import { emptyDraft } from '../../src/lib/produce/record-source.js';
import { UsageError } from '../../src/lib/shared/errors.js';
import { isJsonText } from '../../src/lib/shared/is-json-text.js';

interface Made {
  n: number;
  key: string;
  text: string;
}

function make(
  name: string,
  count: number,
  options: { seed?: number; keys?: KeyPlan; sizeBytes?: number; worker?: number; workers?: number } = {},
): Made[] {
  const schema = SCHEMAS.get(name);
  if (!schema) throw new Error(name);
  const source = generatedSource({
    prepare: schema.prepare,
    seed: options.seed ?? 7,
    keys: options.keys ?? { kind: 'random' },
    sizeBytes: options.sizeBytes,
    timeOf: (n) => Date.UTC(2026, 0, 1) + n,
    worker: options.worker ?? 0,
    workers: options.workers ?? 1,
  });
  const draft = emptyDraft();
  return Array.from({ length: count }, () => {
    source.next(draft, 0);
    return { n: draft.n, key: draft.partitionKey, text: draft.bytes.toString('utf8', draft.start, draft.end) };
  });
}

describe.each([...SCHEMA_NAMES])('%s', (name) => {
  const records = make(name, 2000);

  it('is JSON, and every record its own', () => {
    for (const { text } of records) expect(() => JSON.parse(text)).not.toThrow();
    expect(new Set(records.map(({ text }) => text)).size).toBeGreaterThan(1990);
  });

  it('is the same, byte for byte, with the same seed, and another with another', () => {
    expect(make(name, 50)).toEqual(records.slice(0, 50));
    expect(make(name, 50, { seed: 8 })).not.toEqual(records.slice(0, 50));
  });

  it('is the same whichever of three workers makes it', () => {
    const shared = [0, 1, 2].flatMap((worker) => make(name, 100, { worker, workers: 3 })).sort((a, b) => a.n - b.n);
    expect(shared).toEqual(records.slice(0, 300));
  });
});

it('transactions have what the story asks for', () => {
  for (const { text } of make('transaction', 3000)) {
    const record = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(record)).toEqual([
      'transactionId',
      'name',
      'age',
      'address',
      'city',
      'state',
      'transaction',
      'bankId',
      'createdAt',
    ]);
    expect(record.transactionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(record.transaction).toBeGreaterThanOrEqual(1000);
    expect(record.transaction).toBeLessThanOrEqual(10_000);
    expect(new Date(record.createdAt as string).toISOString()).toBe(record.createdAt);
  }
  expect(new Set(make('transaction', 3000).map(({ text }) => JSON.parse(text).bankId)).size).toBe(10);
});

describe('keys', () => {
  it('come from a field', () => {
    for (const { key, text } of make('transaction', 20, { keys: { kind: 'field', path: ['city'] } }))
      expect(key).toBe(JSON.parse(text).city);
  });

  it('are skewed by zipf: the first of 10,000 takes about its share', () => {
    const counts = new Map<string, number>();
    for (const { key } of make('xy', 50_000, { keys: parseKeyPlan('zipf:1.2') }))
      counts.set(key, (counts.get(key) ?? 0) + 1);
    const weights = Array.from({ length: 10_000 }, (_, rank) => (rank + 1) ** -1.2);
    const expected = 50_000 / weights.reduce((sum, weight) => sum + weight, 0);
    expect(counts.get('key-1')).toBeGreaterThan(expected * 0.9);
    expect(counts.get('key-1')).toBeLessThan(expected * 1.1);
    expect(counts.get('key-2')).toBeLessThan(counts.get('key-1') ?? 0);
  });

  it.each<[unknown, string[], RegExp]>([
    [{ a: 1 }, ['b'], /no b to take/],
    [{ a: '' }, ['a'], /empty/],
    [{ a: 'x'.repeat(257) }, ['a'], /longer than the 256/],
    [{}, ['constructor'], /no constructor/],
    ['text', ['length'], /no length/],
  ])('of %j by %j is refused', (record, path, message) => {
    expect(() => keyFromField(record, path, JSON.stringify(record))).toThrow(message);
  });
});

describe('padding', () => {
  it.each([250, 251, 300, 1024, 70_000])('to %i bytes keeps JSON whole', (size) => {
    for (const { text } of make('xy', 5, { sizeBytes: size })) {
      expect(Buffer.byteLength(text)).toBe(size);
      expect(JSON.parse(text)).toHaveProperty('event_x');
    }
  });
  it('counts bytes, not characters', () => expect(Buffer.byteLength(padText('{"city":"Zürich"}', 100))).toBe(100));
  it('fills what is too short for a member with spaces', () => expect(padText('{"a":1}', 10)).toBe('{"a":1}   '));
  it.each(['{ }', '{}', '[{}]', '"}"', ' { } '])('of %s leaves JSON', (text) => {
    for (const padded of [padText(text, 60), padBytes(Buffer.from(text), 60, true).toString()]) {
      expect(padded).toHaveLength(60);
      expect(JSON.parse(padded)).toEqual(JSON.parse(text));
    }
  });
  it('is the same for bytes as for text', () => {
    const text = '{"city":"Zürich"}';
    for (const size of [10, 20, 40, 100])
      expect(padBytes(Buffer.from(text), size, true).toString()).toBe(padText(text, size));
  });
  it('leaves a longer record alone', () => expect(padText('{"a":1}', 3)).toBe('{"a":1}'));
});

describe('templates', () => {
  const run = (text: string, name = 'order.json', n = 3): string => {
    const random = new Random(1);
    const record = parseTemplate(text, name)(random);
    random.startRecord(n);
    return record(random, { n, epochMs: 1_700_000_000_123 });
  };

  it('keeps the type of a text that is one expression', () => {
    expect(
      JSON.parse(run('{"n":"{{n}}","at":"{{now}}","ms":"{{now.ms}}","label":"no {{n}}","fixed":[1,null,true]}')),
    ).toEqual({
      n: 3,
      at: '2023-11-14T22:13:20.123Z',
      ms: 1_700_000_000_123,
      label: 'no 3',
      fixed: [1, null, true],
    });
  });

  it('calls faker, with arguments in JSON', () => {
    const record = JSON.parse(
      run(
        '{"name":"{{person.firstName}}","age":"{{number.int({\\"min\\": 18, \\"max\\": 20})}}","kind":"{{helpers.arrayElement([\\"a\\", \\"b\\"])}}"}',
      ),
    );
    expect(record.name).toMatch(/^[A-Z]/);
    expect(record.age).toBeGreaterThanOrEqual(18);
    expect(record.age).toBeLessThanOrEqual(20);
    expect(['a', 'b']).toContain(record.kind);
  });

  it('fills in the names of members, and keeps integers whole', () =>
    expect(run('{"user-{{n}}":12345678901234567890,"n":"{{n}}","list":[0x10,1.5]}')).toBe(
      '{"user-3":12345678901234567890,"n":3,"list":[16,1.5]}',
    ));
  it('reads YAML', () => expect(JSON.parse(run('id: "{{n}}"\nname: x\n', 'order.yaml'))).toEqual({ id: 3, name: 'x' }));
  it('takes lines of text', () => expect(run('GET /{{n}} 200\n', 'line.txt')).toBe('GET /3 200'));
  it('is repeatable', () => expect(run('{"a":"{{person.fullName}}"}')).toBe(run('{"a":"{{person.fullName}}"}')));

  it.each<[string, RegExp]>([
    ['{"a":"{{person.firstNam}}"}', /names no method of faker/],
    ['{"a":"{{persn.firstName}}"}', /names no part of faker/],
    ['{"a":"{{process.exit}}"}', /names no part of faker/],
    ['{"a":"{{person.constructor}}"}', /names no method of faker/],
    ['{"a":"{{helpers.fake(\\"x\\")}}"}', /names no method of faker/],
    ['{"a":"{{number.int(1, x)}}"}', /arguments that are not JSON/],
    ['{"a":"{{number.int({\\"min\\":5,\\"max\\":1})}}"}', /does not work/],
    ['{"a":"{{1+1}}"}', /is no expression/],
    ['{"a":"{{n}}","b":"{{person.firstName}"}', /begins and does not end: \{\{person\.firstName\}$/],
    ['{"a":{{n}}}', /\{\{n\}\} stands outside quotes/],
    ['{"a":[{{person.firstName}}]}', /\{\{person\.firstName\}\} stands outside quotes/],
    ['{"a":"{{helpers.arrayElement(1)}}"}', /gives nothing/],
    ['{"a":"{{lorem.paragraphs(100000000)}}"}', /asks for more than 100,000/],
    ['{"a":"{{lorem.words({\\"min\\":1,\\"max\\":100000000})}}"}', /asks for more than 100,000/],
    ['{"a":"{{lorem.slug({\\"length\\":5})}}"}', /neither a number nor/],
    ['{"a":"{{word.words({\\"count\\":100000000})}}"}', /asks for more than 100,000/],
    ['{"a":"{{string.alpha(1000000000)}}"}', /asks for more than 10,485,760/],
    ['{"a":"{{string.numeric({\\"length\\":1000000000})}}"}', /asks for more than 10,485,760/],
    ['{"a":"{{string.fromCharacters(\\"ab\\",1000000000)}}"}', /asks for more than 10,485,760/],
    ['{"a":"{{string.sample(\\"a\\")}}"}', /neither a number nor/],
    ['{"a":"{{string.nanoid({\\"length\\":5})}}"}', /neither a number nor/],
    ['{"a":"{{internet.password({\\"length\\":1000000000})}}"}', /asks for more than 100,000/],
    ['{"a":"{{finance.pin(1000000000)}}"}', /asks for more than 10,485,760/],
    ['{"a":"{{date.betweens({\\"from\\":0,\\"to\\":9,\\"count\\":1000000000})}}"}', /asks for more than 100,000/],
    ['{"a":"{{helpers.fromRegExp(\\"[a-z]{1,1000000000}\\")}}"}', /asks for more than 100,000/],
    ['{"a":"{{system.fileName({\\"extensionCount\\":1000000000})}}"}', /asks for more than 100,000/],
    ['{"a":"{{string.alpha(6000000)}}","b":"{{string.alpha(6000000)}}"}', /records of more than 10 MiB/],
    ['{"a":1}', /no expression/],
    ['{"a":', /order\.json/],
  ])('%s is refused', (text, message) => {
    expect(() => run(text)).toThrow(UsageError);
    expect(() => run(text)).toThrow(message);
  });
});

describe('isJsonText agrees with JSON.parse', () => {
  const valid = [
    '{}',
    '[]',
    ' {"a":[1,-2.5e+10,true,false,null,"\\u00e9\\n\\""],"b":{"c":{}}} ',
    '"x"',
    '0',
    '-0.1',
    '12E5',
    '[[[[]]]]',
    '{"ü":"€"}',
  ];
  const invalid = [
    '',
    ' ',
    '{',
    '}',
    '{a:1}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '01',
    '1.',
    '.5',
    '-',
    '+1',
    'tru',
    'truex',
    '"a',
    '"\\x"',
    '"\\u12g4"',
    '"\t"',
    '{}{}',
    '[1 2]',
    'NaN',
    "{'a':1}",
    '1e',
    '[}',
    '{]',
  ];
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const check = (text: string): boolean => {
    const bytes = Buffer.from(`##${text}##`);
    return isJsonText(bytes, 2, bytes.length - 2);
  };
  it.each(valid)('%s', (text) => expect([parses(text), check(text)]).toEqual([true, true]));
  it.each(invalid)('not %j', (text) => expect([parses(text), check(text)]).toEqual([false, false]));

  it('on every ASCII character at every place of a word, between characters of every kind', () => {
    for (const around of ['x', '!', '#', '[', ']', ' ', '\x7f', 'é', '€'])
      for (let code = 0; code < 128; code++)
        for (let place = 0; place < 9; place++) {
          const text = `["${around.repeat(place)}${String.fromCharCode(code)}${around.repeat(9 - place)}"]`;
          expect([text, check(text)]).toEqual([text, parses(text)]);
        }
  });

  it('on thousands of damaged records', () => {
    const random = new Random(5);
    const alphabet = '{}[]",:\\ \t09-+.eEtrufalsn\u00fc';
    const base = valid[2] ?? '';
    for (let round = 0; round < 20_000; round++) {
      random.startRecord(round);
      const at = random.below(base.length);
      const text = base.slice(0, at) + alphabet[random.below(alphabet.length)] + base.slice(at + random.below(2));
      expect([text, check(text)]).toEqual([text, parses(text)]);
    }
  });
});

describe('times', () => {
  it('are written as Date writes them', () => {
    const time = new IsoTime();
    for (const ms of [0, 1, 999, 1000, 1_700_000_000_123, 1_700_000_000_124, 1_699_999_999_999.7])
      expect(time.write(ms)).toBe(new Date(Math.floor(ms)).toISOString());
  });
  it.each<[unknown, number]>([
    ['2026-11-20T10:00:00Z', Date.UTC(2026, 10, 20, 10)],
    [1_700_000_000, 1_700_000_000_000],
    [1_700_000_000.5, 1_700_000_000_500],
    [1_700_000_000_123, 1_700_000_000_123],
    ['1700000000', 1_700_000_000_000],
    [1_700_000_000_123_000, 1_700_000_000_123],
    ['1700000000123000000', 1_700_000_000_123],
  ])('%j is read', (value, ms) => expect(timeFromField({ at: value }, ['at'])).toBeCloseTo(ms, 3));
  it.each([[{}], [{ at: 'soon' }], [{ at: null }], [{ at: {} }]])('%j is refused', (record) =>
    expect(() => timeFromField(record, ['at'])).toThrow(),
  );
});

import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compileAvro } from '../../src/lib/decode/avro.js';
import { decodeRecord } from '../../src/lib/decode/decode-record.js';

const ID = '7b1c9f0e-52ad-4c3b-9a54-0f4bd1a2c3d4';
const glue = (payload: Uint8Array, compression = 0): Buffer =>
  Buffer.concat([Buffer.from([3, compression]), Buffer.from(ID.replaceAll('-', ''), 'hex'), payload]);
const confluent = (id: number, payload: Uint8Array): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, payload]);
};
const ORDER = JSON.stringify({
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'city', type: ['null', 'string'] },
  ],
});
/** 9007199254740993 and "Zürich", written byte by byte after the specification. */
const order = Buffer.concat([Buffer.from('8280808080808020', 'hex'), Buffer.from([2, 14]), Buffer.from('Zürich')]);
const orderText = '{"id":9007199254740993,"city":"Zürich"}';
const schemas = new Map([
  [ID, compileAvro(ORDER)],
  ['7', compileAvro(ORDER)],
]);

describe('the header of the Glue Schema Registry', () => {
  const schema = { registry: 'glue', id: ID };

  it.each([
    [0, Buffer.from('{"id":7}')],
    [5, deflateSync('{"id":7}')],
  ])('before JSON, compression %i', (compression, payload) => {
    expect(decodeRecord(glue(payload, compression)).items).toEqual([
      { layers: ['glue', 'json'], value: { id: 7 }, text: '{"id":7}', schema },
    ]);
  });

  it('names the schema of what is not JSON, and reads Avro where the schema is given', () => {
    expect(decodeRecord(glue(order)).items).toEqual([
      { layers: ['glue', 'hex'], value: order.toString('hex'), text: order.toString('hex'), schema },
    ]);
    expect(decodeRecord(glue(deflateSync(order), 5), { schemas }).items).toEqual([
      { layers: ['glue', 'avro', 'json'], value: JSON.parse(orderText), text: orderText, schema },
    ]);
  });

  it('marks what is not of its schema, and zlib that is broken', () => {
    expect(decodeRecord(glue(order.subarray(0, -1)), { schemas }).items).toMatchObject([
      { layers: ['glue', 'hex'], problem: `not of the schema ${ID}: it is cut short`, schema },
    ]);
    expect(decodeRecord(glue(deflateSync(order).subarray(0, -6), 5)).items).toMatchObject([
      { layers: ['glue', 'hex'], problem: expect.stringMatching(/^zlib data, but/), schema },
    ]);
  });

  it.each([
    ['version', 8, 0x1c],
    ['variant', 10, 0x1a],
  ])('is not seen in bytes whose id has no UUID %s of today', (_, at, byte) => {
    const bytes = glue(order);
    bytes[at] = byte;
    expect(decodeRecord(bytes).items).toMatchObject([{ layers: ['hex'] }]);
  });

  it('is found inside other layers', () => {
    expect(decodeRecord(gzipSync(glue(order)), { schemas }).items).toMatchObject([
      { layers: ['gzip', 'glue', 'avro', 'json'], text: orderText },
    ]);
  });
});

describe("Confluent's header", () => {
  const schema = { registry: 'confluent', id: '7' };

  it('before JSON, and before Avro whose schema is given', () => {
    expect(decodeRecord(confluent(7, Buffer.from('[1]'))).items).toEqual([
      { layers: ['confluent', 'json'], value: [1], text: '[1]', schema },
    ]);
    expect(decodeRecord(confluent(7, order), { schemas }).items).toMatchObject([
      { layers: ['confluent', 'avro', 'json'], text: orderText, schema },
    ]);
  });

  it('names a likely schema of what is not known, and hides no byte', () => {
    const bytes = confluent(8, order);
    const digits = bytes.toString('hex');
    expect(decodeRecord(bytes).items).toEqual([
      { layers: ['hex'], value: digits, text: digits, schema: { registry: 'confluent', id: '8' } },
    ]);
  });

  it.each([
    ['a number too large to be likely', confluent(0x10000, order)],
    ['a frame of gRPC', confluent(order.length, order)],
    ['zero', confluent(0, order)],
  ])('is not seen in %s', (_, bytes) => {
    expect(decodeRecord(bytes).items[0]).not.toHaveProperty('schema');
  });
});

describe('Avro', () => {
  const read = (schema: unknown, hex: string): string =>
    compileAvro(JSON.stringify(schema))(Buffer.from(hex, 'hex'), 1e6);

  it.each<[string, unknown, string, string]>([
    ['null', 'null', '', 'null'],
    ['false', 'boolean', '00', 'false'],
    ['true', 'boolean', '01', 'true'],
    ['0', 'int', '00', '0'],
    ['-1', 'int', '01', '-1'],
    ['-64', 'int', '7f', '-64'],
    ['64', 'int', '8001', '64'],
    ['the largest long', 'long', 'feffffffffffffffff01', '9223372036854775807'],
    ['the smallest long', 'long', 'ffffffffffffffffff01', '-9223372036854775808'],
    ['a float', 'float', 'cdcccc3d', '0.1'],
    ['a double', 'double', '000000000000f83f', '1.5'],
    ['a string', 'string', '06666f6f', '"foo"'],
    ['bytes', 'bytes', '0400ff', '"\\u0000ÿ"'],
    ['an enum', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, '02', '"B"'],
    ['a fixed', { type: 'fixed', name: 'F', size: 2 }, '6162', '"ab"'],
    ['an array in two blocks', { type: 'array', items: 'int' }, '040204020600', '[1,2,3]'],
    ['an array whose block says its size', { type: 'array', items: 'int' }, '0304020400', '[1,2]'],
    ['a map', { type: 'map', values: 'int' }, '0202610200', '{"a":1}'],
    ['a logical type', { type: 'long', logicalType: 'timestamp-millis' }, '02', '1'],
  ])('%s', (_, schema, hex, text) => {
    expect(read(schema, hex)).toBe(text);
  });

  it('names within a namespace, and a type that holds itself', () => {
    const list = {
      type: 'record',
      name: 'List',
      namespace: 'a.b',
      fields: [
        { name: 'n', type: 'int' },
        { name: 'next', type: ['null', 'List'] },
      ],
    };
    expect(read(list, '0202' + '0400')).toBe('{"n":1,"next":{"n":2,"next":null}}');
    expect(read({ type: 'array', items: list }, '020200' + '00')).toBe('[{"n":1,"next":null}]');
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a string that is cut short', 'string', '0866', /cut short/],
    ['a negative length', 'string', '0366', /cut short/],
    ['bytes left over', 'int', '0200', /left over/],
    ['a choice that is not there', ['null'], '02', /chooses/],
    ['a number without end', 'long', 'ff'.repeat(11), /too long/],
    ['a block of a million nulls', { type: 'array', items: 'null' }, 'feffffff0f00', /more than is allowed/],
    ['a record of itself', { type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] }, '', /too deep/],
  ])('refuses %s', (_, schema, hex, why) => {
    expect(() => read(schema, hex)).toThrow(why);
  });

  it.each([
    ['{', 'it is not JSON'],
    ['"Order"', 'it names the type Order, which it does not define'],
    ['{"type":"record","name":"R"}', 'a record has no fields'],
    ['{"type":"fixed","name":"F"}', 'a fixed type has no size'],
    ['7', 'a type of it is neither a name nor an object'],
  ])('refuses the schema %s', (text, why) => {
    expect(() => compileAvro(text)).toThrow(why);
  });
});

describe('several values of JSON without a line feed between them', () => {
  it.each([
    ['{"a":1}{"a":2}', ['{"a":1}', '{"a":2}']],
    ['[1] [2]\t{"b":"}{\\"["}', ['[1]', '[2]', '{"b":"}{\\"["}']],
    ['{\n "a": 1\n}\n{\n "a": 2\n}', ['{\n "a": 1\n}', '{\n "a": 2\n}']],
  ])('%j', (text, texts) => {
    const { items } = decodeRecord(Buffer.from(text));
    expect(items.map((item) => item.text)).toEqual(texts);
    for (const { layers } of items) expect(layers).toEqual(['concatenated', 'json']);
  });

  it.each(['{"a":1}{"a":', '{"a":1}x', '{"a":1}}{', '[1}{2]', '{"a":1},{"a":2}'])('%j is one text', (text) => {
    expect(decodeRecord(Buffer.from(text)).items).toMatchObject([{ layers: ['text'], text }]);
  });

  it('envelopes of CloudWatch Logs give their events', () => {
    const envelope = (message: string): string =>
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        owner: '1',
        logGroup: 'g',
        logStream: 's',
        subscriptionFilters: [],
        logEvents: [{ id: '1', timestamp: 1, message }],
      });
    const { items } = decodeRecord(gzipSync(envelope('one') + envelope('two')));
    expect(items.map(({ text, layers }) => [text, layers])).toEqual([
      ['one', ['gzip', 'concatenated', 'logs', 'text']],
      ['two', ['gzip', 'concatenated', 'logs', 'text']],
    ]);
  });

  it('more of them than a record may hold are shown as text', () => {
    expect(decodeRecord(Buffer.from('{}{}{}'), { maxItems: 2 }).items).toMatchObject([
      { layers: ['text'], problem: 'values of JSON, but the record holds more than 2 items' },
    ]);
  });
});

describe('control characters', () => {
  it.each(['a line with one\u0007 in it', 'two fields\u001fof a log line, separated'])(
    'a few of them in %j leave a text',
    (text) => {
      expect(decodeRecord(Buffer.from(text)).items).toMatchObject([{ layers: ['text'], text }]);
    },
  );

  it.each(['\n\u0005hello', '\u0000\u0001\u0002abc', 'fifteen chars\u0007!'])('too many in %j do not', (text) => {
    expect(decodeRecord(Buffer.from(text)).items).toMatchObject([{ layers: ['hex'] }]);
  });
});

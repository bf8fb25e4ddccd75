import { expect, it } from 'vitest';
import { inferSchema } from '../../src/lib/sql/input/infer-schema.js';
import { inputNameIn, nameAsWritten } from '../../src/lib/sql/input/name-as-written.js';
import { parseColumns, parseSchemaFile } from '../../src/lib/sql/input/read-schema.js';

it('infers types from all samples, and columns from objects inside', () => {
  const schema = inferSchema('S', [
    '{"id":1,"price":1,"ok":true,"who":{"city":"Rome"},"tags":[1],"none":null}',
    '{"id":2,"price":1.5,"late":"x"}',
  ]);
  expect(schema).toEqual({
    name: 'S',
    format: 'JSON',
    columns: [
      { name: 'id', type: 'BIGINT', mapping: '$.id' },
      { name: 'price', type: 'DOUBLE', mapping: '$.price' },
      { name: 'ok', type: 'BOOLEAN', mapping: '$.ok' },
      { name: 'who_city', type: 'VARCHAR', mapping: '$.who.city' },
      { name: 'tags', type: 'VARCHAR', mapping: '$.tags' },
      { name: 'none', type: 'VARCHAR', mapping: '$.none' },
      { name: 'late', type: 'VARCHAR', mapping: '$.late' },
    ],
  });
});

it('takes text that is not JSON for CSV', () => {
  expect(inferSchema('S', ['1,a,2.5\n3,b,4.5\n'])).toEqual({
    name: 'S',
    format: 'CSV',
    columns: [
      { name: 'COL0', type: 'BIGINT' },
      { name: 'COL1', type: 'VARCHAR' },
      { name: 'COL2', type: 'DOUBLE' },
    ],
  });
  expect(() => inferSchema('S', ['{}'])).toThrow('no fields');
});

it.each([
  ['SELECT price FROM x', 'PRICE'],
  ['SELECT "price" FROM x', 'price'],
  ['SELECT "price", PRICE FROM x', 'price'],
  ['SELECT * FROM x', 'price'],
])('names a column as %s does', (sql, name) => {
  const columns = [{ name: 'price', type: 'DOUBLE', mapping: '$.price' }];
  expect(nameAsWritten(sql, columns)).toEqual([{ name, type: 'DOUBLE', mapping: '$.price' }]);
});

it('does not merge two fields that differ in case', () => {
  const columns = ['price', 'PRICE'].map((name) => ({ name, type: 'DOUBLE' }));
  expect(nameAsWritten('SELECT price FROM x', columns)).toEqual(columns);
});

it.each([
  ['SELECT * FROM "SOURCE_SQL_STREAM_001"', 'SOURCE_SQL_STREAM_001'],
  ['SELECT * FROM source_sql_stream_001', 'SOURCE_SQL_STREAM_001'],
  ['SELECT * FROM orders', 'ORDERS'],
  ['SELECT * FROM "orders"', 'orders'],
])('finds the name of the input in %s', (sql, name) => expect(inputNameIn(sql, 'orders')).toBe(name));

it('reads columns as people write them', () => {
  expect(parseColumns('id VARCHAR(16), "a b" DECIMAL(10,2)')).toEqual([
    { name: 'id', type: 'VARCHAR(16)', mapping: '$.id' },
    { name: 'a b', type: 'DECIMAL(10, 2)', mapping: '$.a b' },
  ]);
  expect(() => parseColumns('id')).toThrow('expected a type');
  expect(() => parseColumns('id MONEY')).toThrow('type MONEY is not supported');
});

it("reads AWS's schema, and pipectl's own", () => {
  const aws = {
    InputSchema: {
      RecordFormat: {
        RecordFormatType: 'CSV',
        MappingParameters: { CSVMappingParameters: { RecordRowDelimiter: '\n', RecordColumnDelimiter: '|' } },
      },
      RecordColumns: [{ Name: 'a', SqlType: 'INTEGER' }],
    },
  };
  expect(parseSchemaFile('S', JSON.stringify(aws), 'f')).toEqual({
    name: 'S',
    format: 'CSV',
    columns: [{ name: 'a', type: 'INTEGER' }],
    columnDelimiter: '|',
    rowDelimiter: '\n',
  });
  const own = { columns: [{ name: 'a', type: 'INTEGER' }] };
  expect(parseSchemaFile('S', JSON.stringify(own), 'f')).toEqual({ name: 'S', ...own });
  expect(() => parseSchemaFile('S', '{}', 'f.json')).toThrow('--schema: f.json has no columns.');
});

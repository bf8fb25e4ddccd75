import { describe, expect, it } from 'vitest';
import { compileSql } from '../../src/lib/sql/compile-sql.js';
import type { InputSchema } from '../../src/lib/sql/input/input-schema.js';
import { writeCsvRow, writeJsonRow } from '../../src/lib/sql/types/write-row.js';
import { rowsOf } from './run-sql.js';

function read(schema: Omit<InputSchema, 'name'>, data: string): string[] {
  const application = compileSql('SELECT STREAM * FROM s', { inputs: [{ name: 'S', ...schema }] });
  const batches = application.push('S', [{ data }], 0);
  const errors = batches.filter(({ stream }) => stream === 'error_stream').flatMap(({ rows }) => rows);
  return [...rowsOf(application, batches), ...errors.map(({ values }) => `error: ${String(values[3])}`)];
}

/** One value through one column. */
function coerce(type: string, json: string): string {
  return read({ columns: [{ name: 'v', type }] }, `{"v":${json}}`).join();
}

describe('JSON values as columns, as DG "Mapping JSON Data Types to SQL Data Types" says', () => {
  const cases: [type: string, json: string, value: string][] = [
    ['INTEGER', 'null', 'null'],
    ['INTEGER', 'true', '1'],
    ['BINARY(2)', 'true', '0001'],
    ['VARBINARY(4)', 'false', '00'],
    ['BOOLEAN', 'true', 'TRUE'],
    ['VARCHAR(3)', 'true', 'tru'],
    ['TIMESTAMP', 'true', 'error: Cannot convert true to TIMESTAMP.'],
    ['INTEGER', '67321', '67321'],
    ['INTEGER', '123.4', "error: Cannot convert '123.4' to INTEGER."],
    ['TINYINT', '128', 'error: Value out of range for TINYINT.'],
    ['DECIMAL(5,2)', '123.45', '123.45'],
    ['DECIMAL(5,2)', '1.234', "error: Cannot convert '1.234' to DECIMAL(5, 2)."],
    ['BIGINT', '9223372036854775807', '9223372036854775807'],
    ['DECIMAL(19,4)', '123456789012345.6789', '123456789012345.6789'],
    ['VARCHAR(30)', '9223372036854775807', '9223372036854775807'],
    ['BIGINT', '9223372036854775808', 'error: Value out of range for BIGINT.'],
    ['BOOLEAN', '0', 'FALSE'],
    ['BOOLEAN', '-3', 'TRUE'],
    ['VARCHAR(8)', '12.5', '12.5'],
    ['DATE', '5', 'error: Cannot convert 5 to DATE.'],
    ['INTEGER', '"42"', '42'],
    ['INTEGER', '"x"', "error: Cannot convert 'x' to INTEGER."],
    ['VARBINARY(4)', `"X'3F67A23A'"`, '3F67A23A'],
    ['VARBINARY(4)', `"X'3F6'"`, `error: Cannot convert 'X'3F6'' to VARBINARY(4).`],
    ['BOOLEAN', '"TRUE"', 'TRUE'],
    ['BOOLEAN', '"yes"', 'FALSE'],
    ['VARCHAR(4)', '"John Doe"', 'John'],
    ['DATE', '"1992-02-14"', '1992-02-14'],
    ['TIMESTAMP', '"1992-02-14 18:35:44.0"', '1992-02-14 18:35:44.000'],
    ['TIMESTAMP', '"1992-02-30"', "error: Cannot convert '1992-02-30' to TIMESTAMP."],
    ['VARCHAR(20)', '[1,2]', '[1,2]'],
    ['INTEGER', '[1,2]', 'error: Cannot convert [1,2] to INTEGER.'],
  ];
  it.each(cases)('%s from %s is %s', (type, json, value) => expect(coerce(type, json)).toBe(value));
});

describe('paths', () => {
  const orders = JSON.stringify({
    customerName: 'John Doe',
    address: { city: 'Anytown' },
    orders: [{ orderId: '23284' }, { orderId: '63122' }, { orderId: '77284' }],
  });

  it('takes nested members, and null where there is nothing', () => {
    const columns = [
      { name: 'city', type: 'VARCHAR(10)', mapping: '$.address.city' },
      { name: 'id', type: 'VARCHAR(10)', mapping: '$.customerId' },
    ];
    expect(read({ columns }, orders)).toEqual(['Anytown null']);
  });

  it('makes a row of each element of a list, with what is not in the list in each', () => {
    const columns = [
      { name: 'name', type: 'VARCHAR(10)', mapping: '$.customerName' },
      { name: 'id', type: 'BIGINT', mapping: '$.orders[0:].orderId' },
    ];
    expect(read({ columns }, orders)).toEqual(['John Doe 23284', 'John Doe 63122', 'John Doe 77284']);
  });

  it('makes one row of an empty list, and one value of a whole list', () => {
    const columns = [{ name: 'id', type: 'VARCHAR(10)', mapping: '$.orders[0:].orderId' }];
    expect(read({ columns }, '{"orders":[]}')).toEqual(['null']);
    expect(read({ columns: [{ name: 'all', type: 'VARCHAR(20)', mapping: '$.orders[0:]' }] }, orders)).toEqual([
      '[{"orderId":"23284"}',
    ]);
  });

  it('takes its rows from the row path', () => {
    const columns = [{ name: 'n', type: 'BIGINT' }];
    expect(read({ columns, rowPath: '$.rows[0:]' }, '{"rows":[{"n":9007199254740993},{"n":2}]}')).toEqual([
      '9007199254740993',
      '2',
    ]);
  });

  it('refuses two lists as rows, and paths that are none', () => {
    const lists = [
      { name: 'a', type: 'INTEGER', mapping: '$.one[0:].a' },
      { name: 'b', type: 'INTEGER', mapping: '$.two[0:].b' },
    ];
    expect(() => read({ columns: lists }, '{}')).toThrow('only one list can become rows');
    expect(() => read({ columns: [{ name: 'a', type: 'INTEGER', mapping: '$..a' }] }, '{}')).toThrow(
      '"$..a" is not a valid path',
    );
  });
});

describe('CSV', () => {
  it('takes columns in order, quotes, missing cells and other delimiters', () => {
    const columns = [
      { name: 'name', type: 'VARCHAR(16)' },
      { name: 'id', type: 'INTEGER' },
    ];
    expect(read({ format: 'CSV', columns }, 'Doe,1\n"a ""b"", c",2\r\nlast\n,\n')).toEqual([
      'Doe 1',
      'a "b", c 2',
      'last null',
      ' null',
    ]);
    expect(read({ format: 'CSV', columns, columnDelimiter: '|', rowDelimiter: ';' }, 'a|1;b|x')).toEqual([
      'a 1',
      "error: Cannot convert 'x' to INTEGER.",
    ]);
  });
});

it('keeps a record that is no JSON for the error stream', () => {
  const application = compileSql('SELECT STREAM * FROM s', {
    inputs: [{ name: 'S', columns: [{ name: 'v', type: 'INTEGER' }] }],
  });
  const [batch] = application.push('S', [{ data: new TextEncoder().encode('{"v":') }], 5);
  expect(batch).toMatchObject({
    stream: 'error_stream',
    rows: [{ values: [5, 'ERROR', 'InvalidRecord', 'The record is not JSON.', 5, '7B2276223A', 'S'] }],
  });
});

it('takes values that are no JSON, as an object of the caller may hold', () => {
  const application = compileSql('SELECT STREAM * FROM s', {
    inputs: [
      {
        name: 'S',
        columns: [
          { name: 'v', type: 'BIGINT' },
          { name: 't', type: 'DATE' },
        ],
      },
    ],
  });
  const batches = application.push(
    'S',
    [{ data: { v: 9007199254740993n } }, { data: { t: 5n } }, { data: { v: Symbol.iterator } }],
    1,
  );
  expect(rowsOf(application, batches)).toEqual(['9007199254740993 null']);
  expect(rowsOf(application, batches, 'error_stream').map((row) => row.split(' ').slice(4, 9).join(' '))).toEqual([
    'Cannot convert 5 to DATE.',
    'Cannot convert Symbol(Symbol.iterator) to BIGINT.',
  ]);
});

it('lets a query read the error stream, and does not report its errors to it again', () => {
  const inputs = [{ name: 'S', columns: [{ name: 'v', type: 'INTEGER' }] }];
  const application = compileSql(
    `SELECT STREAM pump_name, message, 1 / (CHAR_LENGTH(error_name) - 15) FROM "error_stream"`,
    { inputs },
  );
  const batches = application.push('S', [{ data: '{"v":"x"}' }, { data: 'x' }], 1);
  // The first error's name has 15 letters: its row cannot be computed, and the stream has it once.
  expect(rowsOf(application, batches)).toEqual(['S The record is not JSON. 0']);
  expect(rowsOf(application, batches, 'error_stream')).toHaveLength(2);
});

it('writes exact numbers as JSON', () => {
  const columns = [
    { name: 'a', type: { name: 'BIGINT' as const } },
    { name: 'b', type: { name: 'DECIMAL' as const, precision: 5, scale: 2 } },
    { name: 'c', type: { name: 'TIMESTAMP' as const } },
    { name: 'd', type: { name: 'DOUBLE' as const } },
  ];
  expect(writeJsonRow(columns, [9007199254740993n, -1250n, 0, null])).toBe(
    '{"a":9007199254740993,"b":-12.50,"c":"1970-01-01 00:00:00.000","d":null}',
  );
});

it('writes CSV with quotes where a value needs them', () => {
  const columns = ['a', 'b', 'c', 'd'].map((name) => ({ name, type: { name: 'VARCHAR' as const } }));
  expect(writeCsvRow(columns, ['x', 'y,z', 'say "hi"', null])).toBe('x,"y,z","say ""hi""",');
  expect(writeCsvRow(columns, ['x', 'y,z', 'w', 'v'], '|')).toBe('x|y,z|w|v');
});

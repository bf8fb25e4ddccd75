import { describe, expect, it } from 'vitest';
import { compileSql } from '../../src/lib/sql/compile-sql.js';
import { parseScript } from '../../src/lib/sql/parse/parse-script.js';
import { SqlError } from '../../src/lib/sql/sql-error.js';
import { input } from './run-sql.js';

const inputs = [input('SOURCE_SQL_STREAM_001', { ticker_symbol: 'VARCHAR(4)', PRICE: 'DOUBLE' })];

function errorOf(sql: string): string {
  try {
    compileSql(sql, { inputs });
  } catch (error) {
    if (error instanceof SqlError) return `${error.message}${error.hint ? ` | ${error.hint}` : ''}`;
    throw error;
  }
  return 'accepted';
}

describe('errors say where', () => {
  const cases: [sql: string, error: string][] = [
    [
      'SELECT STREAM\n  pric\nFROM "SOURCE_SQL_STREAM_001"',
      'SQL line 2, column 3: column "PRIC" not found. | Did you mean "PRICE"?',
    ],
    [
      'SELECT STREAM ticker_symbol FROM "SOURCE_SQL_STREAM_001"',
      'SQL line 1, column 15: column "TICKER_SYMBOL" not found. | Write it in quotes: "ticker_symbol". Names without quotes are upper case.',
    ],
    [
      'SELECT STREAM price FROM nowhere',
      'SQL line 1, column 26: stream "NOWHERE" not found. | Available: "error_stream", "SOURCE_SQL_STREAM_001".',
    ],
    [
      'SELECT STREAM price FROM SOURCE_SQL_STREAM_001 WHERE',
      'SQL line 1, column 53: expected an expression, found the end of the text.',
    ],
    [
      "SELECT STREAM price\nFROM SOURCE_SQL_STREAM_001 WHERE price > 'a",
      'SQL line 2, column 42: the text that begins here has no closing quote.',
    ],
    [
      "SELECT STREAM * FROM SOURCE_SQL_STREAM_001 WHERE price > '9'",
      'SQL line 1, column 56: cannot compare DOUBLE > VARCHAR(1). | Convert one side with CAST, for example CAST(x AS INTEGER).',
    ],
    [
      'SELECT STREAM price + "ticker_symbol" FROM SOURCE_SQL_STREAM_001',
      'SQL line 1, column 21: cannot apply + to DOUBLE and VARCHAR(4). | Convert one side with CAST.',
    ],
    [
      'SELECT STREAM * FROM SOURCE_SQL_STREAM_001 LIMIT 5',
      'SQL line 1, column 44: LIMIT is not supported on a stream.',
    ],
    [
      'SELECT STREAM SUMM(price) FROM SOURCE_SQL_STREAM_001',
      'SQL line 1, column 15: function SUMM is not supported. | Did you mean SUM?',
    ],
    [
      'SELECT STREAM * FROM TABLE(HOTSPOTS(CURSOR(SELECT STREAM * FROM SOURCE_SQL_STREAM_001), 1000, 0.2, 17))',
      'SQL line 1, column 28: table function HOTSPOTS is not supported.',
    ],
    [
      'CREATE FUNCTION f(x INTEGER) RETURNS INTEGER RETURN x',
      'SQL line 1, column 8: CREATE FUNCTION is not supported. | Use CREATE STREAM or CREATE PUMP.',
    ],
    ['CREATE STREAM s (a BLOB)', 'SQL line 1, column 20: type BLOB is not supported.'],
    ['SELECT STREAM COUNT(*) FROM SOURCE_SQL_STREAM_001', 'SQL line 1, column 15: COUNT cannot be used here.'],
    [
      'SELECT STREAM COUNT(*) FROM SOURCE_SQL_STREAM_001 GROUP BY price',
      "SQL line 1, column 60: GROUP BY on a stream needs a window over ROWTIME. | Add for example: STEP(ROWTIME BY INTERVAL '10' SECOND).",
    ],
    [
      'SELECT STREAM "ticker_symbol" FROM SOURCE_SQL_STREAM_001 GROUP BY FLOOR(ROWTIME TO MINUTE)',
      'SQL line 1, column 15: column "ticker_symbol" is not in GROUP BY.',
    ],
    [
      'CREATE STREAM d (a INTEGER); CREATE PUMP p AS INSERT INTO d SELECT STREAM price, price FROM SOURCE_SQL_STREAM_001',
      'SQL line 1, column 47: INSERT names 1 columns, and its query has 2.',
    ],
    [
      'CREATE STREAM d (a INTEGER); CREATE PUMP p AS INSERT INTO d SELECT STREAM "ticker_symbol" FROM SOURCE_SQL_STREAM_001',
      'SQL line 1, column 47: column "A" is INTEGER, and its value is VARCHAR(4).',
    ],
    [
      'CREATE STREAM a (x DOUBLE); INSERT INTO a SELECT STREAM x FROM a',
      'SQL line 1, column 29: pump "INSERT_1" reads what it writes.',
    ],
    [
      `SELECT STREAM ${'('.repeat(300)}1 FROM SOURCE_SQL_STREAM_001`,
      'SQL line 1, column 214: SQL nests at most 200 levels.',
    ],
    [
      `SELECT STREAM * FROM SOURCE_SQL_STREAM_001 WHERE price > 1${' OR price > 1'.repeat(20_000)}`,
      'more than 1,000 operators in a row are not supported.',
    ],
    [
      `SELECT STREAM * FROM SOURCE_SQL_STREAM_001 WHERE price ${'IS NULL '.repeat(20_000)}`,
      'more than 1,000 predicates in a row',
    ],
    [
      `SELECT STREAM ${'price, '.repeat(30_000)}price FROM SOURCE_SQL_STREAM_001`,
      'more than 1,000 items in a row are not supported.',
    ],
    [`SELECT STREAM * FROM ${'('.repeat(5000)}SELECT`, 'SQL nests at most 200 levels.'],
    [
      `SELECT STREAM * FROM SOURCE_SQL_STREAM_001${' CROSS JOIN SOURCE_SQL_STREAM_001'.repeat(5000)}`,
      'more than 100 joins in a row',
    ],
    [
      `SELECT STREAM price FROM SOURCE_SQL_STREAM_001${' UNION ALL SELECT STREAM price FROM SOURCE_SQL_STREAM_001'.repeat(500)}`,
      'more than 100 parts of UNION ALL in a row',
    ],
    ['SELECT STREAM # FROM s', 'SQL line 1, column 15: "#" is not SQL.'],
  ];
  it.each(cases)('%s', (sql, error) => {
    expect(errorOf(sql)).toContain(error);
  });
});

it('runs the longest row of operators', () => {
  const application = compileSql(
    `SELECT STREAM * FROM SOURCE_SQL_STREAM_001 WHERE price > 1${' OR price > 1'.repeat(1000)}`,
    { inputs },
  );
  expect(application.push('SOURCE_SQL_STREAM_001', [{ data: { PRICE: 2 } }], 1)).toHaveLength(1);
});

describe('names and comments', () => {
  it('makes unquoted names upper case and leaves quoted ones', () => {
    const { statements } = parseScript(
      'create stream Dest (a int, "B""c" char(3)) // comment\n; -- another\n /* and\n one */',
    );
    expect(statements).toMatchObject([{ name: 'DEST', columns: [{ name: 'A' }, { name: 'B"c' }] }]);
  });

  it('reads text with quotes and Unicode escapes', () => {
    const { statements } = parseScript(`SELECT STREAM 'it''s', u&'a\\0009b' FROM s`);
    expect(JSON.stringify(statements)).toContain(`"it's"`);
    expect(JSON.stringify(statements)).toContain('a\\tb');
  });
});

// Figures of the Developer Guide and the SQL Reference of Kinesis Data Analytics; the page's name is with each.
import { describe, expect, it } from 'vitest';
import { compileSql } from '../../src/lib/sql/compile-sql.js';
import { type Arrival, clock, input, rowsOf, runSql } from './run-sql.js';

const trades = [input('SOURCE_SQL_STREAM_001', { EVENT_TIME: 'TIMESTAMP', TICKER_SYMBOL: 'VARCHAR(4)' })];
const trade = (at: string, event: string): Arrival => ({
  at,
  row: { EVENT_TIME: `2018-08-01 ${event}`, TICKER_SYMBOL: 'AMZN' },
});
/** DG stagger-window-concepts: the same four rows for both kinds of window. */
const fourTrades = [
  trade('11:00:20', '11:00:10'),
  trade('11:00:30', '11:00:20'),
  trade('11:01:05', '11:00:55'),
  trade('11:01:15', '11:01:05'),
];

describe('tumbling windows', () => {
  it('splits late rows over two windows (stagger-window-concepts)', () => {
    const sql = `SELECT STREAM ROWTIME, FLOOR(EVENT_TIME TO MINUTE), TICKER_SYMBOL, COUNT(TICKER_SYMBOL) AS TICKER_COUNT
      FROM "SOURCE_SQL_STREAM_001"
      GROUP BY ticker_symbol, FLOOR(EVENT_TIME TO MINUTE), STEP("SOURCE_SQL_STREAM_001".ROWTIME BY INTERVAL '1' MINUTE)`;
    expect(runSql(sql, { inputs: trades }, fourTrades)).toEqual([
      '11:01:00 11:00:00 AMZN 2',
      '11:02:00 11:00:00 AMZN 1',
      '11:02:00 11:01:00 AMZN 1',
    ]);
  });

  it.each([
    "STEP(s.ROWTIME BY INTERVAL '10' SECOND)",
    "FLOOR((ROWTIME - TIMESTAMP '1970-01-01 00:00:00') SECOND / 10 TO SECOND)",
    "MONOTONIC(STEP(ROWTIME BY INTERVAL '10' SECOND))",
  ])('opens and closes every ten seconds with %s', (window) => {
    const sql = `SELECT STREAM ROWTIME, k, COUNT(*), SUM(v), AVG(v), MIN(v), MAX(v), FIRST_VALUE(v), LAST_VALUE(v) FROM s GROUP BY k, ${window}`;
    const rows = [
      ['10:00:01', 'a', 5],
      ['10:00:09.999', 'a', 2],
      ['10:00:10', 'a', 1],
      ['10:00:11', 'b', null],
    ].map(([at, K, V]) => ({ at: String(at), row: { K, V } }));
    expect(runSql(sql, { inputs: [input('S', { K: 'VARCHAR(4)', V: 'INTEGER' })] }, rows)).toEqual([
      '10:00:10 a 2 7 3 2 5 5 2',
      '10:00:20 a 1 1 1 1 1 1 1',
      '10:00:20 b 1 null null null null null null',
    ]);
  });

  it('takes FLOOR to any unit, and the shortest of two windows', () => {
    const one = (sql: string): string[] =>
      runSql(sql, { inputs: [input('S', { V: 'INTEGER' })] }, [
        { at: '10:59:59', row: { V: 1 } },
        { at: '11:00:00', row: { V: 2 } },
      ]);
    expect(
      one('SELECT STREAM FLOOR(s.ROWTIME TO HOUR) AS h, SUM(v) AS total FROM s GROUP BY FLOOR(s.ROWTIME TO HOUR)'),
    ).toEqual(['10:00:00 1', '11:00:00 2']);
    expect(
      one("SELECT STREAM ROWTIME, SUM(v) FROM s GROUP BY FLOOR(ROWTIME TO HOUR), STEP(ROWTIME BY INTERVAL '7' HOUR)"),
    ).toEqual(['11:00:00 1', '12:00:00 2']);
  });

  it('gives a window out when its time comes, without a further row, and an empty one not at all', () => {
    const application = compileSql("SELECT STREAM COUNT(*) FROM s GROUP BY STEP(ROWTIME BY INTERVAL '10' SECOND)", {
      inputs: [input('S', { V: 'INTEGER' })],
    });
    application.push('S', [{ data: { V: 1 } }], clock('10:00:03'));
    expect(application.nextDue).toBe(clock('10:00:10'));
    expect(application.advance(clock('10:00:09.999'))).toEqual([]);
    expect(rowsOf(application, application.advance(clock('10:00:10')))).toEqual(['1']);
    expect(application.advance(clock('10:01:00'))).toEqual([]);
    expect(application.state.usedBytes).toBe(0);
  });

  it('counts DISTINCT values, and keeps groups by HAVING', () => {
    const sql =
      'SELECT STREAM k, COUNT(DISTINCT v), SUM(DISTINCT v), COUNT(v) FROM s GROUP BY k, FLOOR(ROWTIME TO MINUTE) HAVING COUNT(*) > 1';
    const rows = [
      ['a', 1],
      ['a', 1],
      ['a', 2],
      ['b', 1],
    ].map(([K, V]) => ({ at: '10:00:00', row: { K, V } }));
    expect(runSql(sql, { inputs: [input('S', { K: 'VARCHAR(4)', V: 'INTEGER' })] }, rows)).toEqual(['a 2 3 3']);
  });

  it('adds without losing a digit, and says when a sum is too large', () => {
    const sql = 'SELECT STREAM SUM(big), SUM(price) FROM s GROUP BY FLOOR(ROWTIME TO MINUTE)';
    const inputs = [input('S', { BIG: 'BIGINT', PRICE: 'DECIMAL(5,2)' })];
    const rows = Array.from({ length: 10 }, () => ({
      at: '10:00:00',
      row: { BIG: '900000000000000001', PRICE: '0.10' },
    }));
    expect(runSql(sql, { inputs }, rows)).toEqual(['9000000000000000010 1.00']);
    expect(runSql(sql, { inputs }, [...rows, ...rows], '23:00:00', 'error_stream').join()).toContain(
      'Value out of range for BIGINT.',
    );
  });

  it('computes standard deviations', () => {
    const sql = 'SELECT STREAM STDDEV_POP(v), STDDEV_SAMP(v), VAR_POP(v) FROM s GROUP BY FLOOR(ROWTIME TO MINUTE)';
    const rows = [2, 4, 4, 4, 5, 5, 7, 9].map((V) => ({ at: '10:00:00', row: { V } }));
    const [line = ''] = runSql(sql, { inputs: [input('S', { V: 'DOUBLE' })] }, rows);
    const [population, sample, variance] = line.split(' ').map(Number);
    expect(population).toBeCloseTo(2, 12);
    expect(sample).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(variance).toBeCloseTo(4, 12);
  });
});

describe('stagger windows', () => {
  it('begins with the first row of a key (stagger-window-concepts)', () => {
    const sql = `SELECT STREAM ROWTIME, FLOOR(EVENT_TIME TO MINUTE), TICKER_SYMBOL, COUNT(TICKER_SYMBOL) AS ticker_count
      FROM "SOURCE_SQL_STREAM_001"
      WINDOWED BY STAGGER (PARTITION BY FLOOR(EVENT_TIME TO MINUTE), TICKER_SYMBOL RANGE INTERVAL '1' MINUTE)`;
    expect(runSql(sql, { inputs: trades }, fourTrades)).toEqual([
      '11:01:20 11:00:00 AMZN 3',
      '11:02:15 11:01:00 AMZN 1',
    ]);
  });

  it('keeps six rows that a minute boundary would part together (examples-window-stagger)', () => {
    const times = ['20:17:30', '20:17:40', '20:17:50', '20:18:00', '20:18:10', '20:18:20'];
    const rows = times.map((at) => ({ at, row: { EVENT_TIME: '2018-08-01T20:17:20.797945', TICKER_SYMBOL: 'AMZN' } }));
    const sql = `SELECT STREAM EVENT_TIME, ticker_symbol, COUNT(*) FROM "SOURCE_SQL_STREAM_001"
      WINDOWED BY STAGGER (PARTITION BY ticker_symbol, EVENT_TIME RANGE INTERVAL '1' MINUTE)`;
    expect(runSql(sql, { inputs: trades }, rows)).toEqual(['20:17:20.797 AMZN 6']);
  });
});

describe('sliding windows', () => {
  const seconds = ['1', '2', '6', '7', '8', '8', '8'].map((second) => ({
    at: `10:00:0${second}`,
    row: { K: 'a', V: Number(second) },
  }));
  const inputs = [input('S', { K: 'VARCHAR(4)', V: 'INTEGER' })];

  it('leaves out a row that is exactly as old as the window, and counts rows of one time together (sliding-window-concepts)', () => {
    const sql = "SELECT STREAM COUNT(*) OVER w FROM s WINDOW w AS (RANGE INTERVAL '5' SECOND PRECEDING)";
    expect(runSql(sql, { inputs }, seconds)).toEqual(['1', '2', '2', '2', '5', '5', '5']);
  });

  it('takes the rows before, by number and by partition', () => {
    const rows = [
      ['a', 1],
      ['b', 10],
      ['a', 2],
      ['a', 3],
      ['b', 20],
    ].map(([K, V], index) => ({ at: `10:00:0${index}`, row: { K, V } }));
    const sql = `SELECT STREAM k, v, SUM(v) OVER two, COUNT(*) OVER every, MAX(v) OVER (PARTITION BY k ROWS CURRENT ROW), AVG(v) OVER ten
      FROM s WINDOW two AS (PARTITION BY k ROWS 1 PRECEDING), every AS (ROWS UNBOUNDED PRECEDING), ten AS (PARTITION BY k ROWS BETWEEN 10 PRECEDING AND CURRENT ROW)`;
    expect(runSql(sql, { inputs }, rows)).toEqual([
      'a 1 1 1 1 1',
      'b 10 10 2 10 10',
      'a 2 3 3 2 1',
      'a 3 5 4 3 2',
      'b 20 30 5 20 15',
    ]);
  });

  it('uses aggregates in expressions, and windows that refer to others', () => {
    const sql = `SELECT STREAM k, v * 100 / SUM(v) OVER w2, COUNT(DISTINCT v) OVER w2
      FROM s WINDOW w1 AS (PARTITION BY k), w2 AS (w1 RANGE INTERVAL '1' MINUTE PRECEDING)`;
    expect(
      runSql(
        sql,
        { inputs },
        [seconds[0], seconds[1], seconds[1]].flatMap((one) => one ?? []),
      ),
    ).toEqual(['a 100 1', 'a 40 2', 'a 40 2']);
  });

  it('slides over 20,000 rows as a recount would say', () => {
    const application = compileSql(
      "SELECT STREAM SUM(v) OVER w, MIN(v) OVER w, MAX(v) OVER w, LAST_VALUE(v) OVER w, FIRST_VALUE(v) OVER w FROM s WINDOW w AS (RANGE INTERVAL '2' SECOND PRECEDING)",
      { inputs },
    );
    const held: { at: number; v: number }[] = [];
    let random = 7;
    const expected: string[] = [];
    const found: string[] = [];
    for (let index = 0; index < 20_000; index += 1) {
      random = (random * 48_271) % 2_147_483_647;
      const [at, v] = [1_000_000 + index * 13, random % 1000];
      held.push({ at, v });
      found.push(...rowsOf(application, application.push('S', [{ data: { V: v } }], at)));
      while ((held[0]?.at ?? at) <= at - 2000) held.shift();
      const values = held.map((one) => one.v);
      expected.push(
        [values.reduce((sum, one) => sum + one, 0), Math.min(...values), Math.max(...values), v, values[0]].join(' '),
      );
    }
    found.push(...rowsOf(application, application.advance(9_000_000)));
    expect(found).toEqual(expected);
  });

  it('forgets partitions that are quiet', () => {
    const application = compileSql(
      "SELECT STREAM COUNT(*) OVER (PARTITION BY k RANGE INTERVAL '1' SECOND PRECEDING) FROM s",
      { inputs },
    );
    for (let index = 0; index < 1000; index += 1) application.push('S', [{ data: { K: String(index) } }], index * 1000);
    application.advance(2_000_000);
    expect(application.state.usedBytes).toBeLessThan(2000);
  });

  it.each([
    ['ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING', 'a window must end with the current row'],
    ['ROWS BETWEEN 4 PRECEDING AND 0 PRECEDING', 'a window must end with the current row'],
    ['ROWS BETWEEN -4 PRECEDING AND CURRENT ROW', 'a window cannot have a negative size'],
    ["RANGE INTERVAL '0' SECOND PRECEDING", 'RANGE needs a positive interval'],
  ])('refuses %s', (frame, error) => {
    expect(() => compileSql(`SELECT STREAM COUNT(*) OVER (${frame}) FROM s`, { inputs })).toThrow(error);
  });
});

describe('what is around a window', () => {
  const inputs = [input('S', { K: 'VARCHAR(4)', V: 'INTEGER' })];

  it('chains pumps, each at the time of its window', () => {
    const sql = `CREATE OR REPLACE STREAM totals (k VARCHAR(4), total INTEGER);
      CREATE OR REPLACE STREAM tops (t TIMESTAMP, top INTEGER);
      CREATE OR REPLACE PUMP second AS INSERT INTO tops SELECT STREAM ROWTIME, MAX(total) FROM totals GROUP BY STEP(ROWTIME BY INTERVAL '30' SECOND);
      CREATE OR REPLACE PUMP first AS INSERT INTO totals SELECT STREAM k, SUM(v) FROM s GROUP BY k, STEP(ROWTIME BY INTERVAL '10' SECOND);`;
    const rows = [
      ['10:00:01', 1],
      ['10:00:11', 5],
      ['10:00:21', 3],
    ].map(([at, V]) => ({ at: String(at), row: { K: 'a', V } }));
    // The third window's row has the ROWTIME 10:00:30, so it belongs to the next half minute.
    expect(runSql(sql, { inputs }, rows, '10:05:00', 'TOPS')).toEqual(['10:00:30 5', '10:01:00 3']);
  });

  it('groups the rows of a subquery', () => {
    const sql = `SELECT STREAM ROWTIME, big, COUNT(*) FROM (SELECT STREAM v > 2 AS big FROM s WHERE k = 'a') AS t
      GROUP BY big, STEP(t.ROWTIME BY INTERVAL '10' SECOND)`;
    const rows = [
      ['a', 1],
      ['a', 3],
      ['a', 4],
      ['b', 9],
    ].map(([K, V]) => ({ at: '10:00:00', row: { K, V } }));
    expect(runSql(sql, { inputs }, rows)).toEqual(['10:00:10 FALSE 1', '10:00:10 TRUE 2']);
  });

  it('joins streams of one form by UNION ALL', () => {
    const both = [...inputs, input('T', { K: 'VARCHAR(8)', V: 'BIGINT' })];
    const sql = 'SELECT STREAM k, v FROM s WHERE v > 1 UNION ALL SELECT STREAM k, v FROM t';
    const rows = [
      { at: '10:00:00', row: { K: 'a', V: 1 } },
      { at: '10:00:01', to: 'T', row: { K: 'b', V: 2 } },
      { at: '10:00:02', row: { K: 'c', V: 3 } },
    ];
    expect(runSql(sql, { inputs: both }, rows)).toEqual(['b 2', 'c 3']);
  });

  it('passes each row of a minute once with DISTINCT', () => {
    const sql = 'SELECT STREAM DISTINCT FLOOR(ROWTIME TO MINUTE), k FROM s';
    const rows = [
      ['10:00:00', 'a'],
      ['10:00:10', 'a'],
      ['10:00:20', 'b'],
      ['10:01:00', 'a'],
    ].map(([at, K]) => ({ at: String(at), row: { K } }));
    expect(runSql(sql, { inputs }, rows)).toEqual(['10:00:00 a', '10:00:00 b', '10:01:00 a']);
  });

  it('counts distinct rows through a subquery that names its time (COUNT_DISTINCT_ITEMS_TUMBLING, the exact way)', () => {
    const sql = `SELECT STREAM k, COUNT(d.v) AS n FROM (
        SELECT STREAM DISTINCT rowtime AS window_time, k, v, STEP((s.rowtime) BY INTERVAL '5' SECOND) AS step_time FROM s) AS d
      GROUP BY k, STEP((d.window_time) BY INTERVAL '5' SECOND)`;
    const rows = [
      ['10:00:00', 'a', 1],
      ['10:00:01', 'a', 1],
      ['10:00:02', 'a', 2],
      ['10:00:06', 'a', 1],
    ].map(([at, K, V]) => ({ at: String(at), row: { K, V } }));
    expect(runSql(sql, { inputs }, rows)).toEqual(['a 2', 'a 1']);
    expect(runSql(sql.replace('STEP((d.window_time)', 'd.step_time, STEP((d.window_time)'), { inputs }, rows)).toEqual([
      'a 2',
      'a 1',
    ]);
  });

  it('passes DISTINCT rows of a day with their ROWTIME (SELECT STREAM DISTINCT)', () => {
    const sql = 'SELECT STREAM DISTINCT ROWTIME, k, FLOOR(s.ROWTIME TO DAY) FROM s';
    const rows = [
      ['10:00:00', 'a'],
      ['11:00:00', 'a'],
      ['12:00:00', 'b'],
    ].map(([at, K]) => ({ at: String(at), row: { K } }));
    expect(runSql(sql, { inputs }, rows)).toEqual(['10:00:00 a 00:00:00', '12:00:00 b 00:00:00']);
  });

  it.each(['CEIL(ROWTIME TO MINUTE)', "FLOOR(ROWTIME TO MINUTE) - INTERVAL '1' DAY"])(
    'groups by %s as by FLOOR',
    (window) => {
      const rows = ['22:49:10', '22:49:15', '22:50:01'].map((at) => ({ at, row: { V: 1 } }));
      expect(
        runSql(
          `SELECT STREAM FLOOR(ROWTIME TO MINUTE), n FROM (SELECT STREAM COUNT(*) AS n FROM s GROUP BY ${window})`,
          { inputs },
          rows,
        ),
      ).toEqual(['22:50:00 2', '22:51:00 1']);
    },
  );

  it('ends a group of MONOTONIC values with a larger one', () => {
    const sql = `SELECT STREAM event, COUNT(*) FROM (SELECT STREAM MONOTONIC(STEP(CHAR_TO_TIMESTAMP('HH:mm:ss', k) BY INTERVAL '60' SECOND)) AS event FROM s) GROUP BY event`;
    const rows = ['00:00:10', '00:00:50', '00:01:00', '00:02:00'].map((K, index) => ({
      at: `10:00:0${index}`,
      row: { K },
    }));
    expect(runSql(sql, { inputs: [input('S', { K: 'VARCHAR(10)' })] }, rows)).toEqual([
      '1970-01-01 00:00:00.000 2',
      '1970-01-01 00:01:00.000 1',
    ]);
  });

  it('orders the rows of a window', () => {
    const sql = "SELECT STREAM k, v FROM s ORDER BY STEP(ROWTIME BY INTERVAL '10' SECOND), v DESC, k";
    const rows = [
      ['10:00:00', 'b', 1],
      ['10:00:01', 'a', 1],
      ['10:00:02', 'c', 5],
      ['10:00:11', 'd', 9],
    ].map(([at, K, V]) => ({ at: String(at), row: { K, V } }));
    expect(runSql(sql, { inputs }, rows)).toEqual(['c 5', 'a 1', 'b 1', 'd 9']);
  });

  it('orders the groups of a window by what it counted', () => {
    const sql = 'SELECT STREAM k, COUNT(*) AS n FROM s GROUP BY k, FLOOR(ROWTIME TO MINUTE) ORDER BY ROWTIME, n DESC';
    const rows = ['a', 'b', 'b'].map((K) => ({ at: '10:00:00', row: { K } }));
    expect(runSql(sql, { inputs }, rows)).toEqual(['b 2', 'a 1']);
  });

  it('finds the most frequent items, and counts the distinct ones', () => {
    const rows = ['a', 'b', 'b', 'c', 'c', 'c'].map((K) => ({ at: '10:00:00', row: { K } }));
    const top =
      "SELECT STREAM item, item_count FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM s), 'K', 2, 60))";
    expect(runSql(top, { inputs }, rows)).toEqual(['c 3', 'b 2']);
    const distinct =
      "SELECT STREAM * FROM TABLE(COUNT_DISTINCT_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM s), 'K', 60))";
    expect(runSql(distinct, { inputs }, rows)).toEqual(['3']);
  });
});

it('explains what an application does', () => {
  const sql = `CREATE STREAM totals (k VARCHAR(4), n BIGINT);
    CREATE PUMP p AS INSERT INTO totals SELECT STREAM k, COUNT(*) FROM s WHERE v > 1 GROUP BY k, STEP(ROWTIME BY INTERVAL '10' SECOND);`;
  expect(compileSql(sql, { inputs: [input('S', { K: 'VARCHAR(4)', V: 'INTEGER' })] }).explain()).toEqual([
    'pump "P" into "TOTALS"',
    '  select "K" VARCHAR(4), "N" BIGINT',
    '    select "K" VARCHAR(4), "COUNT" BIGINT',
    '      group by 2 keys, COUNT, tumbling window of 10000 ms',
    '        filter',
    '          read "S"',
  ]);
});

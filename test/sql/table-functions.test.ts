import { describe, expect, it } from 'vitest';
import { compileSql } from '../../src/lib/sql/compile-sql.js';
import { clock, input, rowsOf, runSql } from './run-sql.js';

const inputs = [input('S', { K: 'VARCHAR(4)', V: 'INTEGER' })];
const rows = [
  ['10:00:01', 'a', 1],
  ['10:00:04', 'a', 2],
  ['10:00:11', 'b', 3],
  ['10:00:14', 'a', 4],
].map(([at, K, V]) => ({ at: String(at), row: { K, V } }));

describe("Flink's window table functions", () => {
  it('TUMBLE gives what STEP gives', () => {
    const sql = `SELECT window_start, window_end, k, SUM(v) AS total FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ROWTIME), INTERVAL '10' SECONDS))
      GROUP BY k, window_start, window_end, window_time`;
    expect(runSql(sql, { inputs }, rows)).toEqual([
      '10:00:00 10:00:10 a 3',
      '10:00:10 10:00:20 b 3',
      '10:00:10 10:00:20 a 4',
    ]);
  });

  it('HOP counts a row in each window that holds it', () => {
    const sql = `SELECT window_start, window_end, SUM(v) FROM TABLE(HOP(DATA => TABLE s, TIMECOL => DESCRIPTOR(ROWTIME), SLIDE => INTERVAL '5' SECOND, SIZE => INTERVAL '10' SECOND))
      GROUP BY window_start, window_end`;
    expect(runSql(sql, { inputs }, rows)).toEqual([
      '09:59:55 10:00:05 3',
      '10:00:00 10:00:10 3',
      '10:00:05 10:00:15 7',
      '10:00:10 10:00:20 7',
    ]);
  });

  it('CUMULATE gives steps towards its whole window', () => {
    const sql = `SELECT window_start, window_end, SUM(v) FROM TABLE(CUMULATE(TABLE s, DESCRIPTOR(ROWTIME), INTERVAL '10' SECOND, INTERVAL '30' SECOND))
      GROUP BY window_start, window_end`;
    expect(runSql(sql, { inputs }, rows)).toEqual([
      '10:00:00 10:00:10 3',
      '10:00:00 10:00:20 10',
      '10:00:00 10:00:30 10',
    ]);
  });

  it('SESSION ends when its key has been quiet', () => {
    const sql = `SELECT k, window_start, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ROWTIME), INTERVAL '5' SECOND))
      GROUP BY k, window_start, window_end`;
    expect(runSql(sql, { inputs }, rows)).toEqual([
      'a 10:00:01 10:00:09 2',
      'b 10:00:11 10:00:16 1',
      'a 10:00:14 10:00:19 1',
    ]);
  });

  it('rows without GROUP BY carry their window', () => {
    const sql =
      "SELECT v, window_end, window_time FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ROWTIME), INTERVAL '1' MINUTE)) WHERE v > 3";
    expect(runSql(sql, { inputs }, rows)).toEqual(['4 10:01:00 10:00:59.999']);
  });

  it('OVER with ORDER BY ROWTIME slides', () => {
    const sql =
      "SELECT v, SUM(v) OVER (PARTITION BY k ORDER BY ROWTIME RANGE BETWEEN INTERVAL '10' SECOND PRECEDING AND CURRENT ROW) FROM s";
    expect(runSql(sql, { inputs }, rows)).toEqual(['1 1', '2 3', '3 3', '4 4']);
  });

  it.each([
    ["SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(v), INTERVAL '10' SECOND))", 'TUMBLE over "V" is not supported.'],
    [
      "SELECT * FROM TABLE(HOP(TABLE s, DESCRIPTOR(ROWTIME), INTERVAL '7' SECOND, INTERVAL '10' SECOND))",
      'the second must be a multiple of the first',
    ],
    [
      "SELECT k FROM TABLE(SESSION(TABLE s, DESCRIPTOR(ROWTIME), INTERVAL '7' SECOND))",
      'SESSION needs GROUP BY window_start, window_end.',
    ],
    ['SELECT * FROM TABLE(TUMBLE(s, 10))', 'TUMBLE needs a table and a descriptor.'],
  ])('%s is refused', (sql, error) => {
    expect(() => compileSql(sql, { inputs })).toThrow(error);
  });
});

describe('RANDOM_CUT_FOREST', () => {
  function scores(
    seed: number,
    function_ = 'RANDOM_CUT_FOREST(CURSOR(SELECT STREAM v FROM s), 50, 128, 10000, 1)',
  ): number[] {
    const application = compileSql(`SELECT STREAM ANOMALY_SCORE FROM TABLE(${function_})`, { inputs, seed });
    const values = Array.from({ length: 400 }, (_, index) => (index === 350 ? 1000 : 50 + ((index * 7919) % 20)));
    return values
      .flatMap((V, index) => application.push('S', [{ data: { V } }], clock('10:00:00') + index))
      .flatMap(({ rows: found }) => found.map((row) => Number(row.values[0])));
  }

  it('gives the row that stands out the highest score, and the same scores for the same seed', () => {
    const found = scores(1);
    const settled = found.slice(200);
    expect(Math.max(...settled)).toBe(found[350]);
    const usual = settled.filter((_, index) => index !== 150).sort((a, b) => a - b);
    expect(found[350]).toBeGreaterThan(2 * (usual.at(-2) ?? 0));
    expect(scores(1)).toEqual(found);
    expect(scores(2)).not.toEqual(found);
  });

  it('keeps the rows of its query, and gives no score to a null', () => {
    const sql =
      'SELECT STREAM k, v, ANOMALY_SCORE IS NULL FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM * FROM s)))';
    const application = compileSql(sql, { inputs });
    const batches = application.push('S', [{ data: { K: 'a', V: 1 } }, { data: { K: 'b' } }], 1);
    expect(rowsOf(application, batches)).toEqual(['a 1 FALSE', 'b null TRUE']);
  });

  it.each([
    ['RANDOM_CUT_FOREST(CURSOR(SELECT STREAM k FROM s))', 'needs at least one numeric column'],
    ["RANDOM_CUT_FOREST(CURSOR(SELECT STREAM v FROM s), 10, 'x')", 'needs 1 to 1,000 trees'],
    ['RANDOM_CUT_FOREST(CURSOR(SELECT STREAM v FROM s), 0)', 'needs 1 to 1,000 trees'],
    [
      'RANDOM_CUT_FOREST_WITH_EXPLANATION(CURSOR(SELECT STREAM v FROM s))',
      'table function RANDOM_CUT_FOREST_WITH_EXPLANATION is not supported.',
    ],
  ])('%s is refused', (call, error) => {
    expect(() => compileSql(`SELECT STREAM * FROM TABLE(${call})`, { inputs })).toThrow(error);
  });
});

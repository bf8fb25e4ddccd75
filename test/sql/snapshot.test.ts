import { describe, expect, it } from 'vitest';
import { type CompileOptions, compileSql } from '../../src/lib/sql/compile-sql.js';
import type { OutputBatch } from '../../src/lib/sql/run/outbox.js';
import { StateFullError } from '../../src/lib/sql/run/state-budget.js';
import { input, rowsOf } from './run-sql.js';

const inputs = [
  input('S', { K: 'VARCHAR(4)', V: 'INTEGER', D: 'DECIMAL(9,2)' }),
  input('T', { K: 'VARCHAR(4)', W: 'BIGINT' }),
];
const MINUTE = "OVER (RANGE INTERVAL '1' MINUTE PRECEDING)";

const queries: Record<string, string> = {
  tumbling:
    "SELECT STREAM ROWTIME, k, COUNT(*), SUM(d), AVG(v), COUNT(DISTINCT v), STDDEV_SAMP(v) FROM s GROUP BY k, STEP(ROWTIME BY INTERVAL '10' SECOND)",
  stagger: "SELECT STREAM ROWTIME, k, MAX(v) FROM s WINDOWED BY STAGGER (PARTITION BY k RANGE INTERVAL '7' SECOND)",
  session:
    "SELECT ROWTIME, k, window_start, window_end, LAST_VALUE(v) FROM TABLE(SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ROWTIME), INTERVAL '2' SECOND)) GROUP BY k, window_start, window_end",
  monotonic: 'SELECT STREAM m, COUNT(*) FROM (SELECT STREAM MONOTONIC(v / 30) AS m FROM s) GROUP BY m',
  hop: "SELECT window_end, SUM(v) FROM TABLE(HOP(TABLE s, DESCRIPTOR(ROWTIME), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY window_start, window_end",
  sliding:
    "SELECT STREAM k, SUM(d) OVER w, MIN(v) OVER w, COUNT(DISTINCT v) OVER w, SUM(v) OVER n FROM s WINDOW w AS (PARTITION BY k RANGE INTERVAL '8' SECOND PRECEDING), n AS (ROWS 5 PRECEDING)",
  unbounded: 'SELECT STREAM SUM(v) OVER (PARTITION BY k ROWS UNBOUNDED PRECEDING) FROM s',
  join: `SELECT STREAM s.k, v, w, ROWTIME FROM s ${MINUTE} AS s FULL JOIN t ${MINUTE} AS t ON s.k = t.k AND v > 50`,
  rows: 'SELECT STREAM v, w FROM s OVER (ROWS 3 PRECEDING) AS s LEFT JOIN t OVER (ROWS 3 PRECEDING) AS t ON s.k = t.k',
  sort: "SELECT STREAM k, v FROM s ORDER BY STEP(ROWTIME BY INTERVAL '10' SECOND), v, k",
  distinct: 'SELECT STREAM DISTINCT FLOOR(ROWTIME TO MINUTE), k FROM s',
  top: "SELECT STREAM * FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM s), 'K', 3, 10))",
  forest:
    'SELECT STREAM v, ANOMALY_SCORE FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM v FROM s), 10, 32, 1000, 2))',
  chained: `CREATE STREAM a (k VARCHAR(4), n BIGINT);
    CREATE PUMP p AS INSERT INTO a SELECT STREAM k, COUNT(*) FROM s GROUP BY k, STEP(ROWTIME BY INTERVAL '10' SECOND);
    SELECT STREAM k, SUM(n) OVER (PARTITION BY k RANGE INTERVAL '30' SECOND PRECEDING) FROM a`,
};

interface Step {
  readonly at: number;
  readonly to: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The same rows each time; some at the same instant. */
function steps(count: number): Step[] {
  let random = 42;
  let at = 1_000_000;
  const next = (below: number): number => {
    random = (random * 48_271) % 2_147_483_647;
    return random % below;
  };
  return Array.from({ length: count }, () => {
    at += next(3) === 0 ? 0 : next(2500);
    const K = ['a', 'b', 'c', null][next(4)] ?? null;
    return next(3) === 0
      ? { at, to: 'T', data: { K, W: next(100) } }
      : { at, to: 'S', data: { K, V: next(100), D: `${next(1000)}.${next(90) + 10}` } };
  });
}

describe('a snapshot', () => {
  it.each(Object.entries(queries))('carries %s on as if nothing had happened', (_, sql) => {
    const options: CompileOptions = { inputs, seed: 5 };
    const run = (restartEvery: number): string[] => {
      let application = compileSql(sql, options);
      const rows: string[] = [];
      const arriving = steps(400);
      for (const [index, { at, to, data }] of arriving.entries()) {
        // Between two instants: rows of one ROWTIME are one batch of the reader.
        const moved = index > 0 && at > (arriving[index - 1]?.at ?? 0);
        if (moved && index % restartEvery === 0) {
          rows.push(...rowsOf(application, application.advance(at)));
          const text = application.snapshot();
          application = compileSql(sql, options);
          application.restore(text, at);
          expect(application.snapshot()).toBe(text);
        }
        rows.push(...rowsOf(application, application.push(to, [{ data }], at)));
      }
      return [...rows, ...rowsOf(application, application.advance(9_000_000))];
    };
    const whole = run(Number.POSITIVE_INFINITY);
    expect(whole.length).toBeGreaterThan(2);
    expect(run(7)).toEqual(whole);
  });

  it('holds positions, and rows that nobody has acknowledged', () => {
    const options: CompileOptions = { inputs, keepsOutput: true };
    const sql = 'SELECT STREAM v FROM s';
    const application = compileSql(sql, options);
    const record = (V: number, arrivalTime: number): Parameters<typeof application.push>[1][number] => ({
      data: { V },
      arrivalTime,
      shardId: 'shardId-0',
      sequenceNumber: String(V),
    });
    const numbers = (batches: readonly OutputBatch[]): number[] =>
      batches.flatMap(({ rows }) => rows.map(({ number }) => number));
    expect(numbers(application.push('S', [record(1, 5), record(2, 6)], 10))).toEqual([1, 2]);
    application.acknowledge(1);
    const text = application.snapshot();
    const again = compileSql(sql, options);
    const restored = again.restore(text, 100);
    expect(restored).toMatchObject([{ stream: 'RESULT', mayRepeat: true, rows: [{ number: 2, values: [2] }] }]);
    expect(again.positions).toEqual({ 'shardId-0': '2' });
    // The killed run may have delivered this one; what arrived after the restart it cannot have.
    expect(again.push('S', [record(3, 50)], 101)).toMatchObject([{ mayRepeat: true, rows: [{ number: 3 }] }]);
    expect(again.push('S', [record(4, 102)], 103)).toMatchObject([{ mayRepeat: false, rows: [{ number: 4 }] }]);
    again.acknowledge(4);
    expect(compileSql(sql, options).restore(again.snapshot(), 200)).toEqual([]);
  });

  it('of other SQL, or damaged, is refused', () => {
    const text = compileSql('SELECT STREAM v FROM s', { inputs }).snapshot();
    expect(() => compileSql('SELECT STREAM k FROM s', { inputs }).restore(text, 0)).toThrow(
      'The snapshot belongs to other SQL or another schema.',
    );
    expect(() => compileSql('SELECT STREAM v FROM s', { inputs }).restore(text.slice(1), 0)).toThrow(
      'The snapshot of the SQL application is damaged.',
    );
  });
});

describe('the limit of the state', () => {
  it.each([
    ['GROUP BY', 'SELECT STREAM v, COUNT(*) FROM s GROUP BY v, FLOOR(ROWTIME TO HOUR)'],
    ['a sliding window', "SELECT STREAM COUNT(*) OVER (RANGE INTERVAL '1' HOUR PRECEDING) FROM s"],
    ['a join', `SELECT STREAM v FROM s ${MINUTE} AS s JOIN t ${MINUTE} AS t ON s.k = t.k`],
    ['ORDER BY', 'SELECT STREAM v FROM s ORDER BY FLOOR(ROWTIME TO HOUR), v'],
    ['DISTINCT', 'SELECT STREAM DISTINCT FLOOR(ROWTIME TO HOUR), v FROM s'],
    [
      'a table function',
      "SELECT STREAM * FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM s), 'V', 3, 3600))",
    ],
  ])('is said by %s, and ends the application', (what, sql) => {
    const application = compileSql(sql, { inputs, stateBytes: 20_000 });
    const fill = (): void => {
      for (let index = 0; index < 1000; index += 1)
        application.push('S', [{ data: { K: 'a', V: index } }], 1000 + index);
    };
    expect(fill).toThrow(StateFullError);
    expect(fill).toThrow('The SQL application has ended with an error.');
    const again = compileSql(sql, { inputs, stateBytes: 20_000 });
    expect(() => {
      for (let index = 0; index < 1000; index += 1) again.push('S', [{ data: { K: 'a', V: index } }], 1000 + index);
    }).toThrow(`${what} needs more state than 20,000 bytes.`);
  });
});

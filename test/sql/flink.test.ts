import { describe, expect, it } from 'vitest';
import { type FlinkJob, translateToFlink, writeFlinkScript } from '../../src/lib/sql/flink/translate-to-flink.js';
import { input } from './run-sql.js';

const inputs = [
  input('SOURCE_SQL_STREAM_001', {
    transactionId: 'VARCHAR(64)',
    transaction: 'INTEGER',
    K: 'VARCHAR(4)',
    V: 'DOUBLE',
    B: 'BIGINT',
  }),
];
const translate = (sql: string): FlinkJob =>
  translateToFlink(sql, { inputs, optionsOf: (table, role) => ({ connector: 'kinesis', stream: `${table}-${role}` }) });
/** What follows the two statements of the input. */
const written = (sql: string): string[] =>
  translate(sql)
    .statements.slice(2)
    .map((statement) => statement.sql);

describe('a job of Flink SQL', () => {
  it('narrows the input by the rules of the dialect', () => {
    expect(
      translate('SELECT STREAM v FROM SOURCE_SQL_STREAM_001')
        .statements.slice(0, 2)
        .map(({ sql }) => sql),
    ).toEqual([
      'CREATE TABLE `SOURCE_SQL_STREAM_001_RAW` (`transactionId` STRING, `transaction` DOUBLE, `K` STRING, `V` DOUBLE, `B` STRING, `ROWTIME` AS PROCTIME())\n' +
        "WITH ('connector' = 'kinesis', 'stream' = 'SOURCE_SQL_STREAM_001-source')",
      'CREATE TEMPORARY VIEW `SOURCE_SQL_STREAM_001` AS\n' +
        'SELECT CAST(SUBSTRING(`transactionId` FROM 1 FOR 64) AS VARCHAR(64)) AS `transactionId`, TRY_CAST(`transaction` AS INT) AS `transaction`, ' +
        'CAST(SUBSTRING(`K` FROM 1 FOR 4) AS VARCHAR(4)) AS `K`, `V`, TRY_CAST(`B` AS BIGINT) AS `B`, `ROWTIME`\n' +
        'FROM `SOURCE_SQL_STREAM_001_RAW`\n' +
        'WHERE (`transaction` IS NULL OR `transaction` = FLOOR(`transaction`)) AND (`B` IS NULL OR TRY_CAST(`B` AS BIGINT) IS NOT NULL)',
    ]);
  });

  it('makes a sink table of a stream that nothing reads, and inserts into it', () => {
    const sql = `CREATE OR REPLACE STREAM "DESTINATION_SQL_STREAM" ("transactionId" VARCHAR(64), "transaction" INTEGER);
CREATE OR REPLACE PUMP "STREAM_PUMP" AS INSERT INTO "DESTINATION_SQL_STREAM"
SELECT STREAM "transactionId", "transaction" FROM "SOURCE_SQL_STREAM_001" WHERE "transaction" > 9000;`;
    expect(written(sql)).toEqual([
      "CREATE TABLE `DESTINATION_SQL_STREAM` (`transactionId` VARCHAR(64), `transaction` INT)\nWITH ('connector' = 'kinesis', 'stream' = 'DESTINATION_SQL_STREAM-sink')",
      'INSERT INTO `DESTINATION_SQL_STREAM`\nSELECT CAST(`transactionId` AS VARCHAR(64)) AS `transactionId`, CAST(`transaction` AS INT) AS `transaction`\n' +
        'FROM `SOURCE_SQL_STREAM_001`\nWHERE (`transaction` > 9000)',
    ]);
    expect(writeFlinkScript(translate(sql))).toContain('-- line 2: DESTINATION_SQL_STREAM\nCREATE TABLE');
  });

  it.each([
    "STEP(s.ROWTIME BY INTERVAL '10' SECOND)",
    "FLOOR((s.ROWTIME - TIMESTAMP '1970-01-01 00:00:00') SECOND / 10 TO SECOND)",
  ])('makes TUMBLE of %s', (window) => {
    const sql = `SELECT STREAM s.k, COUNT(*) AS n, ROWTIME AS t FROM SOURCE_SQL_STREAM_001 AS s WHERE v > 1 GROUP BY s.k, ${window} HAVING COUNT(*) > 2`;
    expect(written(sql).at(-1)).toBe(
      'INSERT INTO `RESULT`\nSELECT CAST(`S`.`K` AS VARCHAR(4)) AS `K`, CAST(COUNT(*) AS BIGINT) AS `N`, CAST(`window_end` AS TIMESTAMP(3)) AS `T`\n' +
        "FROM TABLE(TUMBLE(TABLE `SOURCE_SQL_STREAM_001`, DESCRIPTOR(`ROWTIME`), INTERVAL '10' SECOND)) AS `S`\nWHERE (`V` > 1)\n" +
        'GROUP BY `S`.`K`, `window_start`, `window_end`, `window_time`\nHAVING (COUNT(*) > 2)',
    );
  });

  it('orders a sliding window by ROWTIME', () => {
    const sql =
      "SELECT STREAM AVG(v) OVER w1 AS a FROM SOURCE_SQL_STREAM_001 WINDOW w1 AS (PARTITION BY k RANGE INTERVAL '1' MINUTE PRECEDING)";
    expect(written(sql).at(-1)).toContain(
      'SELECT CAST(AVG(`V`) OVER w AS DOUBLE) AS `A`\nFROM `SOURCE_SQL_STREAM_001`\n' +
        "WINDOW w AS (PARTITION BY `K` ORDER BY `ROWTIME` RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW)",
    );
  });

  it('makes a view of a stream that another pump reads, with its time', () => {
    const sql = `CREATE STREAM mid (k VARCHAR(4), n BIGINT); CREATE STREAM top (n BIGINT);
      CREATE PUMP b AS INSERT INTO top SELECT STREAM MAX(n) FROM mid GROUP BY FLOOR(ROWTIME TO HOUR);
      CREATE PUMP a AS INSERT INTO mid SELECT STREAM k, COUNT(*) FROM SOURCE_SQL_STREAM_001 GROUP BY k, FLOOR(ROWTIME TO MINUTE);`;
    const [view, table, insert] = written(sql);
    expect(view).toMatch(/^CREATE TEMPORARY VIEW `MID` AS\nSELECT .* AS `N`, `window_time` AS `ROWTIME`\n/);
    expect(table).toMatch(/^CREATE TABLE `TOP` \(`N` BIGINT\)/);
    expect(insert).toContain("FROM TABLE(TUMBLE(TABLE `MID`, DESCRIPTOR(`ROWTIME`), INTERVAL '1' HOUR)) AS `MID`");
  });

  it('makes a view of a subquery under a window, and keeps UNION ALL', () => {
    const sql =
      "SELECT STREAM COUNT(*) FROM (SELECT STREAM k FROM SOURCE_SQL_STREAM_001 UNION ALL SELECT STREAM k FROM SOURCE_SQL_STREAM_001) AS t GROUP BY STEP(ROWTIME BY INTERVAL '90' SECOND)";
    const [view, , insert] = written(sql);
    expect(view).toBe(
      'CREATE TEMPORARY VIEW `SUBQUERY_1` AS\nSELECT `K` AS `K`, `ROWTIME`\nFROM `SOURCE_SQL_STREAM_001`\nUNION ALL\nSELECT `K` AS `K`, `ROWTIME`\nFROM `SOURCE_SQL_STREAM_001`',
    );
    expect(insert).toContain(
      "FROM TABLE(TUMBLE(TABLE `SUBQUERY_1`, DESCRIPTOR(`ROWTIME`), INTERVAL '90' SECOND)) AS `t`".replace(
        '`t`',
        '`T`',
      ),
    );
  });

  it("leaves Flink's own windows as they are", () => {
    const sql =
      "SELECT window_start, SUM(v) FROM TABLE(HOP(TABLE SOURCE_SQL_STREAM_001, DESCRIPTOR(ROWTIME), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end";
    const insert = written(sql).at(-1);
    expect(insert).toContain(
      "FROM TABLE(HOP(TABLE `SOURCE_SQL_STREAM_001`, DESCRIPTOR(`ROWTIME`), INTERVAL '5' SECOND, INTERVAL '10' SECOND))",
    );
    expect(insert).toContain('GROUP BY `window_start`, `window_end`, `window_time`');
  });

  it('renames functions', () => {
    const sql = `SELECT STREAM REGEX_REPLACE(k, 'a', 'b'), TIMESTAMP_TO_CHAR('yyyy', ROWTIME), CASE WHEN k LIKE 'a%' THEN 1 ELSE 2 END, TRIM(BOTH 'x' FROM k) FROM SOURCE_SQL_STREAM_001`;
    expect(written(sql).at(-1)).toContain("REGEXP_REPLACE(`K`, 'a', 'b')");
    expect(written(sql).at(-1)).toContain("DATE_FORMAT(`ROWTIME`, 'yyyy')");
    expect(written(sql).at(-1)).toContain("CASE WHEN (`K` LIKE 'a%') THEN 1 ELSE 2 END");
    expect(written(sql).at(-1)).toContain("TRIM(BOTH 'x' FROM `K`)");
  });
});

describe('what Flink has no equivalent for', () => {
  it.each([
    [
      "SELECT STREAM k, COUNT(*)\nFROM SOURCE_SQL_STREAM_001\nWINDOWED BY STAGGER (PARTITION BY k RANGE INTERVAL '1' MINUTE)",
      3,
      'WINDOWED BY STAGGER',
    ],
    [
      "SELECT STREAM a.k FROM SOURCE_SQL_STREAM_001 OVER (RANGE INTERVAL '1' MINUTE PRECEDING) AS a\nJOIN SOURCE_SQL_STREAM_001 AS b ON a.k = b.k",
      2,
      'a INNER JOIN of windows',
    ],
    [
      "SELECT STREAM * FROM TABLE(\nTOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM SOURCE_SQL_STREAM_001), 'K', 3, 60))",
      2,
      'table function TOP_K_ITEMS_TUMBLING',
    ],
    ['SELECT STREAM k FROM SOURCE_SQL_STREAM_001\nORDER BY FLOOR(ROWTIME TO MINUTE), v', 2, 'ORDER BY within a window'],
    ['SELECT STREAM DISTINCT FLOOR(ROWTIME TO MINUTE), k FROM SOURCE_SQL_STREAM_001', 1, 'SELECT STREAM DISTINCT'],
    [
      'SELECT STREAM\nT.r.COLUMN1 FROM (SELECT STREAM SYS_LOG_PARSE(k) AS r FROM SOURCE_SQL_STREAM_001) AS t',
      2,
      'the LOG_PARSE functions',
    ],
    ['SELECT STREAM message FROM "error_stream"', 1, 'the error stream'],
    [
      'SELECT STREAM COUNT(*) FROM SOURCE_SQL_STREAM_001 GROUP BY FLOOR(ROWTIME TO MONTH)',
      1,
      'this window of GROUP BY',
    ],
    [
      'SELECT STREAM SUM(v) OVER (ROWS 2 PRECEDING), SUM(v) OVER (ROWS 3 PRECEDING) FROM SOURCE_SQL_STREAM_001',
      1,
      'several windows in one query',
    ],
  ])('%s is reported with its line', (sql, line, what) => {
    const { untranslated } = translate(sql);
    expect(untranslated).toContainEqual(expect.objectContaining({ line, what }));
    expect(writeFlinkScript(translate(sql))).toContain(`-- NOT TRANSLATED, line ${line}`);
  });
});

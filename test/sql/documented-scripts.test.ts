// Applications of the Developer Guide, as whole texts; the page's name is with each. Rows are ours unless the page has figures.
import { expect, it } from 'vitest';
import { compileSql } from '../../src/lib/sql/compile-sql.js';
import { clock, input, rowsOf, runSql } from './run-sql.js';

const SOURCE = 'SOURCE_SQL_STREAM_001';

it('alerts when a price moves by more than 1 %, and counts alerts a minute (app-throttled-alerts)', () => {
  const sql = `CREATE OR REPLACE STREAM "CHANGE_STREAM" (ticker_symbol VARCHAR(4), sector VARCHAR(12), change DOUBLE, price DOUBLE);
    CREATE OR REPLACE PUMP "change_pump" AS INSERT INTO "CHANGE_STREAM"
      SELECT STREAM ticker_symbol, sector, change, price FROM "${SOURCE}" WHERE (ABS(Change / (Price - Change)) * 100) > 1;
    -- ** the limit **
    CREATE OR REPLACE STREAM TRIGGER_COUNT_STREAM (ticker_symbol VARCHAR(4), change REAL, trigger_count INTEGER);
    CREATE OR REPLACE PUMP trigger_count_pump AS INSERT INTO TRIGGER_COUNT_STREAM
      SELECT STREAM ticker_symbol, change, trigger_count FROM (
        SELECT STREAM ticker_symbol, change, COUNT(*) OVER W1 as trigger_count FROM "CHANGE_STREAM"
        WINDOW W1 AS (PARTITION BY ticker_symbol RANGE INTERVAL '1' MINUTE PRECEDING)) WHERE trigger_count >= 1;`;
  const inputs = [input(SOURCE, { TICKER_SYMBOL: 'VARCHAR(4)', SECTOR: 'VARCHAR(16)', CHANGE: 'REAL', PRICE: 'REAL' })];
  const trade = (at: string, CHANGE: number, PRICE: number) => ({
    at,
    row: { TICKER_SYMBOL: 'AMZN', SECTOR: 'RETAIL', CHANGE, PRICE },
  });
  const trades = [
    trade('10:00:00', 2, 100),
    trade('10:00:20', 0.5, 100),
    trade('10:00:30', -3, 100),
    trade('10:01:10', 4, 100),
    trade('10:01:20', 5, 5),
  ];
  expect(runSql(sql, { inputs }, trades, '11:00:00', 'TRIGGER_COUNT_STREAM')).toEqual([
    'AMZN 2 1',
    'AMZN -3 2',
    'AMZN 4 2',
  ]);
  // Price and change are equal in the last row: the quotient has no value.
  expect(runSql(sql, { inputs }, trades, '11:00:00', 'error_stream').join()).toContain('DivisionByZero');
});

it('parts two kinds of records into streams of their own (app-tworecordtypes)', () => {
  const sql = `CREATE OR REPLACE STREAM "Order_Stream" (order_id integer, order_type varchar(10), ticker varchar(4), order_price DOUBLE, record_type varchar(10));
    CREATE OR REPLACE PUMP "Order_Pump" AS INSERT INTO "Order_Stream"
      SELECT STREAM oid, otype, oticker, oprice, recordtype FROM "${SOURCE}" WHERE recordtype = 'Order';
    CREATE OR REPLACE STREAM "Trade_Stream" (trade_id integer, order_id integer, trade_price DOUBLE, ticker varchar(4), record_type varchar(10));
    CREATE OR REPLACE PUMP "Trade_Pump" AS INSERT INTO "Trade_Stream"
      SELECT STREAM tid, toid, tprice, tticker, recordtype FROM "${SOURCE}" WHERE recordtype = 'Trade';
    CREATE OR REPLACE STREAM "DESTINATION_SQL_STREAM" (ticker varchar(4), trade_count integer);
    CREATE OR REPLACE PUMP "Output_Pump" AS INSERT INTO "DESTINATION_SQL_STREAM"
      SELECT STREAM ticker, count(*) as trade_count FROM "Trade_Stream" GROUP BY ticker, FLOOR("Trade_Stream".ROWTIME TO MINUTE);`;
  const columns = {
    RecordType: 'VARCHAR(8)',
    Oprice: 'INTEGER',
    Otype: 'VARCHAR(4)',
    Oid: 'INTEGER',
    Oticker: 'VARCHAR(4)',
  };
  const trade = { Tid: 'INTEGER', Toid: 'INTEGER', Tprice: 'INTEGER', Tticker: 'VARCHAR(4)' };
  const schema = input(SOURCE, { ...columns, ...trade });
  const inputs = [
    {
      ...schema,
      columns: schema.columns.map((column) => ({
        ...column,
        mapping: `$.${column.name}`,
        name: column.name.toUpperCase(),
      })),
    },
  ];
  const application = compileSql(sql, { inputs });
  const records = [
    '{"RecordType": "Order", "Oprice": 9047, "Otype": "Sell", "Oid": 3811, "Oticker": "AAAA"}',
    '{"RecordType": "Trade", "Tid": 1, "Toid": 3812, "Tprice": 2089, "Tticker": "BBBB"}',
    '{"RecordType": "Trade", "Tid": 2, "Toid": 3812, "Tprice": 2090, "Tticker": "BBBB"}',
  ];
  const batches = application.push(
    SOURCE,
    records.map((data) => ({ data })),
    clock('10:00:30'),
  );
  expect(rowsOf(application, batches, 'Order_Stream')).toEqual(['3811 Sell AAAA 9047 Order']);
  expect(rowsOf(application, batches, 'Trade_Stream')).toEqual(['1 3812 2089 BBBB Trade', '2 3812 2090 BBBB Trade']);
  expect(rowsOf(application, application.advance(clock('10:01:00')), 'DESTINATION_SQL_STREAM')).toEqual(['BBBB 2']);
});

it('sorts the scores of each second (app-anom-score-create-app)', () => {
  const columns = '("heartRate" INTEGER, "rateType" varchar(20), "ANOMALY_SCORE" DOUBLE)';
  const sql = `CREATE OR REPLACE STREAM "TEMP_STREAM" ${columns};
    CREATE OR REPLACE STREAM "DESTINATION_SQL_STREAM" ${columns};
    CREATE OR REPLACE PUMP "STREAM_PUMP" AS INSERT INTO "TEMP_STREAM"
      SELECT STREAM "heartRate", "rateType", ANOMALY_SCORE FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM * FROM "${SOURCE}")));
    CREATE OR REPLACE PUMP "OUTPUT_PUMP" AS INSERT INTO "DESTINATION_SQL_STREAM"
      SELECT STREAM * FROM "TEMP_STREAM" ORDER BY FLOOR("TEMP_STREAM".ROWTIME TO SECOND), ANOMALY_SCORE DESC;`;
  const application = compileSql(sql, { inputs: [input(SOURCE, { heartRate: 'INTEGER', rateType: 'VARCHAR(20)' })] });
  const rate = (heartRate: number) => ({ data: { heartRate, rateType: heartRate > 150 ? 'HIGH' : 'NORMAL' } });
  for (let index = 0; index < 100; index += 1)
    application.push(SOURCE, [rate(60 + (index % 40))], clock('10:00:00') + index);
  application.advance(clock('10:00:02'));
  application.push(SOURCE, [rate(70), rate(190), rate(80)], clock('10:00:05'));
  const rows = rowsOf(application, application.advance(clock('10:00:06')), 'DESTINATION_SQL_STREAM');
  expect(rows[0]).toMatch(/^190 HIGH /);
  expect(rows).toHaveLength(3);
});

it('names a join by its window (stream-joins-concepts)', () => {
  const inputs = [
    input('ORDERSTREAM', { ORDERID: 'INTEGER', AMOUNT: 'INTEGER' }),
    input('TRADESTREAM', { ORDERID: 'INTEGER', AMOUNT: 'INTEGER' }),
  ];
  const sql = `SELECT STREAM ROWTIME, o.orderId, o.amount AS orderAmount, t.amount AS tradeAmount FROM OrderStream AS o
    JOIN TradeStream OVER t ON o.orderId = t.orderId WINDOW t AS (RANGE INTERVAL '1' MINUTE PRECEDING)`;
  const rows = [
    { at: '10:00:00', to: 'TRADESTREAM', row: { ORDERID: 1, AMOUNT: 5 } },
    { at: '10:00:59', row: { ORDERID: 1, AMOUNT: 7 } },
    { at: '10:01:00', row: { ORDERID: 1, AMOUNT: 8 } },
  ];
  expect(runSql(sql, { inputs }, rows)).toEqual(['10:00:59 1 7 5']);
});

it('counts a late record by its arrival in the next window (timestamps-rowtime-concepts)', () => {
  const sql = `SELECT STREAM STEP("${SOURCE}".ROWTIME BY INTERVAL '60' SECOND) AS "ingest_time",
      STEP("${SOURCE}".APPROXIMATE_ARRIVAL_TIME BY INTERVAL '60' SECOND) AS "APPROXIMATE_ARRIVAL_TIME", "TICKER_SYMBOL", COUNT(*) AS "symbol_count"
    FROM "${SOURCE}" GROUP BY "TICKER_SYMBOL", STEP("${SOURCE}".ROWTIME BY INTERVAL '60' SECOND),
      STEP("${SOURCE}".APPROXIMATE_ARRIVAL_TIME BY INTERVAL '60' SECOND)`;
  const application = compileSql(sql, { inputs: [input(SOURCE, { TICKER_SYMBOL: 'VARCHAR(4)' })] });
  // Times of the window's beginning, as the page prints them; ABC 10, DEF 15, XYZ 6, then ABC 11, DEF 11 and one XYZ that was late.
  const push = (ticker: string, count: number, at: string, arrived: string): string[] => {
    const record = { data: { TICKER_SYMBOL: ticker }, arrivalTime: clock(arrived) };
    return rowsOf(
      application,
      application.push(
        SOURCE,
        Array.from({ length: count }, () => record),
        clock(at),
      ),
    );
  };
  push('ABC', 10, '17:05:10', '17:05:09');
  push('DEF', 15, '17:05:20', '17:05:19');
  push('XYZ', 6, '17:05:30', '17:05:29');
  expect(push('ABC', 11, '17:06:10', '17:06:09')).toEqual([
    '17:05:00 17:05:00 ABC 10',
    '17:05:00 17:05:00 DEF 15',
    '17:05:00 17:05:00 XYZ 6',
  ]);
  push('DEF', 11, '17:06:20', '17:06:19');
  push('XYZ', 1, '17:06:30', '17:05:59');
  expect(rowsOf(application, application.advance(clock('17:07:00')))).toEqual([
    '17:06:00 17:06:00 ABC 11',
    '17:06:00 17:06:00 DEF 11',
    '17:06:00 17:05:00 XYZ 1',
  ]);
});

it('fills a stream from several pumps, by the names of its columns (streams-pumps)', () => {
  const sql = `CREATE OR REPLACE STREAM "TEMPSTREAM" ("column1" BIGINT NOT NULL, "column2" INTEGER, "column3" VARCHAR(64));
    CREATE OR REPLACE PUMP "SAMPLEPUMP" AS INSERT INTO "TEMPSTREAM" ("column1", "column2", "column3") SELECT STREAM a, b, c FROM "INPUTSTREAM";
    CREATE OR REPLACE PUMP "OTHER" AS INSERT INTO "TEMPSTREAM" ("column3", "column1") SELECT STREAM c, a FROM "INPUTSTREAM" WHERE a > 1;`;
  const inputs = [input('INPUTSTREAM', { A: 'BIGINT', B: 'INTEGER', C: 'VARCHAR(8)' })];
  const rows = [1, 2].map((A) => ({ at: `10:00:0${A}`, row: { A, B: A, C: 'c' } }));
  expect(runSql(sql, { inputs }, rows, '11:00:00', 'TEMPSTREAM')).toEqual(['1 1 c', '2 2 c', '2 null c']);
});

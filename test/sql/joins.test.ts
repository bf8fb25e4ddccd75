// SQL Reference, "JOIN clause": the six examples. Where a page's own table contradicts its text (an order that has matched stands there once more as
// unmatched, and columns of two rows have changed places), the text is followed.
import { describe, expect, it } from 'vitest';
import { compileSql } from '../../src/lib/sql/compile-sql.js';
import { type Arrival, clock, input, rowsOf, runSql } from './run-sql.js';

const inputs = [input('ORDERS_STREAM', { orderid: 'INTEGER' }), input('SHIPMENTS_STREAM', { orderid: 'INTEGER' })];
const order = (at: string, orderid: number): Arrival => ({ at, to: 'ORDERS_STREAM', row: { orderid } });
const shipment = (at: string, orderid: number): Arrival => ({ at, to: 'SHIPMENTS_STREAM', row: { orderid } });
const arrivals = [
  order('10:00:00', 101),
  shipment('10:00:00', 100),
  order('10:00:20', 102),
  order('10:00:30', 103),
  order('10:00:40', 104),
  shipment('10:00:45', 104),
  order('10:00:45', 100),
  shipment('10:00:50', 105),
];
const MINUTE = "OVER (RANGE INTERVAL '1' MINUTE PRECEDING)";

function join(kind: string, shipments: string, id = 's'): string[] {
  const sql = `SELECT STREAM ROWTIME AS "resultrowtime", ${id}."orderid", s.ROWTIME AS "shipmenttime", o.ROWTIME AS "ordertime"
    FROM ORDERS_STREAM ${MINUTE} AS o ${kind} JOIN SHIPMENTS_STREAM ${shipments} AS s ON o."orderid" = s."orderid"`;
  return runSql(sql, { inputs }, arrivals);
}

describe('joins of two streams', () => {
  it('example 1: a window on one side', () => {
    expect(join('', '')).toEqual(['10:00:45 104 10:00:45 10:00:40']);
  });

  it('example 2: windows on both sides find a late order', () => {
    expect(join('INNER', MINUTE)).toEqual(['10:00:45 104 10:00:45 10:00:40', '10:00:45 100 10:00:00 10:00:45']);
  });

  it('example 3: RIGHT JOIN without a window on the right gives unmatched rows at once', () => {
    expect(join('RIGHT', '')).toEqual([
      '10:00:00 100 10:00:00 null',
      '10:00:45 104 10:00:45 10:00:40',
      '10:00:50 105 10:00:50 null',
    ]);
  });

  it('example 4: RIGHT JOIN with a window gives them at its end', () => {
    expect(join('RIGHT', MINUTE)).toEqual([
      '10:00:45 104 10:00:45 10:00:40',
      '10:00:45 100 10:00:00 10:00:45',
      '10:01:50 105 10:00:50 null',
    ]);
  });

  it('example 5: LEFT JOIN with a window on the left', () => {
    expect(join('LEFT', '', 'o')).toEqual([
      '10:00:45 104 10:00:45 10:00:40',
      '10:01:00 101 null 10:00:00',
      '10:01:20 102 null 10:00:20',
      '10:01:30 103 null 10:00:30',
      '10:01:45 100 null 10:00:45',
    ]);
  });

  it('example 6: LEFT JOIN with windows on both sides', () => {
    expect(join('LEFT', MINUTE, 'o')).toEqual([
      '10:00:45 104 10:00:45 10:00:40',
      '10:00:45 100 10:00:00 10:00:45',
      '10:01:00 101 null 10:00:00',
      '10:01:20 102 null 10:00:20',
      '10:01:30 103 null 10:00:30',
    ]);
  });

  it('FULL JOIN keeps both', () => {
    expect(join('FULL', MINUTE, 'o')).toEqual([
      '10:00:45 104 10:00:45 10:00:40',
      '10:00:45 100 10:00:00 10:00:45',
      '10:01:00 101 null 10:00:00',
      '10:01:20 102 null 10:00:20',
      '10:01:30 103 null 10:00:30',
      '10:01:50 null 10:00:50 null',
    ]);
  });

  it('takes conditions beside equality, windows of rows, and windows by name', () => {
    const sql = `SELECT STREAM o."orderid", s."orderid" FROM ORDERS_STREAM AS o OVER w JOIN SHIPMENTS_STREAM AS s
      ON s."orderid" > o."orderid" WINDOW w AS (ROWS 1 PRECEDING)`;
    // Without an equality every pair is tried; the last two orders are in the window.
    expect(
      runSql(sql, { inputs }, [
        order('10:00:00', 1),
        order('10:00:01', 2),
        order('10:00:02', 3),
        shipment('10:00:03', 9),
      ]),
    ).toEqual(['2 9', '3 9']);
  });

  it('gives the state back when windows have passed', () => {
    const application = compileSql(
      `SELECT STREAM o."orderid" FROM ORDERS_STREAM ${MINUTE} AS o JOIN SHIPMENTS_STREAM ${MINUTE} AS s USING ("orderid")`,
      { inputs },
    );
    for (let id = 0; id < 100; id += 1)
      application.push('ORDERS_STREAM', [{ data: { orderid: id } }], clock('10:00:00') + id);
    expect(application.state.usedBytes).toBeGreaterThan(0);
    application.advance(clock('10:02:00'));
    expect(application.state.usedBytes).toBe(0);
  });

  it('refuses a window with partitions, and a join without a stream', () => {
    const partitioned =
      'SELECT STREAM * FROM ORDERS_STREAM OVER (PARTITION BY "orderid" ROWS 2 PRECEDING) AS o CROSS JOIN SHIPMENTS_STREAM AS s';
    expect(() => compileSql(partitioned, { inputs })).toThrow('the window of a join cannot have PARTITION BY');
  });
});

describe('joins with a reference table', () => {
  const orders = [input('SOURCE_SQL_STREAM_001', { Ticker: 'VARCHAR(4)', OrderId: 'INTEGER' })];
  const references = [input('CompanyName', { Ticker: 'VARCHAR(4)', Company: 'VARCHAR(20)' })];
  const records = [
    { data: '{"Ticker":"AMZN","Company":"Amazon"}' },
    { data: '{"Ticker":"XYZ","Company":"SomeCompany"}' },
    { data: '{"Ticker":' },
  ];

  function lookUp(kind: string): string[] {
    const sql = `SELECT STREAM s."Ticker", "c"."Company" FROM "SOURCE_SQL_STREAM_001" AS s ${kind} JOIN "CompanyName" AS "c" ON s."Ticker" = "c"."Ticker" AND "OrderId" > 1`;
    const application = compileSql(sql, { inputs: orders, references });
    expect(application.loadReference('CompanyName', records)).toEqual(['The record is not JSON.']);
    const arriving = [
      ['AMZN', 1003],
      ['ABC', 5],
      ['AMZN', 1],
    ].map(([Ticker, OrderId]) => ({ data: { Ticker, OrderId } }));
    return rowsOf(application, application.push('SOURCE_SQL_STREAM_001', arriving, clock('10:00:00')));
  }

  it('adds what the table says (app-add-reference-data)', () => {
    expect(lookUp('')).toEqual(['AMZN Amazon']);
    expect(lookUp('LEFT')).toEqual(['AMZN Amazon', 'ABC null', 'AMZN null']);
  });

  it('takes a new table while it runs', () => {
    const application = compileSql(
      'SELECT STREAM "Company" FROM "SOURCE_SQL_STREAM_001" AS s JOIN "CompanyName" AS c USING ("Ticker")',
      { inputs: orders, references },
    );
    const push = (): string[] =>
      rowsOf(application, application.push('SOURCE_SQL_STREAM_001', [{ data: { Ticker: 'AMZN' } }], 1));
    expect(push()).toEqual([]);
    application.loadReference('CompanyName', records.slice(0, 1));
    expect(push()).toEqual(['Amazon']);
  });

  it('refuses to read the table alone', () => {
    expect(() => compileSql('SELECT STREAM * FROM "CompanyName"', { inputs: orders, references })).toThrow(
      '"CompanyName" is a reference table.',
    );
  });
});

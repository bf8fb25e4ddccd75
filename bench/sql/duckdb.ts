// DuckDB in process, as the peer that evaluates the same filter over the same micro-batches. Two ways, and the faster one counts: JSON taken apart by
// DuckDB itself from a list parameter of a prepared statement, and rows parsed by JSON.parse and given to an appender.
import { createRequire } from 'node:module';

/** What is used of @duckdb/node-api, which is installed beside the benchmarks only. */
interface Connection {
  run(sql: string): Promise<unknown>;
  prepare(sql: string): Promise<Prepared>;
  createAppender(table: string): Promise<Appender>;
}
interface Prepared {
  bindList(index: number, values: readonly string[], type: unknown): void;
  runAndReadAll(): Promise<{ getRows(): unknown[][] }>;
}
interface Appender {
  appendVarchar(value: string): void;
  appendInteger(value: number): void;
  endRow(): void;
  closeSync(): void;
}
interface DuckDb {
  DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
  LIST(type: unknown): unknown;
  VARCHAR: unknown;
}

export interface PeerWay {
  readonly name: string;
  /** Answers how many rows pass. */
  run(records: readonly string[]): Promise<number>;
}

/** @returns undefined where @duckdb/node-api is not installed: `npm install` in bench/ */
export async function duckDbWays(): Promise<PeerWay[] | undefined> {
  let duckdb: DuckDb;
  try {
    duckdb = createRequire(import.meta.url)('@duckdb/node-api') as DuckDb;
  } catch {
    return undefined;
  }
  const instance = await duckdb.DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('SET threads TO 1');
  await connection.run('CREATE TABLE batch (transactionId VARCHAR, "transaction" INTEGER)');
  const json = await connection.prepare(
    `SELECT j->>'$.transactionId', CAST(j->>'$.transaction' AS INTEGER) AS t FROM (SELECT unnest($1) AS j) WHERE t > 9000`,
  );
  const list = duckdb.LIST(duckdb.VARCHAR);
  return [
    {
      name: 'DuckDB, JSON inside',
      run: async (records) => {
        json.bindList(1, records, list);
        return (await json.runAndReadAll()).getRows().length;
      },
    },
    {
      name: 'DuckDB, appender',
      run: async (records) => {
        await connection.run('DELETE FROM batch');
        const appender = await connection.createAppender('batch');
        for (const record of records) {
          const { transactionId, transaction } = JSON.parse(record) as { transactionId: string; transaction: number };
          appender.appendVarchar(transactionId);
          appender.appendInteger(transaction);
          appender.endRow();
        }
        appender.closeSync();
        const query = await connection.prepare(
          'SELECT transactionId, "transaction" FROM batch WHERE "transaction" > 9000',
        );
        return (await query.runAndReadAll()).getRows().length;
      },
    },
  ];
}

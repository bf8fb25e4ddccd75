// The streaming SQL engine beside DuckDB on micro-batches, in one run:  npx tsx bench/sql/run.ts [--short]
// The filter takes JSON records apart and passes a tenth of them. Then rows a second of one core through a filter and a GROUP BY of ten seconds.
import { compileSql } from '../../src/lib/sql/compile-sql.js';
import { duckDbWays } from './duckdb.js';

const short = process.argv.includes('--short');
const SECONDS = short ? 0.5 : 3;
const inputs = [
  {
    name: 'SOURCE_SQL_STREAM_001',
    columns: [
      { name: 'transactionId', type: 'VARCHAR(64)' },
      { name: 'transaction', type: 'INTEGER' },
    ],
  },
];
const FILTER = `CREATE OR REPLACE STREAM "DESTINATION_SQL_STREAM" ("transactionId" VARCHAR(64), "transaction" INTEGER);
  CREATE OR REPLACE PUMP "STREAM_PUMP" AS INSERT INTO "DESTINATION_SQL_STREAM"
  SELECT STREAM "transactionId", "transaction" FROM "SOURCE_SQL_STREAM_001" WHERE "transaction" > 9000;`;

await filter();
groups();

async function filter(): Promise<void> {
  const ways = await duckDbWays();
  if (!ways) console.log('DuckDB left out: run npm install in bench/');
  console.log(row('filter', 'rows a batch', 'ms a batch', 'times pipectl', 'CPU ms', 'times pipectl'));
  for (const size of [1, 500, 5000]) {
    const records = Array.from({ length: size }, (_, index) => transaction(index));
    const application = compileSql(FILTER, { inputs });
    const wrapped = records.map((data) => ({ data }));
    let now = 0;
    const ours = await measure(() => {
      now += 1;
      return Promise.resolve(
        application.push('SOURCE_SQL_STREAM_001', wrapped, now).reduce((sum, { rows }) => sum + rows.length, 0),
      );
    });
    print('pipectl', size, ours, ours);
    for (const way of ways ?? []) {
      const theirs = await measure(() => way.run(records));
      if (theirs.rows !== ours.rows) throw new Error(`${way.name}: ${theirs.rows} rows, not ${ours.rows}`);
      print(way.name, size, theirs, ours);
    }
  }
}

interface Measured {
  /** Of the fastest tenth of the batches: what else runs here slows the others. */
  readonly ms: number;
  /** Of the whole process, helper threads too. */
  readonly cpuMs: number;
  readonly rows: number;
}

/** Batches for as long as said, after some to warm up. */
async function measure(run: () => Promise<number>): Promise<Measured> {
  let rows = 0;
  const until = async (seconds: number): Promise<number[]> => {
    const taken: number[] = [];
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      const from = performance.now();
      rows = await run();
      taken.push(performance.now() - from);
    }
    return taken.sort((a, b) => a - b);
  };
  await until(SECONDS / 2);
  const before = process.cpuUsage();
  const taken = await until(SECONDS);
  const { user, system } = process.cpuUsage(before);
  return { ms: taken[Math.floor(taken.length / 10)] ?? Number.NaN, cpuMs: (user + system) / 1000 / taken.length, rows };
}

function groups(): void {
  const application = compileSql(
    `SELECT STREAM "transactionId", COUNT(*) AS n, SUM("transaction") AS total FROM "SOURCE_SQL_STREAM_001"
      WHERE "transaction" > 1000 GROUP BY "transactionId", STEP(ROWTIME BY INTERVAL '10' SECOND)`,
    { inputs },
  );
  const count = short ? 200_000 : 2_000_000;
  const batches = Array.from({ length: 20 }, (_, batch) =>
    Array.from({ length: 500 }, (_, index) => ({ data: transaction(batch * 500 + index, 1000) })),
  );
  let counted = 0n;
  const take = (emitted: ReturnType<typeof application.advance>): void => {
    for (const { rows } of emitted) for (const { values } of rows) counted += BigInt(String(values[1] ?? 0));
  };
  const before = process.cpuUsage();
  // Each batch of 500 is 5 ms of a stream of 100,000 rows/s.
  for (let done = 0; done < count; done += 500)
    take(application.push('SOURCE_SQL_STREAM_001', batches[(done / 500) % 20] ?? [], done / 100));
  take(application.advance(count));
  const { user, system } = process.cpuUsage(before);
  const passing = batches
    .flat()
    .filter(({ data }) => (JSON.parse(data) as { transaction: number }).transaction > 1000).length;
  if (counted !== BigInt((passing * count) / 10_000)) throw new Error(`${counted} rows counted`);
  console.log(
    `\nfilter and GROUP BY of ten seconds, 1,000 keys: ${thousands(count / ((user + system) / 1_000_000))} rows a second of CPU`,
  );
}

function transaction(index: number, keys = Number.POSITIVE_INFINITY): string {
  const id = String(Number.isFinite(keys) ? index % keys : index).padStart(12, '0');
  return JSON.stringify({
    transactionId: `00000000-0000-4000-8000-${id}`,
    transaction: (index * 7919) % 10_000,
    name: 'Ada Lovelace',
    city: 'London',
  });
}

function print(name: string, size: number, { ms, cpuMs }: Measured, ours: Measured): void {
  console.log(
    row(
      name,
      thousands(size),
      ms.toFixed(4),
      (ms / ours.ms).toFixed(1),
      cpuMs.toFixed(4),
      (cpuMs / ours.cpuMs).toFixed(1),
    ),
  );
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(24) + cells.map((cell) => cell.padStart(16)).join('');
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { createClients } from '../../src/lib/target/clients.js';
import { BIN, cleanEnvironment, newStateFolder, runPipectl, spawnPipectl } from '../cli/spawn-pipectl.js';
import { localTarget } from '../local-target.js';
import { makeStream, readAll } from '../produce/local-load.js';
import { runCommand } from './run-command.js';

let endpoint: Endpoint;
let kinesis: KinesisClient;
const folder = newStateFolder();
const at = (): string[] => ['--endpoint-url', endpoint.url];
const all = ['--from', 'trim-horizon', '--until', 'now'];

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0, limits: 'off' });
  kinesis = await createClients(localTarget(endpoint.url)).kinesis();
  await makeStream(kinesis, 'prices', 1);
  await put('prices', [
    { symbol: 'A', price: 9001 },
    { symbol: 'B', price: 12.5 },
    { symbol: 'C', price: 9500.75 },
  ]);
});
afterAll(() => endpoint.close());

const put = (StreamName: string, values: object[]): Promise<unknown> =>
  kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: values.map((value, n) => ({ Data: Buffer.from(JSON.stringify(value)), PartitionKey: `k${n}` })),
    }),
  );
const sql = (...words: string[]) => runCommand(['sql', ...words, ...at()]);

describe('one query', () => {
  const query = ['prices', 'SELECT STREAM * FROM "SOURCE_SQL_STREAM_001" WHERE "price" > 9000', ...all];

  it('gives NDJSON in a pipe, and counts on stderr', async () => {
    const run = await sql(...query);
    expect(run).toMatchObject({ exitCode: 0, stdout: '{"symbol":"A","price":9001}\n{"symbol":"C","price":9500.75}\n' });
    expect(run.stderr).toContain('3 records read, 2 rows');
  });

  it('gives a table in a terminal', async () => {
    const { stdout } = await runCommand(['sql', ...query, '--no-color', ...at()], { tty: true });
    expect(stdout).toBe('symbol    price\nA          9001\nC       9500.75\n');
  });

  it('gives CSV', async () => expect((await sql(...query, '--csv')).stdout).toBe('symbol,price\nA,9001\nC,9500.75\n'));

  it('says with --json where each row comes from', async () => {
    const { stdout } = await sql(...query, '--json', '-n', '1');
    expect(JSON.parse(stdout)).toEqual({
      stream: 'RESULT',
      rowtime: expect.stringMatching(/^\d{4}-/),
      mayRepeat: false,
      data: { symbol: 'A', price: 9001 },
    });
  });

  it('appends to a file', async () => {
    const file = join(folder, 'rows.csv');
    await sql(...query, '--into', file);
    expect(readFileSync(file, 'utf8')).toBe('symbol,price\nA,9001\nC,9500.75\n');
  });

  it('writes to a stream', async () => {
    await makeStream(kinesis, 'large', 1);
    const run = await sql(...query, '--into', 'stream:large');
    expect(run).toMatchObject({ exitCode: 0, stdout: '' });
    expect((await readAll(kinesis, 'large')).map(({ data }) => data.toString())).toEqual([
      '{"symbol":"A","price":9001}',
      '{"symbol":"C","price":9500.75}',
    ]);
  });

  it.runIf(process.platform === 'linux')('ends quietly for head -1, also if the stream is quiet', async () => {
    const words = ['sql', ...query.slice(0, 2), '--from', 'trim-horizon', ...at()];
    const env = cleanEnvironment(folder);
    const shell = spawn('sh', ['-c', '"$0" "$@" | head -1', process.execPath, BIN, ...words], { env });
    let [out, err] = ['', ''];
    shell.stdout.on('data', (chunk) => (out += chunk));
    shell.stderr.on('data', (chunk) => (err += chunk));
    await once(shell, 'close');
    expect(out).toBe('{"symbol":"A","price":9001}\n');
    expect(err).not.toMatch(/EPIPE|error/i);
  });

  it('says on Ctrl-C what it did', async () => {
    const spawned = spawnPipectl(
      ['sql', ...query.slice(0, 2), '--from', 'trim-horizon', ...at()],
      cleanEnvironment(folder),
    );
    await spawned.says('"A"');
    spawned.child.kill('SIGINT');
    const { exitCode, stderr } = await spawned.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('3 records read, 2 rows');
  });
});

it('ends the windows of what was read to its end', async () => {
  const text = `SELECT STREAM COUNT(*) AS n, SUM(price) AS s FROM prices GROUP BY STEP(prices.ROWTIME BY INTERVAL '1' HOUR)`;
  expect((await sql('prices', text, ...all)).stdout).toBe('{"N":3,"S":18514.25}\n');
});

it('reports and counts rows that cannot be computed', async () => {
  const run = await sql('prices', 'SELECT symbol, 1 / CAST(price - 9001 AS INTEGER) AS n FROM prices', ...all);
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toContain('{"SYMBOL":"B","N":0}');
  expect(run.stderr).toContain('row error DivisionByZero: Division by zero. ["A"');
  expect(run.stderr).toContain('3 records read, 2 rows, 1 row error');
  const typed = await sql('prices', 'SELECT price FROM prices', ...all, '--columns', 'price INTEGER');
  expect(typed.stderr).toContain('3 records read, 1 row, 2 row errors');
});

it('takes a whole application from a file, with a schema', async () => {
  const file = join(folder, 'application.sql');
  writeFileSync(
    file,
    `CREATE STREAM "LARGE" ("symbol" VARCHAR(4)); CREATE STREAM "SMALL" ("symbol" VARCHAR(4));
     CREATE PUMP "P" AS INSERT INTO "LARGE" SELECT STREAM "symbol" FROM "SOURCE_SQL_STREAM_001" WHERE "price" > 9000;
     CREATE PUMP "Q" AS INSERT INTO "SMALL" SELECT STREAM "symbol" FROM "SOURCE_SQL_STREAM_001" WHERE "price" < 9000;`,
  );
  const schema = join(folder, 'schema.json');
  const RecordColumns = [
    { Name: 'symbol', SqlType: 'VARCHAR(4)', Mapping: '$.symbol' },
    { Name: 'price', SqlType: 'DOUBLE', Mapping: '$.price' },
  ];
  writeFileSync(schema, JSON.stringify({ RecordFormat: { RecordFormatType: 'JSON' }, RecordColumns }));
  const { stdout } = await sql('prices', '--file', file, '--schema', schema, ...all, '--json');
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { stream: string; data: object });
  expect(rows.map(({ stream, data }) => [stream, data])).toEqual([
    ['LARGE', { symbol: 'A' }],
    ['LARGE', { symbol: 'C' }],
    ['SMALL', { symbol: 'B' }],
  ]);
});

it('explains, and prints a job of Flink, without running anything', async () => {
  const explained = await sql('prices', 'SELECT symbol FROM prices WHERE price > 1', '--explain');
  expect(explained.stdout).toContain('columns: "SYMBOL" VARCHAR, "PRICE" DOUBLE');
  expect(explained.stdout).toContain('read "PRICES"');
  const job = await sql('prices', 'SELECT symbol FROM prices', '--print', 'flink', '--into', 'stream:large');
  expect(job.stdout).toContain("'stream.arn' = 'arn:aws:kinesis:us-east-1:000000000000:stream/large'");
  expect(job.stdout).toContain('INSERT INTO `RESULT`');
});

it.each([
  [['prices'], 'Missing argument: QUERY.'],
  [['prices', 'SELEC 1'], 'SQL line 1, column 1'],
  [['prices', 'SELECT nothing FROM prices', ...all], 'column "NOTHING" not found.'],
  [['prices', 'SELECT * FROM prices', '--engine', 'flink'], 'does not submit jobs to Flink'],
  [['prices', 'SELECT * FROM prices', '--into', 'stream:'], '"stream:" names no stream'],
  [['prices', 'SELECT * FROM prices', '--schema', 'none.json'], '--schema: none.json: file not found.'],
])('refuses %j in one sentence', async (words, sentence) => {
  const run = await sql(...words);
  expect(run.stderr).toContain(sentence);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
});

describe('with a checkpoint', () => {
  it('gives rows behind a limit in the next run, and refuses another query', async () => {
    const checkpoint = join(folder, 'limit.checkpoint');
    const words = ['prices', 'SELECT symbol FROM prices', ...all, '--checkpoint', checkpoint];
    expect((await sql(...words, '-n', '1')).stdout).toBe('{"SYMBOL":"A"}\n');
    expect((await sql(...words)).stdout).toBe('{"SYMBOL":"B"}\n{"SYMBOL":"C"}\n');
    expect((await sql(...words)).stdout).toBe('');
    const other = await sql('prices', 'SELECT price FROM prices', ...all, '--checkpoint', checkpoint);
    expect(other).toMatchObject({ exitCode: 2 });
    expect(other.stderr).toContain('was written for another query or schema');
    const tail = await runCommand(['tail', 'prices', '--checkpoint', checkpoint, ...at()]);
    expect(tail.stderr).toContain('was written by pipectl sql');
  });

  it('keeps the rows of open windows', async () => {
    await makeStream(kinesis, 'windows', 1);
    const checkpoint = join(folder, 'windows.checkpoint');
    // ROWTIME is the time of reading: a window of a year ends for neither run.
    const text = 'SELECT n, COUNT(*) OVER (ROWS 10 PRECEDING) AS c FROM windows';
    const words = ['windows', text, ...all, '--columns', 'n BIGINT', '--checkpoint', checkpoint];
    await put('windows', [{ n: 1 }, { n: 2 }]);
    expect((await sql(...words)).stdout).toBe('{"N":1,"C":1}\n{"N":2,"C":2}\n');
    await put('windows', [{ n: 3 }]);
    expect((await sql(...words)).stdout).toBe('{"N":3,"C":3}\n');
  });

  it('loses no row over kill -9', { timeout: 60_000 }, async () => {
    await makeStream(kinesis, 'killed', 2);
    const env = cleanEnvironment(folder);
    const [file, checkpoint] = [join(folder, 'killed.ndjson'), join(folder, 'killed.checkpoint')];
    const words = ['sql', 'killed', 'SELECT n FROM killed', '--into', file, '--checkpoint', checkpoint, ...at()];
    const first = spawnPipectl(words, env);
    await first.says('reading killed: 2 shards');
    let n = 0;
    const load = (async () => {
      for (; n < 4000; n += 100) {
        await put(
          'killed',
          Array.from({ length: 100 }, (_, index) => ({ n: n + index })),
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const size = (): number => (existsSync(file) ? readFileSync(file).length : 0);
    for (let round = 0; round < 3; round += 1) {
      const running = round === 0 ? first : spawnPipectl(words, env);
      const before = size();
      await expect.poll(size, { timeout: 15_000 }).toBeGreaterThan(before + 2000);
      running.child.kill('SIGKILL');
      expect((await running.ended).signal).toBe('SIGKILL');
    }
    await load;
    expect((await runPipectl([...words, '--until', 'now'], env)).exitCode).toBe(0);
    // A write that was cut by the kill is followed by the same row, whole.
    const seen = new Set(
      [...readFileSync(file, 'utf8').matchAll(/\{"N":(\d+)\}/g)].map(([, number]) => Number(number)),
    );
    expect(seen.size).toBe(4000);
  });
});

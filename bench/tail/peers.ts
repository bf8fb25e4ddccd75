// What one would use instead of `pipectl tail`. Each is built once, into a folder that is kept between runs; a row whose tools are missing
// here says so.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, hasTool, once, run } from '../../test/interop/tools.js';

const here = fileURLToPath(new URL('./peers/', import.meta.url));
const DYNAMODB_PORT = 8497;

/** One program to measure: it writes each record's JSON as a line to stdout, and ends after `records` of them. */
export interface Peer {
  name: string;
  command: string[];
  /** Ends what it needed beside it. */
  close?(): void;
}

/** A peer that cannot run here, and why. */
export interface Absent {
  name: string;
  why: string;
}

const NODE = 'Node SDK v3 loop';
const PYTHON = 'boto3 loop';
const KCL = 'KCL 3.5.1';

/** @param url of the source, @param records how many there are in it */
export async function peers(url: string, records: number): Promise<(Peer | Absent)[]> {
  const found: (Peer | Absent)[] = [];
  for (const [name, tools, make] of [
    [NODE, ['node'], nodePeer],
    [PYTHON, ['python3'], pythonPeer],
    [KCL, ['mvn', 'java', 'npm'], kclPeer],
  ] as const) {
    const missing = tools.filter((tool) => !hasTool(tool));
    found.push(
      missing.length > 0
        ? { name, why: `${missing.join(' and ')} not installed` }
        : await make(url, records).catch((error: Error) => ({
            name,
            why: `cannot be built: ${error.message.slice(0, 200)}`,
          })),
    );
  }
  return found;
}

async function nodePeer(url: string, records: number): Promise<Peer> {
  return { name: NODE, command: [process.execPath, join(here, 'node-sdk.mjs'), url, String(records)] };
}

async function pythonPeer(url: string, records: number): Promise<Peer> {
  const folder = await cacheFolder('bench-tail-python');
  const python = join(folder, 'bin', 'python');
  const pinned = 'boto3==1.44.5';
  await once(folder, pinned, async () => {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', pinned]);
  });
  return { name: PYTHON, command: [python, join(here, 'boto.py'), url, String(records)] };
}

/** The KCL keeps its leases in DynamoDB: dynalite stands in for it, in a process of its own that is not counted. */
async function kclPeer(url: string, records: number): Promise<Peer> {
  const folder = await cacheFolder('bench-kcl');
  const list = join(folder, 'class-path');
  const sources = await Promise.all(
    ['pom.xml', 'src/main/java/Consumer.java'].map((path) => readFile(join(here, 'kcl', path), 'utf8')),
  );
  const dynalite = 'dynalite@4.0.0';
  await once(folder, [dynalite, ...sources].join('\n'), async () => {
    cpSync(join(here, 'kcl'), folder, { recursive: true });
    await run('mvn', ['-q', '-B', 'compile', 'dependency:build-classpath', `-Dmdep.outputFile=${list}`], {
      cwd: folder,
    });
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', dynalite], { cwd: folder });
  });
  const leases = await startDynalite(join(folder, 'node_modules', 'dynalite', 'cli.js'));
  const classPath = [join(folder, 'target', 'classes'), await readFile(list, 'utf8')].join(delimiter);
  return {
    name: KCL,
    command: ['java', '-cp', classPath, 'Consumer', url, `http://127.0.0.1:${DYNAMODB_PORT}`, String(records)],
    close: () => leases.kill(),
  };
}

function startDynalite(program: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [program, '--port', String(DYNAMODB_PORT), '--host', '127.0.0.1', '--createTableMs', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`dynalite exited ${code}`)));
  });
}

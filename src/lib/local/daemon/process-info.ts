import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's, but there
  }
}

/** Ended, but its parent has not asked how: common in containers whose first process does not reap. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // `PID (NAME) STATE …`, and the name may hold anything.
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** When a process started, by the kernel's clock: with the pid it names one process for ever. Undefined where the system does not tell. */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    // The 22nd field; the second one, the name, is in brackets and may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

/** The words a process was started with, joined; undefined where the system does not tell. */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    }
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout.trim();
  } catch {
    return undefined;
  }
}

/** Who listens on a TCP port of this machine, as far as this user may know. */
export async function portHolder(port: number): Promise<{ pid: number; program: string } | undefined> {
  const pid = process.platform === 'linux' ? await holderFromProc(port) : await holderFromLsof(port);
  if (pid === undefined) return undefined;
  return { pid, program: programOf((await commandLine(pid)) ?? '') };
}

/** `node --inspect /opt/x/server.js --port 1` -> `node server.js`: what tells a person which of their programs it is. */
export function programOf(line: string): string {
  const [program = '', ...args] = line.split(' ').map((word) => word.split('/').at(-1) ?? word);
  if (!/^(node|python[\d.]*|java|ruby|bash|sh|bun|deno)$/.test(program)) return program;
  const script = args.find((word) => /\.([cm]?[jt]s|py|rb|jar|sh)$/.test(word) && !word.startsWith('loader.'));
  return script ? `${program} ${script}` : program;
}

async function holderFromLsof(port: number): Promise<number | undefined> {
  try {
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp']);
    const pid = Number(/^p(\d+)/m.exec(stdout)?.[1]);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** /proc/net/tcp names the socket's inode, /proc/PID/fd the process that holds it. */
async function holderFromProc(port: number): Promise<number | undefined> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const listens = fields[3] === '0A';
      if (listens && Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (inodes.has(link)) return Number(pid);
    }
  }
  return undefined;
}

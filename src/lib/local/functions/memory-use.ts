import { execFile } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Resident memory, in KB, of a process and all its descendants; undefined when it cannot be told. Pages they share count for each. */
export async function residentKb(pid: number): Promise<number | undefined> {
  return process.platform === 'linux' ? treeFromProc(pid) : treeFromPs(pid);
}

const PAGE_KB = 4;

function treeFromProc(pid: number): number | undefined {
  let total: number | undefined;
  const pids = [pid];
  for (let next = pids.pop(); next !== undefined; next = pids.pop()) {
    try {
      const pages = Number(readFileSync(`/proc/${next}/statm`, 'latin1').split(' ')[1]);
      total = (total ?? 0) + pages * PAGE_KB;
      const children = readFileSync(`/proc/${next}/task/${next}/children`, 'latin1');
      for (const child of children.split(' ')) if (child !== '') pids.push(Number(child));
    } catch {
      // gone meanwhile, or a kernel that does not list children
    }
  }
  return total;
}

/** The most memory that one process ever had resident; read often, so the file stays open. */
export interface PeakMemory {
  /** KB; undefined where the system does not tell, and after the process is gone. */
  read(): number | undefined;
  close(): void;
}

const UNKNOWN: PeakMemory = { read: () => undefined, close: () => {} };

export function openPeakMemory(pid: number): PeakMemory {
  if (process.platform !== 'linux') return UNKNOWN;
  let file: number;
  try {
    file = openSync(`/proc/${pid}/status`, 'r');
  } catch {
    return UNKNOWN;
  }
  const text = Buffer.alloc(4096);
  let open = true;
  return {
    read() {
      if (!open) return undefined;
      try {
        const bytes = readSync(file, text, 0, text.length, 0);
        const at = text.indexOf('VmHWM:', 0, 'latin1');
        return at < 0 || at > bytes ? undefined : Number.parseInt(text.toString('latin1', at + 6, at + 30), 10);
      } catch {
        return undefined;
      }
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

function treeFromPs(root: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid=,rss='], { timeout: 2_000 }, (error, stdout) => {
      if (error) return resolve(undefined);
      const children = new Map<number, number[]>();
      const rss = new Map<number, number>();
      for (const line of stdout.split('\n')) {
        const [pid, parent, kb] = line.trim().split(/\s+/).map(Number);
        if (pid === undefined || parent === undefined || kb === undefined) continue;
        rss.set(pid, kb);
        children.set(parent, [...(children.get(parent) ?? []), pid]);
      }
      let total = 0;
      const pids = [root];
      for (let next = pids.pop(); next !== undefined; next = pids.pop()) {
        total += rss.get(next) ?? 0;
        pids.push(...(children.get(next) ?? []));
      }
      return resolve(rss.has(root) ? total : undefined);
    });
  });
}

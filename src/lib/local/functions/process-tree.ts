import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process and all its descendants, as far as the system tells at this moment: on Linux only, where it costs a few small files.
 * Elsewhere just the process itself.
 */
function treeOf(pid: number): number[] {
  const found = [pid];
  if (process.platform !== 'linux') return found;
  for (let index = 0; index < found.length; index++) {
    try {
      const children = readFileSync(`/proc/${found[index]}/task/${found[index]}/children`, 'latin1');
      for (const child of children.split(' ')) if (child !== '') found.push(Number(child));
    } catch {
      // gone meanwhile, or a kernel that does not list children
    }
  }
  return found;
}

/** Ends a process, its group and its descendants at once, those in sessions of their own too where the system tells of them. */
export function killTree(pid: number): void {
  const members = treeOf(pid);
  for (const target of [-pid, ...members]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}

/** Resident memory, in KB, of a process and its descendants; undefined when it cannot be told. Pages they share count for each. */
export async function residentKb(pid: number): Promise<number | undefined> {
  return process.platform === 'linux' ? residentFromProc(pid) : residentFromPs(pid);
}

const PAGE_KB = 4;

function residentFromProc(pid: number): number | undefined {
  let total: number | undefined;
  for (const member of treeOf(pid)) {
    try {
      const pages = Number(readFileSync(`/proc/${member}/statm`, 'latin1').split(' ')[1]);
      total = (total ?? 0) + pages * PAGE_KB;
    } catch {
      // gone meanwhile
    }
  }
  return total;
}

function residentFromPs(root: number): Promise<number | undefined> {
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

import { readdir, readFile } from 'node:fs/promises';

/** Rounds over all processes: what forks while it is looked for is found in the next one. */
const ROUNDS = 20;

/**
 * Kills what a dead process left behind under no parent and in no group of its: a daemon. On Linux alone, where the system shows the
 * environment that a process was started with, and all that a function starts inherits its own.
 */
export interface StrayProcesses {
  /** @param mark a variable and its value, `NAME=value`, that only those have. Resolves when none is left. */
  kill(mark: string): Promise<void>;
}

export function createStrayProcesses(): StrayProcesses {
  /** One look at the system's processes serves all who asked before it began. */
  let next: { marks: Set<string>; done: Promise<void> } | undefined;
  return {
    kill(mark) {
      if (process.platform !== 'linux') return Promise.resolve();
      if (!next) {
        const marks = new Set<string>();
        const done = new Promise((resolve) => setImmediate(resolve)).then(() => {
          next = undefined;
          return killMarked(marks);
        });
        next = { marks, done };
      }
      next.marks.add(mark);
      return next.done;
    },
  };
}

async function killMarked(marks: ReadonlySet<string>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const marked = await Promise.all(pids.map((pid) => isMarked(pid, marks)));
    if (!marked.includes(true)) return;
    for (const [index, pid] of pids.entries()) if (marked[index]) end(Number(pid));
  }
}

async function isMarked(pid: string, marks: ReadonlySet<string>): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
    return environment.split('\0').some((entry) => marks.has(entry));
  } catch {
    return false; // gone meanwhile, or somebody else's
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

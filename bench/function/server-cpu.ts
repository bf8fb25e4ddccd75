import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

/**
 * CPU time, in milliseconds, that all living descendants of this process have used: the endpoint under test and its functions. It says
 * what an invocation costs also on a machine that others keep busy. Undefined where there is no /proc.
 */
export function serverCpuMs(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const parents = new Map<number, number>();
  const used = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
      parents.set(Number(name), Number(fields[1]));
      used.set(Number(name), (Number(fields[11]) + Number(fields[12])) * TICK_MS);
    } catch {
      // gone meanwhile
    }
  }
  let sum = 0;
  for (const pid of used.keys()) {
    for (let at = parents.get(pid); at !== undefined; at = parents.get(at)) {
      if (at !== process.pid) continue;
      sum += used.get(pid) ?? 0;
      break;
    }
  }
  return sum;
}

import { closeSync, openSync, readSync } from 'node:fs';

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

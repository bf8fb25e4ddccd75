import { watch } from 'node:fs';
import { sep } from 'node:path';

/** Editors write a file in several steps. */
const SETTLE_MS = 100;
const IGNORED = new Set(['node_modules', '.git', '__pycache__', '.venv']);

/**
 * Watches the files below a folder, without packages and caches.
 * @param onChange told of one of the files that changed, once they settle
 * @returns what ends the watching
 */
export function watchCode(folder: string, onChange: (file: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    const file = name ?? '';
    if (file.split(sep).some((part) => IGNORED.has(part))) return;
    clearTimeout(timer);
    timer = setTimeout(() => onChange(file), SETTLE_MS);
  });
  watcher.on('error', () => {}); // a folder below it went away
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

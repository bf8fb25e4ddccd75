import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UsageError } from '../shared/errors.js';

/**
 * Reads `--env NAME=VALUE`, `--env NAME` (your own value) and `--env-file FILE`; `--env` goes before the file.
 * @throws UsageError
 */
export function handlerEnvironment(
  words: readonly string[],
  file: string | undefined,
  own: NodeJS.ProcessEnv,
): Record<string, string> {
  const found: Record<string, string> = file === undefined ? {} : readEnvFile(file);
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const text = value ?? own[name ?? ''];
    if (name === undefined || text === undefined)
      throw new UsageError(`--env: ${name === undefined ? `"${word}" is not NAME=VALUE` : `${name} is not set`}.`, {
        hint: 'For example: --env TABLE=orders',
      });
    found[name] = text;
  }
  return found;
}

function readEnvFile(path: string): Record<string, string> {
  try {
    return { ...(parseEnv(readFileSync(path, 'utf8')) as Record<string, string>) };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(`--env-file: ${path}: ${missing ? 'file not found' : 'cannot read the file'}.`, {
      cause: error,
    });
  }
}

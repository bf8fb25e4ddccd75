import { type FailMode, parseFailModes } from '../../project/fail-mode.js';
import { UsageError } from '../../shared/errors.js';

/**
 * Reads `--fail` as it is given, perhaps several times: `MODES` for every recorder, `NAME=MODES` for one.
 * @returns modes by recorder; '' stands for all of them
 * @throws UsageError when modes cannot be read
 */
export function parseFailFlags(texts: readonly string[]): Map<string, readonly FailMode[]> {
  const modes = new Map<string, readonly FailMode[]>();
  for (const text of texts) {
    const [, name = '', written = ''] = /^(?:([A-Za-z][\w-]*)=)?(.*)$/s.exec(text) ?? [];
    const parsed = parseFailModes(written);
    if (!parsed) {
      throw new UsageError(`--fail: "${written}" is not a fail mode.`, {
        hint: 'Write "503 x3", "429 20%", "500 always", "reset x1", "hang x1" or "late 503 x1"; before it NAME= for one recorder.',
      });
    }
    modes.set(name, parsed);
  }
  return modes;
}

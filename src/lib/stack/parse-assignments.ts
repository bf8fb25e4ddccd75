import { UsageError } from '../shared/errors.js';

/**
 * Reads `NAME=VALUE` words, as `--parameter` and `--tag` take them; the value may hold further `=` signs, and may be empty.
 * @throws UsageError for a word without `=`, or a name given twice with different values
 */
export function parseAssignments(words: readonly string[], flag: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at <= 0) {
      throw new UsageError(`${flag}: "${word}" is not NAME=VALUE.`, {
        hint: `For example: ${flag} ${flag === '--tag' ? 'team=data' : 'Shards=2'}`,
      });
    }
    const name = word.slice(0, at);
    const value = word.slice(at + 1);
    const before = found.get(name) ?? value;
    if (before !== value) throw new UsageError(`${flag}: ${name} is given twice, as "${before}" and as "${value}".`);
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

import { parseDuration } from '../shared/duration.js';
import { UsageError } from '../shared/errors.js';

/**
 * Reads `--since`: a duration back from now (`5m`, `2h`), or a time (`2026-11-21T03:00Z`, with the zone of the machine where it names none).
 * @returns milliseconds since the epoch
 * @throws UsageError
 */
export function parseSince(text: string, now: number, what = '--since'): number {
  if (/^\d{4}-/.test(text)) {
    const time = Date.parse(text);
    if (Number.isNaN(time)) {
      throw new UsageError(`${what}: "${text}" is not a time.`, {
        hint: 'Write 2026-11-21T03:00Z, or 5m for five minutes ago.',
      });
    }
    return time;
  }
  return now - parseDuration(text, what);
}

import { parseDuration } from '../shared/duration.js';
import { UsageError } from '../shared/errors.js';

/**
 * Reads `--since`: a duration back from now (`5m`, `2h`), or a time (`2026-11-21T03:00Z`, with the zone of the machine where it names none).
 * @returns milliseconds since the epoch
 * @throws UsageError
 */
export function parseSince(text: string, now: number, what = '--since'): number {
  const since = /^\d{4}-/.test(text) ? Date.parse(text) : now - durationOf(text);
  if (!Number.isNaN(since)) return since;
  throw new UsageError(`${what}: "${text}" is neither a duration nor a time.`, {
    hint: 'Write 5m for five minutes ago, or 2026-11-21T03:00Z.',
  });
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Number.NaN;
  }
}

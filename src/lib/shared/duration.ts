import { UsageError } from './errors.js';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/**
 * Reads a duration such as `500ms`, `2s`, `1.5m`, `1h30m` or `2d`.
 * @returns milliseconds
 * @throws UsageError when the text is not a duration; `what` names the flag or field in the message
 */
export function parseDuration(text: string, what = 'duration'): number {
  if (!WHOLE.test(text)) {
    throw new UsageError(`${what}: "${text}" is not a duration.`, {
      hint: 'Write a number and a unit: 500ms, 30s, 5m, 48h, 2d.',
    });
  }
  let ms = 0;
  for (const [, value, unit] of text.matchAll(PART)) ms += Number(value) * (UNIT_MS[unit ?? ''] ?? 0);
  return ms;
}

/** Writes milliseconds the way a person reads them: `4.2 ms`, `812 ms`, `1.4 s`, `2m 5s`, `1h 30m`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  return pair(Math.floor(minutes / 1440), 'd', Math.round((minutes % 1440) / 60), 'h');
}

const pair = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit} ${small}${smallUnit}`;

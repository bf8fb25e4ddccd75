import { parseDuration } from './duration.js';
import { UsageError } from './errors.js';

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(?:Z|[+-](\d{2}):?(\d{2})?)?)?$/i;
/** Shorter numbers are no times that anybody means: 9 digits of seconds are the year 1973. */
const EPOCH = /^\d{9,19}(?:\.\d+)?$/;

/**
 * Counts of seconds since 1970 stay below 10^11 for 3,000 years, and counts of milliseconds have been above it since 1973; the same bounds,
 * a thousand times as high each, part them from microseconds and nanoseconds.
 */
const MS_IN_UNIT = [
  [1e11, 1000],
  [1e14, 1],
  [1e17, 1e-3],
  [Number.POSITIVE_INFINITY, 1e-6],
] as const;

/** The instant of a count of seconds (as GetRecords prints them), milliseconds, microseconds or nanoseconds since 1970. @returns milliseconds */
export function epochMsOf(count: number): number {
  const [, ms] = MS_IN_UNIT.find(([bound]) => count < bound) ?? MS_IN_UNIT[0];
  return count * ms;
}

/**
 * Reads a date or a time of ISO 8601. A date alone is midnight UTC; a time without a zone is of the machine's zone.
 * @returns milliseconds since the epoch; undefined for any other text, and for a date or a time that does not exist (2026-02-30)
 */
export function readIsoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const exists =
    inRange(month, 1, 12) &&
    inRange(day, 1, new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate()) &&
    inRange(hour, 0, 23) &&
    inRange(minute, 0, 59) &&
    inRange(second, 0, 59) &&
    inRange(zoneHour, 0, 23) &&
    inRange(zoneMinute, 0, 59);
  if (!exists) return undefined;
  const epochMs = Date.parse(
    text
      .replace(/^(.{10}) /, '$1T')
      .replace(/\s/, '')
      .replace(',', '.')
      .replace(/([+-]\d{2}):?(\d{2})?$/, (whole, hours: string, minutes = '00') =>
        match[4] === undefined ? whole : `${hours}:${minutes}`,
      ),
  );
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/**
 * Reads an instant as a person writes it: a time ago (`5m`), a date or time of ISO 8601, or a count since 1970 (`1763632800`).
 * @returns milliseconds since the epoch; undefined where the text is none of these
 */
export function readInstant(text: string, now: number): number | undefined {
  if (EPOCH.test(text)) return epochMsOf(Number(text));
  const iso = readIsoTime(text);
  if (iso !== undefined || /^\d{4}-/.test(text)) return iso;
  try {
    return now - parseDuration(text);
  } catch {
    return undefined;
  }
}

/**
 * {@link readInstant} for a flag that looks back.
 * @throws UsageError for what is no instant, and for one that is in the future
 */
export function parsePastInstant(text: string, what: string, now: number): number {
  const epochMs = readInstant(text, now);
  if (epochMs === undefined) {
    throw new UsageError(`${what}: "${text}" is not a valid time.`, {
      hint: 'Use a time ago (5m), an ISO 8601 time (2026-11-21T03:00Z) or seconds since 1970.',
    });
  }
  refuseFuture(epochMs, text, what, now);
  return epochMs;
}

/** @throws UsageError for an instant that lies ahead, where nothing can have been written yet */
function refuseFuture(epochMs: number, text: string, what: string, now: number): void {
  if (epochMs > now)
    throw new UsageError(`${what}: ${text} is in the future.`, { hint: 'Use a time in the past, such as 5m.' });
}

const inRange = (value: number | undefined, low: number, high: number): boolean =>
  value !== undefined && value >= low && value <= high;

import { UsageError } from './errors.js';

const FACTOR: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6 };
const AMOUNT = /^(-?\d+(?:\.\d+)?|-?\d{1,3}(?:,\d{3})+)([kKM]?)$/;

/** Reads a number as a person writes it: `250`, `2.5`, `10,000`, `10k` (thousands), `2M` (millions). @returns undefined for any other text */
export function readAmount(text: string): number | undefined {
  const [, digits, unit = ''] = AMOUNT.exec(text) ?? [];
  if (digits === undefined) return undefined;
  // 0.29 * 1e3 is 290 and 1.1 * 1e3 is 1100.0000000000002: what is written in thousandths is a whole number.
  return Number((Number(digits.replaceAll(',', '')) * (FACTOR[unit] ?? 1)).toFixed(6));
}

/**
 * Reads a whole number: `5`, `10,000`, `10k`.
 * @throws UsageError when the text is not one, or not within `min` and `max`
 */
export function parseCount(text: string, what: string, bounds: { min?: number; max?: number } = {}): number {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  const value = readAmount(text);
  if (value !== undefined && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${what}: "${text}" is not a whole number${rangeInWords(min, max)}.`, {
    hint: min >= 0 && max >= 1000 ? 'Use digits, or k for thousands: 10000 or 10k.' : undefined,
  });
}

function rangeInWords(min: number, max: number): string {
  const low = min > Number.MIN_SAFE_INTEGER;
  const high = max < Number.MAX_SAFE_INTEGER;
  if (low && high) return ` from ${min} to ${max}`;
  if (low) return ` of ${min} or more`;
  return high ? ` of ${max} or less` : '';
}

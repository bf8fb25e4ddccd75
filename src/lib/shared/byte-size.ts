import { UsageError } from './errors.js';

const UNIT: Record<string, number> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/**
 * Reads a size such as `250`, `250B`, `64KiB`, `2MB` or `1.5GiB`: kB, MB and GB are powers of 1000, KiB, MiB and GiB of 1024.
 * @returns bytes, rounded to a whole number
 * @throws UsageError when the text is not a size; `what` names the flag or field in the message
 */
export function parseByteSize(text: string, what = 'size'): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(text);
  const unit = UNIT[(match?.[2] ?? 'b').toLowerCase()];
  if (!match || unit === undefined) {
    throw new UsageError(`${what}: "${text}" is not a size.`, {
      hint: 'Write a number and a unit: 250B, 64KiB, 2MB, 1GiB.',
    });
  }
  return Math.round(Number(match[1]) * unit);
}

/** Writes bytes the way a person reads them, in powers of 1024: `250 B`, `1.5 KiB`, `3.0 MiB`. */
export function formatByteSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${Math.round(value)} B` : `${value.toFixed(1)} ${units[unit]}`;
}

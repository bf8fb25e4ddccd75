import { UsageError } from '../shared/errors.js';

/** Reads how many times faster than life a replay goes. @throws UsageError */
export function parseSpeed(text: string, what = 'speed'): number {
  const speed = /^\d+(\.\d+)?x?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (speed > 0) return speed;
  throw new UsageError(`${what}: "${text}" is no factor.`, { hint: 'Write 10 for ten times as fast, 0.5 for half.' });
}

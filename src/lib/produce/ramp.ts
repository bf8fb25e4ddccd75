import { readAmount } from '../shared/count.js';
import { parseDuration } from '../shared/duration.js';
import { UsageError } from '../shared/errors.js';
import type { Burst, Ramp } from './rate.js';

/**
 * Reads `0:3000:60s`: from 0 to 3,000 records a second over a minute, and 3,000 from then on.
 * @throws UsageError
 */
export function parseRamp(text: string, what = 'ramp'): Ramp {
  const [from, to, time, ...more] = text.split(':');
  const rates = { from: readAmount(from ?? ''), to: readAmount(to ?? '') };
  if (!isRate(rates.from) || !isRate(rates.to) || !time || more.length > 0) {
    throw new UsageError(`${what}: "${text}" is not a ramp.`, {
      hint: 'Write FROM:TO:TIME in records a second: 0:3000:60s.',
    });
  }
  const ramp = { from: rates.from, to: rates.to, overMs: parseDuration(time, what) };
  if (ramp.overMs === 0 || ramp.from + ramp.to === 0)
    throw new UsageError(`${what}: "${text}" never sends anything.`, { hint: 'Give it a time and a rate above zero.' });
  return ramp;
}

/**
 * Reads `5000:2s:30s`: every 30 seconds, for 2 seconds, 5,000 records a second.
 * @throws UsageError
 */
export function parseBurst(text: string, what = 'burst'): Burst {
  const [rate, length, every, ...more] = text.split(':');
  const perSecond = readAmount(rate ?? '');
  if (!isRate(perSecond) || !length || !every || more.length > 0) {
    throw new UsageError(`${what}: "${text}" is not a burst.`, {
      hint: 'Write RATE:LENGTH:EVERY: 5000:2s:30s is 5,000 records/s for 2 s, every 30 s.',
    });
  }
  const burst = {
    perSecond,
    lengthMs: parseDuration(length, what),
    everyMs: parseDuration(every, what),
  };
  if (burst.perSecond === 0 || burst.lengthMs === 0) throw new UsageError(`${what}: a burst of zero sends nothing.`);
  if (burst.lengthMs >= burst.everyMs)
    throw new UsageError(`${what}: a burst of ${length} every ${every} never ends.`, {
      hint: 'Its length must be shorter than its distance.',
    });
  return burst;
}

const isRate = (perSecond: number | undefined): perSecond is number => perSecond !== undefined && perSecond >= 0;

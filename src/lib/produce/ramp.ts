import { parseDuration } from '../shared/duration.js';
import { UsageError } from '../shared/errors.js';
import type { Burst, Ramp } from './rate.js';

/**
 * Reads `0:3000:60s`: from 0 to 3,000 records a second over a minute, and 3,000 from then on.
 * @throws UsageError
 */
export function parseRamp(text: string, what = 'ramp'): Ramp {
  const match = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?):([^:]+)$/.exec(text);
  if (!match) {
    throw new UsageError(`${what}: "${text}" is not a ramp.`, {
      hint: 'Write FROM:TO:TIME in records a second: 0:3000:60s.',
    });
  }
  const ramp = { from: Number(match[1]), to: Number(match[2]), overMs: parseDuration(match[3] ?? '', what) };
  if (ramp.overMs === 0 || ramp.from + ramp.to === 0)
    throw new UsageError(`${what}: "${text}" never sends anything.`, { hint: 'Give it a time and a rate above zero.' });
  return ramp;
}

/**
 * Reads `5000:2s:30s`: every 30 seconds, for 2 seconds, 5,000 records a second.
 * @throws UsageError
 */
export function parseBurst(text: string, what = 'burst'): Burst {
  const match = /^(\d+(?:\.\d+)?):([^:]+):([^:]+)$/.exec(text);
  if (!match) {
    throw new UsageError(`${what}: "${text}" is not a burst.`, {
      hint: 'Write RATE:LENGTH:EVERY: 5000:2s:30s is 5,000 records/s for 2 s, every 30 s.',
    });
  }
  const burst = {
    perSecond: Number(match[1]),
    lengthMs: parseDuration(match[2] ?? '', what),
    everyMs: parseDuration(match[3] ?? '', what),
  };
  if (burst.perSecond === 0 || burst.lengthMs === 0) throw new UsageError(`${what}: a burst of zero sends nothing.`);
  if (burst.lengthMs >= burst.everyMs)
    throw new UsageError(`${what}: a burst of ${match[2]} every ${match[3]} never ends.`, {
      hint: 'Its length must be shorter than its distance.',
    });
  return burst;
}

import { UsageError } from '../shared/errors.js';

/**
 * Reads a rate of invocations: `50`, `50/s`, `90/m`.
 * @returns invocations a second
 * @throws UsageError
 */
export function parseInvocationRate(text: string, what = 'rate'): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/(s|m|h))?$/.exec(text);
  const perSecond = match ? Number(match[1]) / ({ s: 1, m: 60, h: 3600 }[match[2] ?? 's'] ?? 1) : 0;
  if (perSecond > 0) return perSecond;
  throw new UsageError(`${what}: "${text}" is not a rate.`, {
    hint: 'Write invocations a second, 50 or 50/s, or a minute, 90/m.',
  });
}

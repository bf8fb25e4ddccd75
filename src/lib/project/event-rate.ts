import { UsageError } from '../shared/errors.js';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/**
 * Reads how fast events are sent: `50` and `50/s` are fifty a second, `300/m` is five.
 * @returns events a second, or undefined when the text is not a rate above zero
 */
export function parseEventRate(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text.trim());
  if (!match) return undefined;
  const perSecond = Number(match[1]) / (UNIT_SECONDS[match[2] ?? 's'] ?? 1);
  return perSecond > 0 ? perSecond : undefined;
}

/** {@link parseEventRate} for a flag. @throws UsageError when the text is not a rate; `what` names the flag in the message */
export function requireEventRate(text: string, what = 'rate'): number {
  const rate = parseEventRate(text);
  if (rate !== undefined) return rate;
  throw new UsageError(`${what}: "${text}" is not a rate.`, {
    hint: 'Write events for each second, minute or hour: 50/s, 300/m.',
  });
}

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

const DAY_MS = 86_400_000;

/** How many of these instants lie in the last 24 hours; the older ones are forgotten. */
export function countOfDay(instantsMs: number[], nowMs: number): number {
  while (instantsMs.length > 0 && (instantsMs[0] as number) <= nowMs - DAY_MS) instantsMs.shift();
  return instantsMs.length;
}

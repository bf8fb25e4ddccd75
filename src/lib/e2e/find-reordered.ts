import type { HopSightings } from './hop-sightings.js';

/** Stamps of two lanes come from two machines: so far apart they may be without saying anything of order. */
const LANE_TOLERANCE_MS = 50;

/** When something happened, on a scale of its own. */
interface Order {
  at(n: number): number;
  lane(n: number): number;
  oneLane: boolean;
  /** So much nearer together, two things have no order, unless they share a lane. */
  tolerance: number;
}

const SENDING: Order = { at: (n) => n, lane: () => 0, oneLane: true, tolerance: 0 };

/** By position in one lane. Lanes are read side by side, so between them only the service's stamps count. */
function orderOf(hop: HopSightings): Order {
  const lane = (n: number): number => hop.lane(n);
  return hop.oneLane
    ? { at: (n) => hop.position(n), lane, oneLane: true, tolerance: 0 }
    : { at: (n) => hop.stampedAtMs(n), lane, oneLane: false, tolerance: LANE_TOLERANCE_MS };
}

/**
 * Events that arrived after one of their key that was behind them at the hop before (or, at the first hop, was sent behind them).
 * @param keyOf the key of an event
 */
export function findReordered(
  events: readonly number[],
  keyOf: (n: number) => number,
  here: HopSightings,
  before: HopSightings | undefined,
): number[] {
  const [now, then] = [orderOf(here), before ? orderOf(before) : SENDING];
  const comparable = before ? events.filter((n) => before.has(n)) : [...events];
  comparable.sort((a, b) => here.position(a) - here.position(b));
  const reordered = new Set<number>();
  const furthest = new Map<string, number>();
  for (const n of comparable) {
    const group = `${keyOf(n)} ${now.lane(n)} ${then.lane(n)}`;
    const position = before ? before.position(n) : n;
    const ahead = furthest.get(group) ?? -1;
    if (position < ahead) reordered.add(n);
    else furthest.set(group, position);
  }
  if (!now.oneLane || !then.oneLane)
    for (const events of byKey(comparable, keyOf).values())
      for (const n of overtaken(events, now, then)) reordered.add(n);
  return [...reordered].sort((a, b) => a - b);
}

function byKey(events: readonly number[], keyOf: (n: number) => number): Map<number, number[]> {
  const keys = new Map<number, number[]>();
  for (const n of events) {
    const known = keys.get(keyOf(n));
    if (known) known.push(n);
    else keys.set(keyOf(n), [n]);
  }
  return keys;
}

/** Events of one key that came after another and were clearly before it then. */
function overtaken(events: readonly number[], now: Order, then: Order): number[] {
  const timed = events.filter((n) => !Number.isNaN(now.at(n)) && !Number.isNaN(then.at(n)));
  timed.sort((a, b) => now.at(a) - now.at(b));
  const found: number[] = [];
  let furthest = Number.NEGATIVE_INFINITY;
  let passed = 0;
  for (const n of timed) {
    for (let earlier = timed[passed]; earlier !== undefined; earlier = timed[passed]) {
      if (!(now.at(earlier) < now.at(n) - now.tolerance)) break;
      furthest = Math.max(furthest, then.at(earlier));
      passed += 1;
    }
    if (then.at(n) < furthest - then.tolerance) found.push(n);
  }
  return found;
}

import { SENT_SLOT_MS } from './meter.js';
import type { Pacer } from './pacer.js';

/** The worst second after the first, and the worst 100 ms of all, off the schedule by so many percent; null where too few records were due to tell. */
export interface Evenness {
  worstSecondPercent: number | null;
  worst100msPercent: number | null;
}

/** Records are whole: in a window where fewer are due, one more or less is more than the 2 % that this asks about. */
const FEWEST_DUE = 50;
/** The first second holds what any start holds; its parts are looked at one by one all the same. */
const FIRST_SECOND_MS = 1000;

/**
 * @param sentBySlot records sent in each 100 ms since the start
 * @param plannedMs when the schedule ended
 * @param lumps records wait for each other up to 100 ms, as in aggregates: then 100 ms tell of nothing else
 */
export function evennessOf(
  sentBySlot: readonly number[],
  pacer: Pick<Pacer, 'unitsIn'>,
  plannedMs: number,
  lumps = false,
): Evenness | null {
  const worst = (windowMs: number, fromMs: number): number | null => {
    let most: number | null = null;
    const slots = windowMs / SENT_SLOT_MS;
    // The last window is rarely whole.
    for (let at = fromMs; at + windowMs <= plannedMs; at += windowMs) {
      const due = pacer.unitsIn(at + windowMs) - pacer.unitsIn(at);
      if (due < FEWEST_DUE) continue;
      const first = at / SENT_SLOT_MS;
      const sent = sentBySlot.slice(first, first + slots).reduce((sum, count) => sum + count, 0);
      most = Math.max(most ?? 0, (Math.abs(sent - due) / due) * 100);
    }
    return most === null ? null : Number(most.toFixed(2));
  };
  const evenness = {
    worstSecondPercent: worst(1000, FIRST_SECOND_MS),
    worst100msPercent: lumps ? null : worst(100, 0),
  };
  return evenness.worstSecondPercent === null && evenness.worst100msPercent === null ? null : evenness;
}

import type { Clock } from '../../shared/clock.js';

/** Reading a place whole takes at most this share of the time, so that the pipeline has the rest of it. */
const SHARE = 4;

/** A round that is left out while the last one, which took long, is not long enough ago; the last is never left out. */
export function unhurried(round: () => Promise<void>, { clock }: { clock: Clock }): (last: boolean) => Promise<void> {
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return async (last) => {
    const beganAtMs = clock.now();
    if (!last && beganAtMs < notBeforeMs) return;
    await round();
    const endedAtMs = clock.now();
    notBeforeMs = endedAtMs + (endedAtMs - beganAtMs) * (SHARE - 1);
  };
}

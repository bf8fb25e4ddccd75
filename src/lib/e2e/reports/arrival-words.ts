import type { CheckReport } from '../check-report.js';

/** `all 20 events arrived at every hop`, of a run that is green; one that may lose some says how many it lost. */
export function arrivalWords({ send, lostEvents }: CheckReport): string {
  if (lostEvents.length > 0)
    return `${send.sent - lostEvents.length} of ${send.sent} events arrived at every hop; no more were lost than may be`;
  return `${send.sent === 1 ? 'the one event' : `all ${send.sent} events`} arrived at every hop`;
}

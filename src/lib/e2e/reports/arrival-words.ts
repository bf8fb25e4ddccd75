import type { CheckReport } from '../check-report.js';

/** `all 20 events arrived at every hop; copies: loaded 3`, of a run that passed; one that may lose some says how many it lost. */
export function arrivalWords(report: CheckReport): string {
  return `${arrivals(report)}${copies(report)}`;
}

function arrivals({ send, lostEvents }: CheckReport): string {
  // An event may be lost on several branches.
  const lost = new Set(lostEvents.map(({ n }) => n)).size;
  if (lost > 0) return `${send.sent - lost} of ${send.sent} events arrived at every hop; no more were lost than may be`;
  return `${send.sent === 1 ? 'the one event' : `all ${send.sent} events`} arrived at every hop`;
}

function copies({ hops }: CheckReport): string {
  const doubled = hops.filter(({ duplicated }) => duplicated > 0);
  if (doubled.length === 0) return '';
  return `; copies: ${doubled.map(({ name, duplicated }) => `${name} ${duplicated}`).join(', ')}`;
}

/**
 * Where an event stands in its group: ordered by timestamp, then by arrival. `sequence` counts the region's events from 1.
 * Positions also stand between events, for paging tokens.
 */
export interface EventPosition {
  timestamp: number;
  sequence: number;
}

const DIGITS = 56;
const TIMESTAMP_SHIFT = 144n;

export const comparePositions = (a: EventPosition, b: EventPosition): number =>
  a.timestamp - b.timestamp || a.sequence - b.sequence;

/** An event's id: 56 digits that grow with time, the timestamp in the high bits, as in the ids that AWS gives. */
export function formatEventId({ timestamp, sequence }: EventPosition): string {
  return ((BigInt(timestamp) << TIMESTAMP_SHIFT) + BigInt(sequence)).toString().padStart(DIGITS, '0');
}

/** Reads what `formatEventId` wrote; undefined for anything else. */
export function parseEventId(text: string): EventPosition | undefined {
  if (!/^\d{56}$/.test(text)) return undefined;
  const id = BigInt(text);
  const timestamp = Number(id >> TIMESTAMP_SHIFT);
  const sequence = Number(id & ((1n << TIMESTAMP_SHIFT) - 1n));
  return Number.isSafeInteger(timestamp) && Number.isSafeInteger(sequence) ? { timestamp, sequence } : undefined;
}

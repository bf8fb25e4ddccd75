import type { DecoySpec } from '../check-file/check.js';
import type { Marker } from '../marker.js';

/** One thing to send, in its place. */
export interface PlannedSend {
  marker: Marker;
  payload: unknown;
  key: string;
  /** Which decoy of the check it is; undefined for an event. */
  decoy: number | undefined;
}

/**
 * Events in order, dealt over the keys, with the decoys spread evenly among them and none behind the last event: so nobody waits for decoys,
 * and one that gets through is on its way before the last event is.
 */
export function planSending(
  send: { payload: unknown; count: number; keys: number },
  decoys: readonly DecoySpec[],
): PlannedSend[] {
  const sends: PlannedSend[] = [];
  const pending = decoys.flatMap((decoy, index) => Array.from({ length: decoy.count }, () => ({ decoy, index })));
  let n = 0;
  for (let event = 0; event < send.count; event += 1) {
    const due = Math.round(((event + 1) * pending.length) / send.count);
    for (; n < due; n += 1) {
      const next = pending[n];
      if (next)
        sends.push({
          marker: { kind: 'decoy', n },
          payload: next.decoy.payload,
          key: keyOf(event, send.keys),
          decoy: next.index,
        });
    }
    sends.push({
      marker: { kind: 'event', n: event },
      payload: send.payload,
      key: keyOf(event, send.keys),
      decoy: undefined,
    });
  }
  return sends;
}

/** Events, canaries and decoys are dealt over the keys by their number. */
export const keyOf = (n: number, keys: number): string => `key-${n % keys}`;

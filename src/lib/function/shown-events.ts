import type { LogEvent } from './read-log-events.js';

/** How far behind the newest event a look reaches at least: streams of a group are not written at the same pace. */
const OVERLAP_MS = 15_000;
/** A group in which nothing matches gives no newest event to start from; then it is the clock, less what a delivery may take. */
const SILENT_OVERLAP_MS = 60_000;
/** What a look may see again. Where fewer events were shown, looks reach back to the start. */
const OVERLAP_EVENTS = 500;

/** One look at a group while it is followed. */
export interface Look {
  /** Pages read so far. */
  pages: number;
  /** Whether the event has not been seen before; it has from now on. */
  isNew(event: LogEvent): boolean;
  /** The look is complete: decides where the next begins. */
  end(): void;
}

/**
 * What was shown of a log group, so that each look can begin where late events may still arrive and nothing is shown twice. A group that
 * fits into a page is looked at again as far back as the last few hundred events reach; of a larger one only the last seconds.
 */
export class ShownEvents {
  /** Timestamps of what was shown at `fromMs` or later, by event. */
  readonly #shown = new Map<string, number>();
  #fromMs: number;
  #newestMs: number;

  constructor(sinceMs: number) {
    this.#fromMs = sinceMs;
    this.#newestMs = sinceMs;
  }

  /** Where the next look begins. It never goes back: what is older is forgotten. */
  get fromMs(): number {
    return this.#fromMs;
  }

  look(nowMs: number): Look {
    const copies = new Map<string, number>();
    const look: Look = {
      pages: 0,
      isNew: (event) => {
        const key = keyOf(event, copies);
        if (this.#shown.has(key)) return false;
        this.#shown.set(key, event.timestamp);
        this.#newestMs = Math.max(this.#newestMs, event.timestamp);
        return true;
      },
      end: () => this.#moveOn(look.pages, nowMs),
    };
    return look;
  }

  #moveOn(pages: number, nowMs: number): void {
    // An event may be ahead of the clock; the next look must not begin after those that come in their own time.
    const newestMs = Math.min(this.#newestMs, nowMs);
    const nearMs = Math.max(newestMs - OVERLAP_MS, nowMs - SILENT_OVERLAP_MS);
    const reachMs = pages > 1 ? nearMs : Math.min(nearMs, this.#oldestOfLast(OVERLAP_EVENTS));
    if (reachMs <= this.#fromMs) return;
    this.#fromMs = reachMs;
    for (const [key, timestamp] of this.#shown) if (timestamp < reachMs) this.#shown.delete(key);
  }

  /** The timestamp from which on `count` events were shown; the start, when there were fewer. */
  #oldestOfLast(count: number): number {
    if (this.#shown.size <= count) return this.#fromMs;
    const newestFirst = Float64Array.from(this.#shown.values()).sort().reverse();
    return newestFirst[count] ?? this.#fromMs;
  }
}

/** By id; where an endpoint gives none, by content, the copies counted. */
function keyOf(event: LogEvent, copies: Map<string, number>): string {
  if (event.eventId !== undefined) return event.eventId;
  const content = JSON.stringify([event.timestamp, event.logStream, event.message]);
  const copy = (copies.get(content) ?? 0) + 1;
  copies.set(content, copy);
  return `${copy} ${content}`;
}

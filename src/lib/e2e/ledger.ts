import type { Marker } from './marker.js';

/** One sight of one marker at one hop. */
export interface Sighting {
  marker: Marker;
  /** When this process saw it; milliseconds since the epoch. */
  seenAtMs: number;
  /** When the service says it happened, where it says so: nearer the truth than when a poll came round. */
  stampedAtMs?: number;
}

/** What one hop did to the events. `lost`, `duplicated` and `reordered` count what arose at this hop, not what it was handed so. */
export interface HopTally {
  name: string;
  /** Events that the hop before had; for the first hop, all that were sent. */
  sent: number;
  /** Of all events sent, those that were seen here. */
  arrived: number;
  /** Handed to this hop, and seen neither here nor later. */
  lost: number[];
  /** Not seen here, and yet seen later: the probe missed them, or there is a way round this hop. */
  unseen: number[];
  /** Seen here, and yet later than the check allows. */
  late: number[];
  /** Copies beyond the first that the hop before did not hand over already. */
  duplicated: number;
  /** Events, by number, that came to this hop after a later one of their key which the hop before had in order. */
  reordered: number[];
  /** From sending to the first arrival here, for each event that arrived. */
  fromSendingMs: number[];
  /** From the first arrival at the hop before, for each event that has both. */
  fromBeforeMs: number[];
  /** `service`: latencies come from the services' own stamps; `seen`: from when this process saw the event. */
  clock: 'service' | 'seen';
}

interface Arrivals {
  copies: number;
  first: Sighting;
  /** Position among the first arrivals at this hop. */
  order: number;
}

/** Stamps may differ from this machine's clock by so much before they are thought wrong. */
const CLOCK_TOLERANCE_MS = 50;

/** Who was sent, and who was seen where. Fed by the sender and by every probe; asked for the tallies at any time. */
export class Ledger {
  readonly #hopNames: readonly string[];
  readonly #sent = new Map<number, { key: string; sentAtMs: number }>();
  readonly #events: Map<number, Arrivals>[];
  readonly #decoys: Map<number, number>[];
  readonly #canaries: Set<number>[];

  constructor(hopNames: readonly string[]) {
    this.#hopNames = hopNames;
    this.#events = hopNames.map(() => new Map());
    this.#decoys = hopNames.map(() => new Map());
    this.#canaries = hopNames.map(() => new Set());
  }

  /** An event is about to be sent. */
  sent(n: number, key: string, sentAtMs: number): void {
    this.#sent.set(n, { key, sentAtMs });
  }

  /** The sender was refused for good: nobody may wait for this event. */
  unsend(n: number): void {
    this.#sent.delete(n);
  }

  seen(hop: number, sighting: Sighting): void {
    const { kind, n } = sighting.marker;
    if (kind === 'canary') this.#canaries[hop]?.add(n);
    else if (kind === 'decoy') this.#decoys[hop]?.set(n, (this.#decoys[hop]?.get(n) ?? 0) + 1);
    else {
      const events = this.#events[hop];
      const known = events?.get(n);
      if (known) known.copies += 1;
      else events?.set(n, { copies: 1, first: sighting, order: events.size });
    }
  }

  get sentCount(): number {
    return this.#sent.size;
  }

  /** How many of the events sent have been seen at each hop. */
  arrivedCounts(): number[] {
    return this.#events.map((events) => this.#count(events));
  }

  /** True when every event sent has been seen at every hop. */
  complete(): boolean {
    return this.#events.every((events) => this.#count(events) === this.#sent.size);
  }

  /** Whether a canary of each key has been seen at every hop, and so the whole way is open. */
  warm(keys: number): boolean {
    return this.firstColdHop(keys) === undefined;
  }

  /** Whether a canary of this key has been seen at every hop. A marker's number tells its key: `n` modulo `keys`. */
  warmFor(key: number, keys: number): boolean {
    return this.#canaries.every((seen) => [...seen].some((n) => n % keys === key));
  }

  /** The first hop that lacks a canary of some key. */
  firstColdHop(keys: number): string | undefined {
    return this.#hopNames[this.#canaries.findIndex((seen) => new Set([...seen].map((n) => n % keys)).size < keys)];
  }

  /**
   * Canaries that are still to be expected: once one has come all the way, those sent after it should, too. Those before it may have been
   * missed by what was not ready.
   */
  canariesUnderWay(sent: readonly number[]): number[] {
    const through = sent.find((n) => this.#canaries.every((seen) => seen.has(n)));
    if (through === undefined) return [];
    return sent.slice(sent.indexOf(through)).filter((n) => !this.#canaries.every((seen) => seen.has(n)));
  }

  /** Whether some hop has seen more copies of an event than the next has: they may still be on their way there. */
  copiesUnderWay(): boolean {
    return this.#events.some((events, hop) => {
      const next = this.#events[hop + 1];
      return next !== undefined && [...events].some(([n, { copies }]) => copies > (next.get(n)?.copies ?? copies));
    });
  }

  /** How often decoy `n` was seen at each hop. */
  decoySightings(n: number): number[] {
    return this.#decoys.map((seen) => seen.get(n) ?? 0);
  }

  /** @param deadlineMs what arrives after it has arrived late; by the same clock as the hop's latencies */
  tallies(deadlineMs = Number.POSITIVE_INFINITY): HopTally[] {
    return this.#hopNames.map((_, hop) => this.#tally(hop, deadlineMs));
  }

  #count(events: Map<number, Arrivals>): number {
    let count = 0;
    for (const n of events.keys()) if (this.#sent.has(n)) count += 1;
    return count;
  }

  #tally(hop: number, deadlineMs: number): HopTally {
    const here = this.#events[hop] ?? new Map<number, Arrivals>();
    const before = hop === 0 ? undefined : this.#events[hop - 1];
    const clock = this.#clockOf(here);
    const timeOf = (arrivals: Arrivals, by: 'service' | 'seen'): number =>
      by === 'service' ? (arrivals.first.stampedAtMs ?? arrivals.first.seenAtMs) : arrivals.first.seenAtMs;
    const beforeClock = before && this.#clockOf(before);
    const tally: HopTally = {
      name: this.#hopNames[hop] ?? '',
      sent: before ? this.#count(before) : this.#sent.size,
      arrived: 0,
      lost: [],
      unseen: [],
      late: [],
      duplicated: 0,
      reordered: this.#reordered(here, before),
      fromSendingMs: [],
      fromBeforeMs: [],
      clock,
    };
    for (const [n, { sentAtMs }] of this.#sent) {
      const arrivals = here.get(n);
      const arrivalsBefore = before?.get(n);
      if (!arrivals) {
        const later = this.#events.slice(hop + 1).some((events) => events.has(n));
        if (later) tally.unseen.push(n);
        else if (!before || arrivalsBefore) tally.lost.push(n);
        continue;
      }
      tally.arrived += 1;
      if (timeOf(arrivals, clock) > deadlineMs) tally.late.push(n);
      tally.duplicated += Math.max(0, arrivals.copies - (arrivalsBefore?.copies ?? 1));
      tally.fromSendingMs.push(Math.max(0, timeOf(arrivals, clock) - sentAtMs));
      if (!before) tally.fromBeforeMs.push(Math.max(0, timeOf(arrivals, clock) - sentAtMs));
      else if (arrivalsBefore && beforeClock)
        tally.fromBeforeMs.push(Math.max(0, timeOf(arrivals, clock) - timeOf(arrivalsBefore, beforeClock)));
    }
    return tally;
  }

  /** Events that arrived after one of their key which stood behind them at the hop before (or, at the first hop, was sent behind them). */
  #reordered(here: Map<number, Arrivals>, before: Map<number, Arrivals> | undefined): number[] {
    const rank = (n: number): number | undefined => (before ? before.get(n)?.order : n);
    const furthest = new Map<string, number>();
    const reordered: number[] = [];
    for (const n of here.keys()) {
      const key = this.#sent.get(n)?.key;
      const position = rank(n);
      if (key === undefined || position === undefined) continue;
      const ahead = furthest.get(key) ?? -1;
      if (position < ahead) reordered.push(n);
      else furthest.set(key, position);
    }
    return reordered.sort((a, b) => a - b);
  }

  /**
   * Stamps are believed when each lies between sending and seeing, and when they are finer than a second: some endpoints stamp whole
   * seconds, and a target's clock may be wrong.
   */
  #clockOf(arrivals: Map<number, Arrivals>): 'service' | 'seen' {
    let finer = false;
    for (const [n, { first }] of arrivals) {
      const stamp = first.stampedAtMs;
      const sentAtMs = this.#sent.get(n)?.sentAtMs;
      if (sentAtMs === undefined) continue;
      if (stamp === undefined || stamp < sentAtMs - CLOCK_TOLERANCE_MS || stamp > first.seenAtMs + CLOCK_TOLERANCE_MS)
        return 'seen';
      if (stamp % 1000 !== 0) finer = true;
    }
    return finer ? 'service' : 'seen';
  }
}

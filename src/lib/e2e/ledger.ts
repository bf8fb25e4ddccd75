import { findReordered } from './find-reordered.js';
import { type EventSighting, HopSightings } from './hop-sightings.js';
import { type HopPlace, type HopTree, hopTree } from './hop-tree.js';
import type { Marker } from './marker.js';

/** One sight of one marker at one hop. */
export interface Sighting extends Omit<EventSighting, 'copies'> {
  marker: Marker;
  /** How many copies of the event it holds; 1 when left out. */
  copies?: number;
}

/** One event's times. */
export interface EventTimes {
  n: number;
  /** Milliseconds since the epoch, by this machine's clock. */
  sentAtMs: number;
  /** Milliseconds from sending to the first arrival, by the hop's own clock; hops that it did not reach are left out. */
  hops: Record<string, number>;
}

/** What one hop did to the events. `lost`, `duplicatedHere` and `reordered` count what arose at this hop, not what it was handed so. */
export interface HopTally {
  name: string;
  /** The hop before; undefined where events come from the sender. */
  after: string | undefined;
  /** Events that the hop before had; where events come from the sender, all that were sent. */
  sent: number;
  /** Of all events sent, those that were seen here. */
  arrived: number;
  /** Handed to this hop, and seen neither here nor at any hop behind it. */
  lost: number[];
  /** Not seen here, and yet behind it: the probe missed them, or there is a way round this hop. */
  unseen: number[];
  /** Lost or unseen, and yet here in an invocation that failed. */
  failed: number[];
  /** Seen here, and yet later than the check allows. */
  late: number[];
  /** Copies beyond the first, wherever they arose. */
  duplicated: number;
  /** Copies beyond the most that any hop on the way here had. */
  duplicatedHere: number;
  /** Events, by number, that came to this hop after a later one of their key which the hop before had in order. */
  reordered: number[];
  /** From sending to the first arrival here, for each event that arrived. */
  fromSendingMs: number[];
  /** From the first arrival at the hop before, for each event that has both. */
  fromBeforeMs: number[];
  /** `service`: latencies come from the services' own stamps; `seen`: from when this process saw the event. */
  clock: 'service' | 'seen';
}

/** Stamps may differ from this machine's clock by so much before they are thought wrong. */
const CLOCK_TOLERANCE_MS = 50;

/** Who was sent, and who was seen where. Fed by the sender and by every probe; asked for the tallies at any time. */
export class Ledger {
  readonly #places: readonly HopPlace[];
  readonly #tree: HopTree;
  /** When each event was sent; undefined for those that were not. */
  readonly #sentAtMs: (number | undefined)[] = [];
  readonly #keyOf: number[] = [];
  readonly #keys = new Map<string, number>();
  #sentCount = 0;
  readonly #hops: readonly HopSightings[];
  readonly #decoys: Map<number, number>[];
  readonly #canaries: Set<number>[];

  constructor(places: readonly HopPlace[]) {
    this.#places = places;
    this.#tree = hopTree(places);
    this.#hops = places.map(() => new HopSightings());
    this.#decoys = places.map(() => new Map());
    this.#canaries = places.map(() => new Set());
  }

  /** An event is about to be sent. */
  sent(n: number, key: string, sentAtMs: number): void {
    this.#sentAtMs[n] = sentAtMs;
    const keyNumber = this.#keys.get(key) ?? this.#keys.size;
    this.#keys.set(key, keyNumber);
    this.#keyOf[n] = keyNumber;
    this.#sentCount += 1;
  }

  /** The sender was refused for good: nobody may wait for this event. */
  unsend(n: number): void {
    if (this.#sentAtMs[n] === undefined) return;
    this.#sentAtMs[n] = undefined;
    this.#sentCount -= 1;
    for (const hop of this.#hops) hop.forget(n);
  }

  seen(hop: number, { marker, copies = 1, ...sighting }: Sighting): void {
    const { kind, n } = marker;
    if (kind === 'decoy') this.#decoys[hop]?.set(n, (this.#decoys[hop]?.get(n) ?? 0) + 1);
    else if (kind === 'event') {
      if (this.#sentAtMs[n] !== undefined) this.#hops[hop]?.note(n, { copies, ...sighting });
    } else if (sighting.failed === undefined) this.#canaries[hop]?.add(n);
  }

  get sentCount(): number {
    return this.#sentCount;
  }

  /** How many of the events sent have been seen at each hop. */
  arrivedCounts(): number[] {
    return this.#hops.map(({ arrived }) => arrived);
  }

  /** True when every event sent has been seen at every hop. */
  complete(): boolean {
    return this.#hops.every(({ arrived }) => arrived === this.#sentCount);
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
    return this.#places[this.#canaries.findIndex((seen) => new Set([...seen].map((n) => n % keys)).size < keys)]?.name;
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

  /** Whether some hop has seen more copies of an event than one that it hands on to: they may still be on their way there. */
  copiesUnderWay(): boolean {
    const sent = this.#sentNumbers();
    return this.#hops.some((here, hop) =>
      this.#at(this.#tree.next(hop)).some((next) => sent.some((n) => next.has(n) && here.copies(n) > next.copies(n))),
    );
  }

  /** How often decoy `n` was seen at each hop. */
  decoySightings(n: number): number[] {
    return this.#decoys.map((seen) => seen.get(n) ?? 0);
  }

  /** @param deadlineMs what arrives after it has arrived late; by the same clock as the hop's latencies */
  tallies(deadlineMs = Number.POSITIVE_INFINITY): HopTally[] {
    const sent = this.#sentNumbers();
    return this.#hops.map((_, hop) => this.#tally(hop, sent, deadlineMs));
  }

  #at(hops: readonly number[]): HopSightings[] {
    return hops.flatMap((hop) => this.#hops[hop] ?? []);
  }

  /** Every event that was sent, with its times, in the order of their numbers. */
  *times(): Generator<EventTimes> {
    const sent = this.#sentNumbers();
    const clocks = this.#hops.map((hop) => this.#timesOf(hop, this.#clockOf(hop, sent)));
    for (const n of sent) {
      const sentAtMs = this.#sentAtMs[n] ?? 0;
      const hops: Record<string, number> = {};
      for (const [index, { name }] of this.#places.entries())
        if (this.#hops[index]?.has(n)) hops[name] = Math.max(0, (clocks[index]?.(n) ?? sentAtMs) - sentAtMs);
      yield { n, sentAtMs, hops };
    }
  }

  #sentNumbers(): number[] {
    return [...this.#sentAtMs.keys()].filter((n) => this.#sentAtMs[n] !== undefined);
  }

  #tally(hop: number, sent: readonly number[], deadlineMs: number): HopTally {
    const here = this.#hops[hop] ?? new HopSightings();
    const former = this.#at(this.#tree.ancestors(hop));
    const [before] = former;
    const later = this.#at(this.#tree.behind(hop));
    // What came out of the hop before on another branch went through it, whether or not it was seen there.
    const parent = this.#tree.before(hop);
    const handedOn = parent === undefined ? [] : this.#at([parent, ...this.#tree.behind(parent)]);
    const clock = this.#clockOf(here, sent);
    const timeOf = this.#timesOf(here, clock);
    const timeBefore = before && this.#timesOf(before, this.#clockOf(before, sent));
    const tally: HopTally = {
      name: this.#places[hop]?.name ?? '',
      after: this.#places[hop]?.after,
      sent: before ? before.arrived : this.#sentCount,
      arrived: here.arrived,
      lost: [],
      unseen: [],
      failed: [],
      late: [],
      duplicated: 0,
      duplicatedHere: 0,
      reordered: findReordered(
        sent.filter((n) => here.has(n)),
        (n) => this.#keyOf[n] ?? 0,
        here,
        before,
      ),
      fromSendingMs: [],
      fromBeforeMs: [],
      clock,
    };
    for (const n of sent) {
      const copies = here.copies(n);
      tally.duplicated += Math.max(0, copies - 1);
      tally.duplicatedHere += Math.max(0, copies - Math.max(1, ...former.map((each) => each.copies(n))));
      if (!here.has(n)) {
        const missing = later.some((each) => each.has(n)) ? tally.unseen : tally.lost;
        if (missing === tally.lost && before && !handedOn.some((each) => each.has(n))) continue;
        missing.push(n);
        if (here.failed(n)) tally.failed.push(n);
        continue;
      }
      if (timeOf(n) > deadlineMs) tally.late.push(n);
      const fromSending = Math.max(0, timeOf(n) - (this.#sentAtMs[n] ?? 0));
      tally.fromSendingMs.push(fromSending);
      if (!before || !timeBefore) tally.fromBeforeMs.push(fromSending);
      else if (before.has(n)) tally.fromBeforeMs.push(Math.max(0, timeOf(n) - timeBefore(n)));
    }
    return tally;
  }

  #timesOf(hop: HopSightings, clock: HopTally['clock']): (n: number) => number {
    if (clock === 'seen') return (n) => hop.seenAtMs(n);
    return (n) => hop.stampedAtMs(n);
  }

  /**
   * Stamps are believed when each lies between sending and seeing, and when they are finer than a second: some endpoints stamp whole
   * seconds, and a target's clock may be wrong.
   */
  #clockOf(hop: HopSightings, sent: readonly number[]): HopTally['clock'] {
    let finer = false;
    for (const n of sent) {
      if (!hop.has(n)) continue;
      const stamp = hop.stampedAtMs(n);
      const fits =
        stamp >= (this.#sentAtMs[n] ?? 0) - CLOCK_TOLERANCE_MS && stamp <= hop.seenAtMs(n) + CLOCK_TOLERANCE_MS;
      if (!fits) return 'seen';
      if (stamp % 1000 !== 0) finer = true;
    }
    return finer ? 'service' : 'seen';
  }
}

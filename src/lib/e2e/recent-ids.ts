import type { Clock } from '../shared/clock.js';

/** Longer than the time that a later pass looks back when its probes open. */
const TURN_MS = 20_000;

/** The ids of what was seen lately, so that a later reader of the same place counts nothing once more. Older ones are forgotten. */
export class RecentIds {
  readonly #clock: Clock;
  #turnedAtMs: number;
  #now = new Set<string>();
  #before = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#turnedAtMs = clock.now();
  }

  /** @returns whether it is new; nothing without an id is known */
  add(id: string | undefined): boolean {
    if (id === undefined) return true;
    if (this.#now.has(id) || this.#before.has(id)) return false;
    if (this.#clock.now() - this.#turnedAtMs > TURN_MS) {
      this.#before = this.#now;
      this.#now = new Set();
      this.#turnedAtMs = this.#clock.now();
    }
    this.#now.add(id);
    return true;
  }
}

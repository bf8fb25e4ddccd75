import type { Clock } from '../shared/clock.js';
import { IdSet } from './id-set.js';

/** Longer than the time that a later pass looks back when its probes open. */
const TURN_MS = 10_000;

/** The ids of what was seen lately, so that a later reader of the same place counts nothing once more. Older ones are forgotten. */
export class RecentIds {
  readonly #clock: Clock;
  #turnedAtMs: number;
  #now = new IdSet();
  #before = new IdSet();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#turnedAtMs = clock.now();
  }

  /** @returns whether it is new; nothing without an id is known */
  add(id: string | undefined): boolean {
    if (id === undefined) return true;
    if (this.#before.has(id) || this.#now.has(id)) return false;
    if (this.#clock.now() - this.#turnedAtMs > TURN_MS) {
      this.#before = this.#now;
      this.#now = new IdSet();
      this.#turnedAtMs = this.#clock.now();
    }
    return this.#now.add(id);
  }
}

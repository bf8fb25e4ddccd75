/** What is to be noted of one sight of an event. */
export interface EventSighting {
  /** How many copies of the event it holds. */
  copies: number;
  seenAtMs: number;
  stampedAtMs?: number;
  lane?: string;
  failed?: 'line' | 'invocation';
}

const START = 1024;

/** The sightings of events at one hop, in columns by event number, so that hundreds of thousands take little memory. */
export class HopSightings {
  #arrived = 0;
  #positions = 0;
  readonly #lanes = new Map<string, number>();
  #copies = new Uint32Array(START);
  #failed = new Uint8Array(START);
  #seenAtMs = new Float64Array(START).fill(Number.NaN);
  #stampedAtMs = new Float64Array(START).fill(Number.NaN);
  #position = new Float64Array(START);
  #lane = new Uint32Array(START);

  /** Events that have arrived, those that were taken back left out. */
  get arrived(): number {
    return this.#arrived;
  }

  /** Whether everything here is in one order. */
  get oneLane(): boolean {
    return this.#lanes.size <= 1;
  }

  note(n: number, sighting: EventSighting): void {
    this.#grow(n);
    const { copies, seenAtMs, stampedAtMs = Number.NaN, lane = '', failed } = sighting;
    if (failed !== 'invocation') this.#copies[n] = this.copies(n) + copies;
    if (failed !== undefined) {
      this.#failed[n] = 1;
      return;
    }
    const known = this.has(n);
    if (!known) {
      this.#arrived += 1;
      this.#seenAtMs[n] = seenAtMs;
    }
    this.#positions += 1;
    const laneNumber = this.#lanes.get(lane) ?? this.#lanes.size;
    this.#lanes.set(lane, laneNumber);
    // Which of two copies in two lanes was read first says nothing.
    if (known && (laneNumber === this.#lane[n] || !(stampedAtMs < this.stampedAtMs(n)))) return;
    this.#stampedAtMs[n] = stampedAtMs;
    this.#position[n] = this.#positions;
    this.#lane[n] = laneNumber;
  }

  /** Forgets an event that was not sent after all. */
  forget(n: number): void {
    if (!this.has(n)) return;
    this.#arrived -= 1;
    this.#seenAtMs[n] = Number.NaN;
  }

  has(n: number): boolean {
    return n < this.#seenAtMs.length && !Number.isNaN(this.seenAtMs(n));
  }

  /** How often it stands here, failed invocations' lines included. */
  copies(n: number): number {
    return this.#copies[n] ?? 0;
  }

  /** Whether an invocation that failed has had it. */
  failed(n: number): boolean {
    return this.#failed[n] === 1;
  }

  seenAtMs(n: number): number {
    return this.#seenAtMs[n] ?? Number.NaN;
  }

  /** By the service's clock; NaN where it does not say. */
  stampedAtMs(n: number): number {
    return this.#stampedAtMs[n] ?? Number.NaN;
  }

  /** Its place among all that was seen here. */
  position(n: number): number {
    return this.#position[n] ?? 0;
  }

  lane(n: number): number {
    return this.#lane[n] ?? 0;
  }

  #grow(n: number): void {
    const { length } = this.#seenAtMs;
    if (n < length) return;
    const more = Math.max(2 * length, n + 1);
    this.#copies = grown(this.#copies, new Uint32Array(more));
    this.#failed = grown(this.#failed, new Uint8Array(more));
    this.#seenAtMs = grown(this.#seenAtMs, new Float64Array(more).fill(Number.NaN));
    this.#stampedAtMs = grown(this.#stampedAtMs, new Float64Array(more).fill(Number.NaN));
    this.#position = grown(this.#position, new Float64Array(more));
    this.#lane = grown(this.#lane, new Uint32Array(more));
  }
}

function grown<Column extends { set(from: Column): void }>(old: Column, larger: Column): Column {
  larger.set(old);
  return larger;
}

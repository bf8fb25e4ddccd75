import { formatByteSize } from '../../shared/byte-size.js';

/** Something that holds records or events and can let go of its oldest ones. */
export interface Holder {
  /** Arrival of the newest among those that would go first, in milliseconds; undefined when nothing can go. */
  oldestMs(): number | undefined;
  /** Lets go of them, and gives their bytes back by `count`. */
  dropOldest(): void;
}

const SMALLEST_UNIT_BYTES = 4096;

/** Bounds the bytes that all holders of a service take together: over the bound the oldest go, whoever holds them. */
export class MemoryBudget {
  readonly #maxBytes: number;
  readonly #onFull: (bound: string) => void;
  readonly #holders = new Set<Holder>();
  #usedBytes = 0;
  #said = false;

  /** @param onFull told once, when the bound is reached for the first time, with the bound in words */
  constructor(maxBytes: number, onFull: (bound: string) => void) {
    this.#maxBytes = maxBytes;
    this.#onFull = onFull;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  join(holder: Holder): void {
    this.#holders.add(holder);
  }

  leave(holder: Holder): void {
    this.#holders.delete(holder);
  }

  /**
   * How much a holder should allocate at a time, when it would like `wanted`: less, the more holders there are, so that what each has
   * allocated and not yet filled stays a small part of the whole.
   */
  unitBytes(wanted: number): number {
    return Math.max(SMALLEST_UNIT_BYTES, Math.min(wanted, Math.floor(this.#maxBytes / (8 * this.#holders.size))));
  }

  /** Makes room for bytes that a holder is about to allocate. What the holder itself holds may go as well. */
  makeRoom(bytes: number): void {
    while (this.#usedBytes + bytes > this.#maxBytes && this.#dropOldest());
  }

  /** Counts bytes allocated, or given back where negative. */
  count(bytes: number): void {
    this.#usedBytes += bytes;
  }

  #dropOldest(): boolean {
    let oldest: Holder | undefined;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const holder of this.#holders) {
      const ms = holder.oldestMs();
      if (ms !== undefined && ms < oldestMs) {
        oldest = holder;
        oldestMs = ms;
      }
    }
    if (!oldest) return false;
    oldest.dropOldest();
    if (!this.#said) {
      this.#said = true;
      this.#onFull(formatByteSize(this.#maxBytes));
    }
    return true;
  }
}

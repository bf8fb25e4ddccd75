/**
 * Random numbers for test data. Each record starts from its own number, so record n is the same whoever makes it and in whatever order:
 * that is what lets several workers share one seeded sequence.
 */
export class Random {
  readonly #seed: number;
  #state = 0;
  #weyl = 0;

  constructor(seed: number) {
    this.#seed = mix(seed >>> 0) ^ mix(Math.floor(seed / 2 ** 32) >>> 0);
  }

  /** Goes to the beginning of record n's numbers. */
  startRecord(n: number): void {
    this.#state = mix(this.#seed ^ (n >>> 0));
    this.#weyl = mix(this.#state + 0x9e3779b9 + Math.floor(n / 2 ** 32)) | 1;
  }

  /** A whole number of 32 bits. */
  bits(): number {
    this.#state = (this.#state + this.#weyl) | 0;
    return mix(this.#state);
  }

  /** At least 0 and below 1. */
  unit(): number {
    return this.bits() / 4_294_967_296;
  }

  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number {
    return Math.floor((this.bits() / 4_294_967_296) * limit);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const a = this.bits();
    const b = this.bits();
    const c = this.bits();
    const d = this.bits();
    return `${HEX[a >>> 16]}${HEX[a & 0xffff]}-${HEX[b >>> 16]}-${HEX[(b & 0x0fff) | 0x4000]}-${HEX[((c >>> 16) & 0x3fff) | 0x8000]}-${HEX[c & 0xffff]}${HEX[d >>> 16]}${HEX[d & 0xffff]}`;
  }

  /** Eight hexadecimal digits. */
  token(): string {
    const bits = this.bits();
    // The large table would be read from memory twice a record.
    return String.fromCharCode(
      digit(bits >>> 28),
      digit(bits >>> 24),
      digit(bits >>> 20),
      digit(bits >>> 16),
      digit(bits >>> 12),
      digit(bits >>> 8),
      digit(bits >>> 4),
      digit(bits),
    );
  }
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** The character code of the last hexadecimal digit of a number. */
const digit = (bits: number): number => DIGITS[bits & 15] as number;

/** Four hexadecimal digits for every number of 16 bits. */
const HEX: readonly string[] = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));

/** One place in a chain: what it consumes, whether it may be left out, whether it may come again. */
export interface Place {
  /** `^` and `$` consume nothing and hold at one end of the text. */
  anchor?: 'start' | 'end';
  accepts(code: number): boolean;
  optional: boolean;
  repeats: boolean;
}

const WORD_BITS = 32;
const ASCII = 128;
/** Characters beyond ASCII whose places are remembered. */
const MOST_OTHERS = 1024;

/**
 * Several chains of places, matched anywhere in a text, in one pass and without going back: bit n stands for "place n comes next". Behind each
 * chain is one more bit that nothing leaves; a text matches when one of them is set.
 */
export class BitAutomaton {
  readonly #places: readonly (Place | undefined)[];
  readonly #words: number;
  /** Where chains begin; set at every position, for a match may begin anywhere. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #repeats: Int32Array;
  /** Places that need not consume anything: within the text, at its start, and at its end. */
  readonly #passable: { within: Int32Array; atStart: Int32Array; atEnd: Int32Array; ofEmpty: Int32Array };
  readonly #ascii: readonly Int32Array[];
  readonly #others = new Map<number, Int32Array>();

  constructor(chains: readonly (readonly Place[])[]) {
    this.#places = chains.flatMap((chain) => [...chain, undefined]);
    this.#words = Math.ceil(this.#places.length / WORD_BITS);
    this.#starts = this.#bits((_, index) => index === 0 || this.#places[index - 1] === undefined);
    this.#ends = this.#bits((place) => place === undefined);
    this.#repeats = this.#bits((place) => place?.repeats === true);
    const passable = (...anchors: (string | undefined)[]): Int32Array =>
      this.#bits((place) => place !== undefined && (place.optional || anchors.includes(place.anchor ?? 'none')));
    this.#passable = {
      within: passable(),
      atStart: passable('start'),
      atEnd: passable('end'),
      ofEmpty: passable('start', 'end'),
    };
    this.#ascii = Array.from({ length: ASCII }, (_, code) => this.#accepting(code));
  }

  test(text: string): boolean {
    const words = this.#words;
    const state = new Int32Array(words);
    for (let position = 0; ; position += 1) {
      if (this.#enter(state, this.#passableAt(position, text.length))) return true;
      if (position === text.length) return false;
      const accepting = this.#acceptingCode(text.charCodeAt(position));
      let carry = 0;
      for (let word = 0; word < words; word += 1) {
        const taken = (state[word] ?? 0) & (accepting[word] ?? 0);
        state[word] = (taken << 1) | carry | (taken & (this.#repeats[word] ?? 0));
        carry = taken >>> 31;
      }
    }
  }

  /** Adds to the state where a match may begin, and what is reached by passing places over; true when a chain is at its end. */
  #enter(state: Int32Array, passable: Int32Array): boolean {
    let carry = 0;
    for (let word = 0; word < this.#words; word += 1) {
      let bits = (state[word] ?? 0) | (this.#starts[word] ?? 0) | carry;
      carry = 0;
      let through = passable[word] ?? 0;
      let passed = bits & through;
      if (passed !== 0) {
        // Each step carries on twice as far as the one before: 31 places in five.
        for (let reach = 1; reach < WORD_BITS; reach *= 2) {
          passed |= through & (passed << reach);
          through &= through << reach;
        }
        bits |= passed | (passed << 1);
        carry = passed >>> 31;
      }
      if ((bits & (this.#ends[word] ?? 0)) !== 0) return true;
      state[word] = bits;
    }
    return false;
  }

  #passableAt(position: number, length: number): Int32Array {
    if (position === 0) return length === 0 ? this.#passable.ofEmpty : this.#passable.atStart;
    return position === length ? this.#passable.atEnd : this.#passable.within;
  }

  #acceptingCode(code: number): Int32Array {
    const known = this.#ascii[code] ?? this.#others.get(code);
    if (known) return known;
    const accepting = this.#accepting(code);
    if (this.#others.size >= MOST_OTHERS) this.#others.clear();
    this.#others.set(code, accepting);
    return accepting;
  }

  #accepting(code: number): Int32Array {
    return this.#bits((place) => place !== undefined && place.anchor === undefined && place.accepts(code));
  }

  #bits(isSet: (place: Place | undefined, index: number) => boolean): Int32Array {
    const bits = new Int32Array(this.#words);
    for (const [index, place] of this.#places.entries()) {
      const word = Math.floor(index / WORD_BITS);
      if (isSet(place, index)) bits[word] = (bits[word] ?? 0) | (1 << (index % WORD_BITS));
    }
    return bits;
  }
}

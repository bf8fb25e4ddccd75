// A value of JSON takes two bytes and up as text, but fifty and more in memory: a bound on bytes alone would let gigabytes in.

/** The largest record that Kinesis takes is of 10 MiB. */
const UNCOUNTED_CHARS = 10 * 1024 * 1024;
const MAX_VALUES = 4_000_000;

const COMMA = 0x2c;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/** How many values of JSON may be made of one record. */
export class JsonBudget {
  #chars = 0;
  #values = 0;

  /** Whether one more text may be parsed. What would fit in a record as it stands is not even counted. */
  allow(text: string): boolean {
    this.#chars += text.length;
    if (this.#chars <= UNCOUNTED_CHARS) return true;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      // Every value but the outermost has one of these before it.
      if (code === COMMA || code === BRACKET || code === BRACE) this.#values += 1;
    }
    return this.#values <= MAX_VALUES;
  }
}

/** Line feeds, and one more. */
export function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/**
 * Ids that have been met, as numbers of 53 bits: a million of them take 40 MB where their texts take 150. That two of a million are taken for one has
 * a chance of 1 in 18,000.
 */
export class IdSet {
  readonly #hashes = new Set<number>();

  /** @returns whether it is new */
  add(id: string): boolean {
    const { size } = this.#hashes;
    return this.#hashes.add(hash(id)).size > size;
  }

  has(id: string): boolean {
    return this.#hashes.has(hash(id));
  }
}

/** cyrb53, public domain. https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js */
function hash(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

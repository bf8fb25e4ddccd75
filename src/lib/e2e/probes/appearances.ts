/**
 * What appears in a place that is read whole, again and again: the same thing read twice has appeared once, and two alike have appeared twice.
 * Things that go away and come back are no news.
 */
export class Appearances {
  readonly #most = new Map<string, number>();

  /** @param keys of all that there is now. @returns what is new: its index, and an id that no other appearance has */
  news(keys: readonly string[]): { index: number; id: string }[] {
    const now = new Map<string, number>();
    const found: { index: number; id: string }[] = [];
    for (const [index, key] of keys.entries()) {
      const count = (now.get(key) ?? 0) + 1;
      now.set(key, count);
      if (count <= (this.#most.get(key) ?? 0)) continue;
      this.#most.set(key, count);
      found.push({ index, id: `${key} ${count}` });
    }
    return found;
  }
}

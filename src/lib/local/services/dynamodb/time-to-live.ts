import sortedBtree from 'sorted-btree';
import type { Clock } from '../../../shared/clock.js';
import type { StoredItem } from './item-tree.js';
import type { Change, ChangeFeed } from './table-items.js';
import { isKind } from './value.js';

const BTree = (sortedBtree.default ?? sortedBtree) as typeof sortedBtree.default;

/** A timer waits no longer than this: timers of more than 24 days fire at once. */
const LONGEST_WAIT_MS = 3600 * 1000;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html: what expired more than five years ago stays. */
const OLDEST_SECONDS = 5 * 365 * 24 * 3600;

/** Deletes items at the second that one of their attributes names, by the endpoint's clock; AWS takes up to some days. */
export class TimeToLive implements ChangeFeed {
  readonly attribute: string;
  readonly #remove: (place: string) => void;
  readonly #clock: Clock;
  /** Places, by expiry and place. */
  readonly #due = new BTree<string, string>();
  #cancel: (() => void) | undefined;
  #firstDueMs = Number.POSITIVE_INFINITY;

  /** @param remove deletes the item at a place, as a deletion of the service */
  constructor(
    attribute: string,
    clock: Clock,
    { items, remove }: { items: Iterable<StoredItem>; remove(place: string): void },
  ) {
    this.attribute = attribute;
    this.#remove = remove;
    this.#clock = clock;
    for (const stored of items) this.append({ before: undefined, after: stored });
  }

  append({ before, after }: Change): void {
    const [old, next] = [before && this.#keyOf(before), after && this.#keyOf(after)];
    if (old === next) return;
    if (old !== undefined) this.#due.delete(old);
    if (next === undefined || !after) return;
    this.#due.set(next, after.place);
    this.#wait();
  }

  close(): void {
    this.#cancel?.();
    this.#due.clear();
  }

  #keyOf({ item, place }: NonNullable<Change['after']>): string | undefined {
    const value = item[this.attribute];
    const seconds = isKind(value, 'N') ? Math.floor(Number(value.N)) : Number.NaN;
    if (!(seconds >= 0 && seconds < 1e12)) return undefined;
    return String(seconds).padStart(12, '0') + place;
  }

  #wait(): void {
    const first = this.#due.minKey();
    if (first === undefined) return;
    const dueMs = Number(first.slice(0, 12)) * 1000;
    if (dueMs >= this.#firstDueMs) return;
    this.#cancel?.();
    this.#firstDueMs = dueMs;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, dueMs - this.#clock.now()));
    this.#cancel = this.#clock.after(waitMs, () => this.#sweep());
  }

  #sweep(): void {
    this.#firstDueMs = Number.POSITIVE_INFINITY;
    const nowSeconds = this.#clock.now() / 1000;
    for (let first = this.#due.minKey(); first !== undefined; first = this.#due.minKey()) {
      const seconds = Number(first.slice(0, 12));
      if (seconds > nowSeconds) break;
      const place = this.#due.get(first);
      this.#due.delete(first);
      if (place !== undefined && seconds > nowSeconds - OLDEST_SECONDS) this.#remove(place);
    }
    this.#wait();
  }
}

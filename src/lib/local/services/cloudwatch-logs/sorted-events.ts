import { comparePositions, type EventPosition } from './event-id.js';

/** A log event as it is stored. Times are milliseconds since the epoch. */
export interface StoredEvent extends EventPosition {
  message: string;
  ingestionTime: number;
  logStreamName: string;
}

/** Events in the order in which they are read: by timestamp, then by arrival. Adding at the end and taking from the front are cheap. */
export class SortedEvents {
  /** The first `#gone` places are empty: removing from the front of a long array would move all of it. */
  #places: (StoredEvent | undefined)[] = [];
  #gone = 0;

  get length(): number {
    return this.#places.length - this.#gone;
  }

  get first(): StoredEvent | undefined {
    return this.#places[this.#gone];
  }

  get last(): StoredEvent | undefined {
    return this.length > 0 ? this.#places[this.#places.length - 1] : undefined;
  }

  at(index: number): StoredEvent | undefined {
    return this.#places[this.#gone + index];
  }

  /** Nearly always an append; an event older than the last one finds its place. */
  insert(event: StoredEvent): void {
    const { last } = this;
    if (last === undefined || last.timestamp <= event.timestamp) this.#places.push(event);
    else this.#places.splice(this.#gone + this.indexAfter(event), 0, event);
  }

  /** Index of the first event that stands after `position`. */
  indexAfter(position: EventPosition): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.at(middle);
      if (event && comparePositions(event, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the first event at `timestamp` or later. */
  indexFrom(timestamp: number): number {
    return this.indexAfter({ timestamp, sequence: 0 });
  }

  /** Takes the `count` oldest away. */
  removeFirst(count: number): StoredEvent[] {
    const removed: StoredEvent[] = [];
    for (let taken = 0; taken < count && this.first; taken += 1) {
      removed.push(this.first);
      this.#places[this.#gone] = undefined;
      this.#gone += 1;
    }
    if (this.#gone > 1024 && this.#gone * 2 > this.#places.length) {
      this.#places = this.#places.slice(this.#gone);
      this.#gone = 0;
    }
    return removed;
  }

  /** Takes one event away; false when it is gone already. */
  remove(event: StoredEvent): boolean {
    if (this.first === event) return this.removeFirst(1).length === 1;
    const index = this.indexAfter(event) - 1;
    if (this.at(index) !== event) return false;
    this.#places.splice(this.#gone + index, 1);
    return true;
  }

  /** Takes away every event of one stream. */
  removeStream(logStreamName: string): void {
    this.#places = this.#places.filter((event) => event !== undefined && event.logStreamName !== logStreamName);
    this.#gone = 0;
  }
}

import type { Activity } from '../activity.js';

/** Tells readers in this process that a stream changed: once for all changes of one turn of the event loop. */
export class ChangeBell {
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #rung = new Set<string>();
  readonly #activity: Activity;

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** Calls `notify` soon after records arrive on the stream, and when its shards or its status change. The answer unsubscribes. */
  onChange(streamArn: string, notify: () => void): () => void {
    let listeners = this.#listeners.get(streamArn);
    if (!listeners) this.#listeners.set(streamArn, (listeners = new Set()));
    // Its own function, so that the same `notify` given twice is called twice and removed once.
    const listener = (): void => notify();
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(streamArn) === listeners) this.#listeners.delete(streamArn);
    };
  }

  ring(streamArn: string): void {
    if (!this.#listeners.has(streamArn) || this.#rung.has(streamArn)) return;
    this.#rung.add(streamArn);
    const done = this.#activity.begin(`news of ${streamArn}`);
    setImmediate(() => {
      this.#rung.delete(streamArn);
      for (const listener of this.#listeners.get(streamArn) ?? []) listener();
      done();
    });
  }
}

import type { Clock } from '../shared/clock.js';

/** When the reads of one shard go. */
export interface ReadPace {
  /** Whether the next answer may travel while this one is delivered. */
  readonly readsAhead: boolean;
  /**
   * Waits until the next read may go.
   * @param more the shard has more than it has answered
   * @param calledAtMs when the last read went, by the reader's clock
   */
  wait(more: boolean, calledAtMs: number, signal: AbortSignal): Promise<void>;
  /** Waits after a read that failed. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** A read was throttled. */
  throttled(): void;
}

export interface PollPace {
  clock: Clock;
  /** Between reads while the shard has nothing new. */
  idleMs: number;
  /** Between reads while it has more. */
  moreMs: number;
  /** Read as fast as answers come until the first throttle. For AWS, where others share the limit, not. */
  eager: boolean;
}

/** Asks again and again. */
export function pollPace({ clock, idleMs, moreMs, eager }: PollPace): ReadPace {
  let hurries = eager;
  return {
    get readsAhead() {
      return hurries;
    },
    async wait(more, calledAtMs, signal) {
      const rest = calledAtMs + (!more ? idleMs : hurries ? 0 : moreMs) - clock.now();
      if (rest > 0) await clock.sleep(rest, signal);
      else signal.throwIfAborted();
    },
    pause: (ms, signal) => clock.sleep(ms, signal),
    throttled() {
      hurries = false;
    },
  };
}

import type { Clock } from '../../shared/clock.js';

/** Sends may run late; more than so many waiting ones are not begun. */
const MAX_WAITING = 256;

export interface PacedSending<Item extends { key: string }> {
  items: readonly Item[];
  perSecond: number;
  clock: Clock;
  /** Stops sending; what is under way is waited for. */
  signal: AbortSignal;
  /** Must not throw. */
  sendOne(item: Item): Promise<void>;
}

/**
 * Sends items at a rate that does not bend to how fast they are taken, save that those of one key go strictly one after another: only so
 * can their order be judged at the other end.
 */
export async function sendPaced<Item extends { key: string }>(sending: PacedSending<Item>): Promise<void> {
  const { items, perSecond, clock, signal, sendOne } = sending;
  const tails = new Map<string, Promise<void>>();
  const startedAt = clock.now();
  let waiting = 0;
  let oneEnded = (): void => {};
  for (const [index, item] of items.entries()) {
    const dueIn = startedAt + (index * 1000) / perSecond - clock.now();
    if (dueIn > 0) await clock.sleep(dueIn, signal).catch(() => {});
    while (waiting >= MAX_WAITING) await new Promise<void>((resolve) => (oneEnded = resolve));
    if (signal.aborted) break;
    waiting += 1;
    const before = tails.get(item.key) ?? Promise.resolve();
    const tail = before.then(async () => {
      if (!signal.aborted) await sendOne(item);
      waiting -= 1;
      oneEnded();
      if (tails.get(item.key) === tail) tails.delete(item.key);
    });
    tails.set(item.key, tail);
  }
  await Promise.all(tails.values());
}

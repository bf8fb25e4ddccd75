import { vi } from 'vitest';

interface Settled {
  settled: boolean;
  pending: { id: string; what: string }[];
}

/** What the endpoint at `url` still has to do. */
export async function pendingAt(url: string): Promise<Settled['pending']> {
  return ((await (await fetch(`${url}/_pipectl/settled`)).json()) as Settled).pending;
}

/**
 * Waits until the endpoint at `url` has nothing left to do: what has not arrived then never does.
 * @param about only what names this: tests before may have left mappings that retry forever
 */
export const untilSettled = (url: string, about = ''): Promise<void> =>
  vi.waitFor(async () => {
    const pending = (await pendingAt(url)).filter(({ what }) => what.includes(about));
    if (pending.length > 0) throw new Error(`still under way: ${JSON.stringify(pending)}`);
  }, 15_000);

import type { Clock } from '../shared/clock.js';
import type { Target } from '../target/target.js';

const TIMEOUT_MS = 3000;
const LOOK_EVERY_MS = 50;
/** Where others keep an endpoint busy: whatever took longer than this may be of this run. */
const LONG_MS = 1000;

interface Pending {
  id: string;
  what: string;
}

/** What the local endpoint says of its own work, followed until it has none. */
export interface EndpointWatch {
  /** Whether nothing of what was sent can still be on its way. @param sinceMs when a marker of the run was last seen */
  isQuiet(sinceMs: number): boolean;
  /** What it waits for, as it said last. */
  readonly pending: readonly string[];
  close(): Promise<void>;
}

/** What an endpoint has under way or waiting before a run: work of others, which that run need not wait for. */
export async function pendingIds({ endpointUrl }: Target, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const pending = endpointUrl === undefined ? undefined : await readPending(endpointUrl, signal);
  return new Set(pending?.map(({ id }) => id));
}

/** @param ignored ids of work that is not waited for. @returns undefined where the target is no endpoint of pipectl's, so that nobody can be asked */
export async function watchEndpoint(
  target: Target,
  clock: Clock,
  signal: AbortSignal,
  ignored: ReadonlySet<string> = new Set(),
): Promise<EndpointWatch | undefined> {
  const { endpointUrl } = target;
  if (endpointUrl === undefined) return undefined;
  const look = async (by: AbortSignal): Promise<Pending[] | undefined> =>
    (await readPending(endpointUrl, by))?.filter(({ id }) => !ignored.has(id));
  const busySinceMs = clock.now();
  let pending = await look(signal);
  if (!pending) return undefined;
  const closing = new AbortController();
  const stop = AbortSignal.any([signal, closing.signal]);
  const firstSeen = new Map<string, number>();
  let emptyAtMs: number | undefined;
  const note = (found: readonly Pending[], askedAtMs: number): void => {
    const ids = new Set(found.map(({ id }) => id));
    for (const id of firstSeen.keys()) if (!ids.has(id)) firstSeen.delete(id);
    for (const id of ids) firstSeen.set(id, firstSeen.get(id) ?? clock.now());
    emptyAtMs = found.length === 0 ? askedAtMs : undefined;
  };
  note(pending, busySinceMs);
  const running = (async () => {
    while (!stop.aborted) {
      await clock.sleep(LOOK_EVERY_MS, stop).catch(() => {});
      if (stop.aborted) return;
      const askedAtMs = clock.now();
      const found = await look(stop);
      if (!found) continue;
      pending = found;
      note(found, askedAtMs);
    }
  })();
  return {
    isQuiet(sinceMs) {
      // Asked after the last marker came, and nothing was to be done.
      if (emptyAtMs !== undefined && emptyAtMs >= sinceMs) return true;
      const longAgoMs = clock.now() - LONG_MS;
      const oldest = Math.min(...firstSeen.values());
      return busySinceMs < longAgoMs && sinceMs < longAgoMs && oldest > longAgoMs;
    },
    get pending() {
      return (pending ?? []).map(({ what }) => what);
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function readPending(endpointUrl: string, signal: AbortSignal): Promise<Pending[] | undefined> {
  try {
    const response = await fetch(`${endpointUrl}/_pipectl/settled`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok) return undefined;
    const { pending } = (await response.json()) as { pending?: Pending[] };
    return Array.isArray(pending) ? pending : undefined;
  } catch {
    return undefined;
  }
}

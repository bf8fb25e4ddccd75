import type { Settled } from './check-report.js';
import { longestRetryMs } from './longest-retry.js';
import type { Session } from './open-session.js';
import { type EndpointWatch, watchEndpoint } from './watch-endpoint.js';
import type { HopWatch } from './watch-hops.js';

const LOOK_EVERY_MS = 10;
const MOST_SETTLES = 4;

export interface Settling {
  session: Session;
  watch: HopWatch;
  /** How long no copy or decoy may come. */
  quietMs: number;
  /** What the endpoint had to do before this pass. */
  before: ReadonlySet<string>;
  /** Whether the check says so itself. */
  asked: boolean;
  /** When it is over whatever still waits, by this machine's clock; milliseconds since the epoch. */
  deadlineMs: number;
}

/**
 * Looks for copies and decoys that are still on their way. The local endpoint says when it has nothing left to do; elsewhere pipectl watches for as
 * long as the mappings may retry, unless the check says how long. Everywhere until none has come for `quietMs`, and every copy that a hop had handed
 * on has come to the next, at most four times as long: a pipeline may drop copies, or never be quiet.
 */
export async function settlePass(settling: Settling): Promise<Settled> {
  const { session, watch, quietMs, before, asked, deadlineMs } = settling;
  const { clients, clock, signal } = session.options;
  const sinceMs = clock.now();
  const endpoint = await watchEndpoint(clients.target, clock, signal, before);
  const retryMs = endpoint || asked ? 0 : await longestRetryMs(session);
  const lastMs = (): number => Math.max(sinceMs, watch.lastSeenAtMs ?? 0);
  const isQuiet = (): boolean => {
    const now = clock.now();
    const patient = now - sinceMs < quietMs * MOST_SETTLES;
    if (patient && (now - lastMs() < quietMs || watch.ledger.copiesUnderWay())) return false;
    if (now >= deadlineMs) return true;
    return endpoint ? endpoint.isQuiet(lastMs()) : now - sinceMs >= retryMs;
  };
  while (!isQuiet() && !signal.aborted) await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
  const settled = { watchedMs: clock.now() - sinceMs, ...outcomeOf(endpoint, lastMs()) };
  await endpoint?.close();
  return settled;
}

function outcomeOf(endpoint: EndpointWatch | undefined, lastMs: number): Omit<Settled, 'watchedMs'> {
  if (!endpoint) return { quiet: 'watched', pending: [] };
  if (endpoint.isQuiet(lastMs)) return { quiet: 'known', pending: [] };
  return { quiet: 'busy', pending: [...new Set(endpoint.pending)] };
}

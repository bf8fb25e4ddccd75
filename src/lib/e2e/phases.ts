import type { Clock } from '../shared/clock.js';

export type PhaseEvent =
  /** A phase begins: `deploy data-pipeline`, `warm up`, `send`. */
  | { kind: 'phase'; name: string }
  /** What the phase under way waits for: the name of a hop, mostly. Told again and again, as long as it waits. */
  | { kind: 'phase-waiting'; name: string; for: string }
  /** The phase under way has ended; `why` it failed, if it did and that is told nowhere else. */
  | { kind: 'phase-ended'; name: string; ok: boolean; why?: string };

/** How long each part of a run took, and who hears when one begins and ends. */
export interface Phases {
  /** Begins a phase; the one before has ended well. */
  begin(name: string): void;
  /** Says what the phase under way waits for; undefined says nothing. */
  waitFor(what: string | undefined): void;
  end(): void;
  /** Ends the phase under way in a failure, or in an interruption. */
  fail(why?: string): void;
  readonly done: readonly { name: string; durationMs: number }[];
}

export function createPhases(clock: Clock, onEvent: (event: PhaseEvent) => void): Phases {
  const done: { name: string; durationMs: number }[] = [];
  let current: { name: string; since: number } | undefined;
  const close = (outcome: { ok: boolean; why?: string }): void => {
    if (!current) return;
    const { name, since } = current;
    done.push({ name, durationMs: clock.now() - since });
    current = undefined;
    onEvent({ kind: 'phase-ended', name, ...outcome });
  };
  const end = (): void => close({ ok: true });
  return {
    begin(name) {
      end();
      current = { name, since: clock.now() };
      onEvent({ kind: 'phase', name });
    },
    waitFor(what) {
      if (current && what !== undefined) onEvent({ kind: 'phase-waiting', name: current.name, for: what });
    },
    end,
    fail: (why) => close({ ok: false, ...(why !== undefined && { why }) }),
    done,
  };
}

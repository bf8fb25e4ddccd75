import type { Clock } from '../shared/clock.js';

export type PhaseEvent =
  /** A phase begins: `deploy data-pipeline`, `warm up`, `send`. */
  | { kind: 'phase'; name: string }
  /** The phase under way has ended; not `ok`: in a failure, or in an interruption. */
  | { kind: 'phase-ended'; ok: boolean };

/** How long each part of a run took, and who hears when one begins and ends. */
export interface Phases {
  /** Begins a phase; the one before has ended well. */
  begin(name: string): void;
  end(outcome?: 'ok' | 'failed'): void;
  readonly done: readonly { name: string; durationMs: number }[];
}

export function createPhases(clock: Clock, onEvent: (event: PhaseEvent) => void): Phases {
  const done: { name: string; durationMs: number }[] = [];
  let current: { name: string; since: number } | undefined;
  const end = (outcome: 'ok' | 'failed' = 'ok'): void => {
    if (!current) return;
    done.push({ name: current.name, durationMs: clock.now() - current.since });
    current = undefined;
    onEvent({ kind: 'phase-ended', ok: outcome === 'ok' });
  };
  return {
    begin(name) {
      end();
      current = { name, since: clock.now() };
      onEvent({ kind: 'phase', name });
    },
    end,
    done,
  };
}

import type { Clock } from '../shared/clock.js';

/** How long each part of a run took, and who hears when one begins. */
export interface Phases {
  /** Begins a phase; ends the one before. */
  begin(name: string): void;
  end(): void;
  readonly done: readonly { name: string; durationMs: number }[];
}

export function createPhases(clock: Clock, onBegin: (name: string) => void): Phases {
  const done: { name: string; durationMs: number }[] = [];
  let current: { name: string; since: number } | undefined;
  const end = (): void => {
    if (current) done.push({ name: current.name, durationMs: clock.now() - current.since });
    current = undefined;
  };
  return {
    begin(name) {
      end();
      current = { name, since: clock.now() };
      onBegin(name);
    },
    end,
    done,
  };
}

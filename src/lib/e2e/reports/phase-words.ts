interface PhaseWords {
  running: string;
  done: string;
  /** Where what it waits for does not follow as "waiting for". */
  waiting?: (what: string) => string;
}

/** By the first word of a phase's name; `NAME` becomes what follows it. */
const WORDS: Record<string, PhaseWords> = {
  deploy: { running: 'deploying NAME', done: 'deployed NAME' },
  prime: { running: 'invoking NAME', done: 'invoked NAME' },
  open: { running: 'opening probes', done: 'opened probes' },
  warm: { running: 'warming up', done: 'warmed up' },
  send: { running: 'sending events', done: 'sent events' },
  arrive: {
    running: 'waiting for events',
    done: 'received events',
    waiting: (what) => `waiting for events at ${what}`,
  },
  settle: { running: 'settling', done: 'settled' },
  diagnose: { running: 'diagnosing', done: 'diagnosed' },
  destroy: { running: 'deleting NAME', done: 'deleted NAME' },
  restore: { running: 'restoring NAME', done: 'restored NAME' },
};

/**
 * A phase for a person: `deploying orders`, `warming up: waiting for loaded`, `deployed orders`.
 * @param state what it waits for, if it runs and waits; `done` once it has ended well
 */
export function phaseWords(phase: string, state: 'done' | { waitingFor?: string | undefined } = {}): string {
  const [verb = '', ...rest] = phase.split(' ');
  const words = WORDS[verb] ?? { running: phase, done: phase };
  const named = (text: string): string => text.replace('NAME', rest.join(' '));
  if (state === 'done') return named(words.done);
  const { waitingFor } = state;
  if (waitingFor === undefined) return named(words.running);
  return words.waiting?.(waitingFor) ?? `${named(words.running)}: waiting for ${waitingFor}`;
}

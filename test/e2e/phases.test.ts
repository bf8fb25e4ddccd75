import { describe, expect, it } from 'vitest';
import { createPhases, type PhaseEvent } from '../../src/lib/e2e/phases.js';
import { phaseWords } from '../../src/lib/e2e/reports/phase-words.js';
import { type Clock, systemClock } from '../../src/lib/shared/clock.js';

/** Phases over a clock that goes on by a second at each look. */
function phasesOf() {
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => (now += 1000) };
  const told: PhaseEvent[] = [];
  return { phases: createPhases(clock, (event) => told.push(event)), told };
}

describe('phases', () => {
  it('end well when the next one begins, unless they have failed, and are told once', () => {
    const { phases, told } = phasesOf();
    phases.begin('warm up');
    phases.waitFor('filtered');
    phases.waitFor(undefined);
    phases.fail('no warm-up event reached filtered');
    phases.begin('send');
    phases.end();
    phases.fail('too late to fail');
    phases.waitFor('nothing is under way');
    expect(told).toEqual([
      { kind: 'phase', name: 'warm up' },
      { kind: 'phase-waiting', name: 'warm up', for: 'filtered' },
      { kind: 'phase-ended', name: 'warm up', ok: false, why: 'no warm-up event reached filtered' },
      { kind: 'phase', name: 'send' },
      { kind: 'phase-ended', name: 'send', ok: true },
    ]);
    expect(phases.done).toEqual([
      { name: 'warm up', durationMs: 1000 },
      { name: 'send', durationMs: 1000 },
    ]);
  });

  it.each([
    ['deploy orders', {}, 'deploying orders'],
    ['deploy orders', 'done', 'deployed orders'],
    ['warm up', { waitingFor: 'loaded' }, 'warming up: waiting for loaded'],
    ['arrive', { waitingFor: 'loaded' }, 'waiting for events at loaded'],
    ['arrive', 'done', 'received events'],
    ['restore orders', 'done', 'restored orders'],
    ['something new', {}, 'something new'],
  ] as const)('%s %j is "%s"', (phase, state, words) => expect(phaseWords(phase, state)).toBe(words));
});

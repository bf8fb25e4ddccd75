import { describe, expect, it } from 'vitest';
import { DrivenClock, systemClock } from '../../src/lib/shared/clock.js';

describe('DrivenClock', () => {
  it('stands still until it is moved', () => {
    const clock = new DrivenClock(1_000_000);
    expect(clock.now()).toBe(1_000_000);
    clock.advance(1500);
    expect(clock.now()).toBe(1_001_500);
  });

  it('fires what falls due in order, each at its own instant, timers set on the way included', () => {
    const clock = new DrivenClock(0);
    const fired: [string, number][] = [];
    clock.after(200, () => fired.push(['second', clock.now()]));
    clock.after(100, () => {
      fired.push(['first', clock.now()]);
      clock.after(50, () => fired.push(['from the first', clock.now()]));
    });
    clock.after(301, () => fired.push(['not yet', clock.now()]));
    clock.advance(300);
    expect(fired).toEqual([
      ['first', 100],
      ['from the first', 150],
      ['second', 200],
    ]);
  });

  it('does not fire what was cancelled', () => {
    const clock = new DrivenClock(0);
    let fired = false;
    clock.after(10, () => {
      fired = true;
    })();
    clock.advance(20);
    expect(fired).toBe(false);
  });

  it('sleeps in its own time', async () => {
    const clock = new DrivenClock(0);
    const slept = clock.sleep(60_000);
    clock.advance(60_000);
    await slept;
  });
});

describe('sleep', () => {
  it('rejects with the reason of an abort, before or during', async () => {
    const reason = new Error('stop');
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });
});

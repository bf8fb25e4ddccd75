import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../src/lib/function/read-log-events.js';
import { ShownEvents } from '../../src/lib/function/shown-events.js';

const NOW = Date.UTC(2026, 10, 21);
const SINCE = NOW - 600_000;
let ids = 0;
const eventAt = (timestamp: number, eventId: string | undefined = `${(ids += 1)}`): LogEvent => ({
  timestamp,
  eventId,
  ingestionTime: undefined,
  logStream: 's',
  message: 'm',
});
const lookAt = (shown: ShownEvents, events: LogEvent[], { pages = 1, nowMs = NOW } = {}): boolean[] => {
  const look = shown.look(nowMs);
  look.pages = pages;
  const isNew = events.map((event) => look.isNew(event));
  look.end();
  return isNew;
};

describe('ShownEvents', () => {
  it('shows each event once', () => {
    const shown = new ShownEvents(SINCE);
    const [a, b] = [eventAt(NOW - 10), eventAt(NOW - 10)];
    expect(lookAt(shown, [a, b])).toEqual([true, true]);
    expect(lookAt(shown, [a, b, eventAt(NOW - 10)])).toEqual([false, false, true]);
  });

  it('counts copies where there are no ids', () => {
    const shown = new ShownEvents(SINCE);
    const twin = { ...eventAt(NOW), eventId: undefined };
    expect(lookAt(shown, [twin, twin])).toEqual([true, true]);
    expect(lookAt(shown, [twin, twin, twin])).toEqual([false, false, true]);
  });

  it('looks back to the start as long as few were shown, so that nothing late is lost', () => {
    const shown = new ShownEvents(SINCE);
    lookAt(
      shown,
      Array.from({ length: 500 }, (_, n) => eventAt(NOW - n)),
    );
    expect(shown.fromMs).toBe(SINCE);
    expect(lookAt(shown, [eventAt(SINCE)])).toEqual([true]);
  });

  it('reaches as far as the last 500 where many were shown', () => {
    const shown = new ShownEvents(SINCE);
    const events = Array.from({ length: 2000 }, (_, n) => eventAt(NOW - 200_000 + n * 100));
    lookAt(shown, events);
    expect(shown.fromMs).toBe(NOW - 50_100);
    const again = events.filter(({ timestamp }) => timestamp >= shown.fromMs);
    expect(lookAt(shown, [...again, eventAt(shown.fromMs)])).toEqual([...again.map(() => false), true]);
  });

  it('keeps to the last 15 seconds where a look takes several pages', () => {
    const shown = new ShownEvents(SINCE);
    lookAt(shown, [eventAt(NOW - 20_000), eventAt(NOW - 1000)], { pages: 2 });
    expect(shown.fromMs).toBe(NOW - 16_000);
  });

  it('moves on with the clock where nothing matches, and never back', () => {
    const shown = new ShownEvents(SINCE);
    lookAt(shown, [], { pages: 9 });
    expect(shown.fromMs).toBe(NOW - 60_000);
    lookAt(shown, [], { pages: 9, nowMs: NOW - 30_000 });
    expect(shown.fromMs).toBe(NOW - 60_000);
    lookAt(shown, []);
    expect(shown.fromMs).toBe(NOW - 60_000);
  });

  it('is not led ahead by an event ahead of the clock', () => {
    const shown = new ShownEvents(SINCE);
    lookAt(shown, [eventAt(NOW + 3_600_000)], { pages: 2 });
    expect(shown.fromMs).toBe(NOW - 15_000);
  });
});

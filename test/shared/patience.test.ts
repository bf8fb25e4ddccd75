import { expect, it } from 'vitest';
import { DrivenClock } from '../../src/lib/shared/clock.js';
import { Patience } from '../../src/lib/shared/patience.js';

function patient() {
  const clock = new DrivenClock(0);
  const said: string[] = [];
  const patience = new Patience({
    clock,
    who: 'http://x',
    resumes: 'reading continues',
    onWarning: (text) => said.push(text),
    random: () => 1,
  });
  const fail = (caller: string) =>
    patience.failed(caller, { what: 'http://x stopped answering', hint: 'Start it.', cause: new Error('refused') });
  return { clock, said, patience, fail };
}

it('waits longer after each failure, 5 s at most, and gives up after a minute', () => {
  const { clock, fail } = patient();
  const pauses: number[] = [];
  const until = (ms: number): void => {
    while (clock.now() < ms) {
      const pause = fail('a');
      pauses.push(pause);
      clock.advance(pause);
    }
  };
  until(60_000);
  expect(pauses.slice(0, 6)).toEqual([300, 300, 600, 1200, 2400, 4800]);
  expect(pauses.at(-1)).toBe(5000);
  expect(() => fail('a')).toThrow(
    expect.objectContaining({
      message: 'http://x stopped answering; pipectl gave up after 1 minute.',
      hint: 'Start it.',
      exitCode: 1,
    }),
  );
});

it('says once who stopped answering and once that it answers again, whoever fails', () => {
  const { clock, said, patience, fail } = patient();
  for (const caller of ['a', 'b']) fail(caller);
  expect(said).toEqual([]);
  clock.advance(499);
  fail('a');
  expect(said).toEqual([]);
  clock.advance(1);
  for (const caller of ['a', 'b', 'a']) fail(caller);
  expect(said).toEqual(['http://x stopped answering; retrying for 1 minute']);
  patience.answered('a');
  expect(said).toHaveLength(1);
  expect([patience.isFailing('a'), patience.isFailing('b')]).toEqual([false, true]);
  patience.answered('b');
  patience.answered('b');
  expect(said.slice(1)).toEqual(['http://x answers again; reading continues']);
  expect(patience.isFailing('b')).toBe(false);
});

it('says nothing of a failure that the next call mends, and counts a minute for each caller from its own first failure', () => {
  const { clock, said, patience, fail } = patient();
  fail('a');
  clock.advance(400);
  patience.answered('a');
  expect(said).toEqual([]);
  clock.advance(59_800);
  fail('a');
  clock.advance(59_999);
  fail('a'); // not yet a minute
  clock.advance(1);
  fail('b');
  expect(() => fail('a')).toThrow('after 1 minute');
});

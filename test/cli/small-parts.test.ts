import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { colorLevel } from '../../src/lib/cli/color-level.js';
import type { CommandIo } from '../../src/lib/cli/command-io.js';
import { createProgress } from '../../src/lib/cli/create-progress.js';
import { commandIds, findCommand } from '../../src/lib/cli/find-command.js';
import { portOf } from '../../src/lib/cli/open-target.js';

it.each([
  ['https://127.0.0.1', 443],
  ['https://127.0.0.1:443', 443],
  ['http://localhost/', 80],
  ['http://[::1]:4566', 4566],
])("%s is an endpoint's port %i, also where a URL leaves it out", (url, port) => {
  expect(portOf(url)).toBe(port);
});

describe('how many colours', () => {
  const tty = { isTTY: true };
  it.each([
    [tty, { TERM: 'xterm' }, false, 1],
    [tty, { TERM: 'xterm-256color' }, false, 2],
    [tty, { COLORTERM: 'truecolor' }, false, 3],
    [tty, { TERM: 'dumb' }, false, 0],
    [tty, { NO_COLOR: '1', FORCE_COLOR: '3' }, false, 0],
    [tty, { NO_COLOR: '' }, false, 1],
    [tty, {}, true, 0],
    [{}, {}, false, 0],
    [{}, { FORCE_COLOR: '1' }, false, 1],
    [{}, { FORCE_COLOR: '' }, false, 1],
    [tty, { FORCE_COLOR: '0' }, false, 0],
  ])('%j with %j, refused: %s -> %i', (stream, env, refused, level) => {
    expect(colorLevel(stream, env, refused)).toBe(level);
  });
});

describe('which command', () => {
  const ids = ['streams', 'tail', 'local start', 'local stop'];
  it.each([
    [['streams', 'orders'], { kind: 'command', id: 'streams', argv: ['orders'] }],
    [
      ['local', '--json', 'start', '--port', '1'],
      { kind: 'command', id: 'local start', argv: ['--json', '--port', '1'] },
    ],
    [['local', '--region', 'x', 'stop'], { kind: 'command', id: 'local stop', argv: ['--region', 'x'] }],
    [['local', '--json', 'strt'], { kind: 'unknown', words: ['local', 'strt'] }],
    [['local', 'start', '--port', '1'], { kind: 'command', id: 'local start', argv: ['--port', '1'] }],
    [['--aws', '--region', 'tail', 'streams'], { kind: 'command', id: 'streams', argv: ['--aws', '--region', 'tail'] }],
    [['local'], { kind: 'topic', id: 'local' }],
    [['local', '--json'], { kind: 'topic', id: 'local' }],
    [['local', 'stat'], { kind: 'unknown', words: ['local', 'stat'] }],
    [['--json'], { kind: 'unknown', words: [] }],
  ])('%j', (argv, found) => {
    expect(findCommand(argv, ids)).toEqual(found);
  });

  it('knows every file of src/commands', () => {
    expect(commandIds()).toEqual(expect.arrayContaining(['completion', 'local exec', 'provision', 'streams']));
  });
});

describe('progress without a terminal', () => {
  function progress(verbose = false, terminal: { isTTY?: boolean; columns?: number } = {}) {
    const lines: string[] = [];
    const stderr = new Writable({
      write(chunk, _encoding, done) {
        lines.push(...String(chunk).trimEnd().split('\n'));
        done();
      },
    });
    Object.assign(stderr, terminal);
    const io = { stderr, env: {}, stdout: stderr } as unknown as CommandIo;
    return { lines, progress: createProgress(io, { verbose, noColor: false }) };
  }

  it('is plain lines: a step when it starts and when it ends', () => {
    const { lines, progress: it } = progress();
    it.start('creating orders');
    it.succeed('created orders');
    it.start('one');
    it.start('two');
    it.fail();
    it.warn('careful');
    expect(lines).toEqual([
      'creating orders …',
      '✓ created orders',
      'one …',
      '✓ one',
      'two …',
      '✗ two',
      'warning: careful',
    ]);
  });

  it('is the same on a terminal without a width, where a spinner would draw for ever', () => {
    const { lines, progress: it } = progress(false, { isTTY: true, columns: 0 });
    expect(it.isTTY).toBe(false);
    it.start('creating orders');
    it.succeed();
    expect(lines).toHaveLength(2);
  });

  it('says at most once in a while what changes all the time', () => {
    const { lines, progress: it } = progress();
    it.update('1 of 9', 60_000);
    it.update('2 of 9', 60_000);
    it.update('3 of 9', 0);
    expect(lines).toEqual(['1 of 9', '3 of 9']);
  });

  it('gives details only when they were asked for', () => {
    for (const verbose of [true, false]) {
      const { lines, progress: it } = progress(verbose);
      it.detail('target: local');
      expect(lines).toEqual(verbose ? ['target: local'] : []);
    }
  });
});

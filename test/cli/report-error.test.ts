import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type CommandIo, Interrupted, OutputClosed } from '../../src/lib/cli/command-io.js';
import { reportError } from '../../src/lib/cli/report-error.js';
import { OperationError, UsageError, VerdictError } from '../../src/lib/shared/errors.js';

function reported(
  error: unknown,
  options: { json?: boolean; reason?: Interrupted; closed?: boolean; tty?: boolean } = {},
) {
  let stderr = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      stderr += chunk;
      done();
    },
  });
  if (options.tty) Object.assign(sink, { isTTY: true });
  const stopped = new AbortController();
  if (options.reason) stopped.abort(options.reason);
  const closed = new AbortController();
  if (options.closed) closed.abort(new OutputClosed());
  const io = {
    stderr: sink,
    env: { NO_COLOR: '1' },
    signal: stopped.signal,
    outputClosed: closed.signal,
  } as unknown as CommandIo;
  return { exitCode: reportError(error, io, { json: options.json ?? false, noColor: false }), stderr };
}

describe('what a command failed with becomes an exit code and a sentence', () => {
  it.each([
    [new UsageError('wrong words', { hint: 'Say it so.' }), 2, 'error: wrong words\n  Say it so.\n'],
    [new OperationError('it failed'), 1, 'error: it failed\n'],
    [
      new VerdictError('3 events lost', { hint: 'Look here,\nand there.' }),
      3,
      'error: 3 events lost\n  Look here,\n  and there.\n',
    ],
  ])('%s', (error, exitCode, stderr) => {
    expect(reported(error)).toEqual({ exitCode, stderr });
  });

  it('what others say in it cannot act on the terminal', () => {
    const error = new OperationError('a function said \u001b[2J', { hint: '\u009b2J' });
    expect(reported(error, { tty: true }).stderr).toBe('error: a function said \\u001b[2J\n  \\u009b2J\n');
    expect(reported(error).stderr).toBe('error: a function said \u001b[2J\n  \u009b2J\n');
  });

  it('anything else is a bug, with its stack and no excuse', () => {
    const { exitCode, stderr } = reported(new TypeError('x is not a function'));
    expect(exitCode).toBe(70);
    expect(stderr).toMatch(/^bug in pipectl: TypeError: x is not a function\n {4}at /);
    expect(stderr).toContain('Please report it');
  });

  it.each([
    [new VerdictError('lost'), { type: 'VerdictError', message: 'lost', exitCode: 3 }],
    [new TypeError('x'), { type: 'InternalError', message: 'x', exitCode: 70 }],
    ['text', { type: 'InternalError', message: 'text', exitCode: 70 }],
  ])('as JSON: %s', (error, expected) => {
    const { stderr } = reported(error, { json: true });
    expect(JSON.parse(stderr)).toEqual({ error: expected });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('an end that was asked for', () => {
  const reason = new Interrupted('SIGINT');

  it('is no bug, however what was torn down complains', () => {
    expect(reported(new Error('socket hang up'), { reason })).toEqual({ exitCode: 130, stderr: '' });
    expect(reported(new Error('x'), { reason: new Interrupted('SIGTERM') })).toEqual({ exitCode: 143, stderr: '' });
  });

  it('still tells what pipectl says on purpose', () => {
    expect(reported(new OperationError('4 records were not sent'), { reason })).toEqual({
      exitCode: 130,
      stderr: 'error: 4 records were not sent\n',
    });
  });

  it('is quiet, and no failure, when the reader of stdout has gone', () => {
    expect(reported(new OutputClosed())).toEqual({ exitCode: 0, stderr: '' });
    expect(reported(new OperationError('x'), { closed: true })).toEqual({ exitCode: 0, stderr: '' });
  });
});

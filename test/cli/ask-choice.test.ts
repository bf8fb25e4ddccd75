import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askChoice } from '../../src/lib/cli/ask-choice.js';

/** Asks, and types each of these lines when the prompt comes up again; `undefined` ends the input. */
async function ask(typed: readonly (string | undefined)[], interrupt = new AbortController()) {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  let shown = '';
  let next = 0;
  stderr.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (!text.includes('number: ')) return;
    const line = typed[next];
    next += 1;
    if (line === '^C') interrupt.abort(new Error('interrupted'));
    else if (line === undefined) stdin.end();
    else stdin.write(`${line}\n`);
  });
  const index = await askChoice('Which?', ['orders', 'clicks'], { stdin, stderr, signal: interrupt.signal }).catch(
    (error: Error) => error,
  );
  return { index, shown };
}

describe('askChoice', () => {
  it('takes the number of a choice', async () => {
    const { index, shown } = await ask(['2']);
    expect(index).toBe(1);
    expect(shown).toContain('Which?\n  1  orders\n  2  clicks\nnumber: ');
  });

  it('asks again for what is no number of one', async () => {
    const { index, shown } = await ask(['', '3', '0', '1.5', 'orders', ' 1 ']);
    expect(index).toBe(0);
    expect(shown.match(/number: /g)).toHaveLength(6);
    expect(shown).toContain('"3" is not one of the numbers, 1 to 2\n');
  });

  it('ends when the input does', async () => {
    const { index } = await ask([undefined]);
    expect(index).toMatchObject({ name: 'UsageError', message: 'None was chosen.' });
  });

  it('ends when it is interrupted', async () => {
    const { index } = await ask(['^C']);
    expect(index).toMatchObject({ name: 'AbortError' });
  });
});

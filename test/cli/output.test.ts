import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type CommandIo, OutputClosed } from '../../src/lib/cli/command-io.js';
import { createOutput } from '../../src/lib/cli/create-output.js';
import { LiveBlock } from '../../src/lib/cli/live-block.js';

function output(stdout: Writable & { isTTY?: boolean; columns?: number }, json = false) {
  const closed = new AbortController();
  const io = { stdout, env: {}, outputClosed: closed.signal, signal: closed.signal } as unknown as CommandIo;
  return { out: createOutput(io, { json, noColor: false }), close: () => closed.abort(new OutputClosed()) };
}

function capture(more: { isTTY?: boolean; columns?: number } = {}) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, more), text: () => text };
}

describe('the door to stdout', () => {
  it('writes numbers of 128 bits and bytes as JSON can hold them', async () => {
    const { stream, text } = capture();
    const value = { key: 2n ** 128n - 1n, data: Buffer.from('hi'), view: new Uint8Array([255]), at: new Date(0) };
    await output(stream, true).out.result(value, () => 'not this');
    expect(JSON.parse(text())).toEqual({
      key: '340282366920938463463374607431768211455',
      data: 'aGk=',
      view: '/w==',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each([
    [undefined, 'null\n'],
    [false, 'false\n'],
    [[], '[]\n'],
  ])('says %j with --json, where nothing would be no JSON', async (value, expected) => {
    const { stream, text } = capture();
    await output(stream, true).out.result(value, () => '');
    expect(text()).toBe(expected);
  });

  it('ends a result with one line feed, and an empty one with none', async () => {
    const { stream, text } = capture();
    const { out } = output(stream);
    await out.result('a', (value) => value);
    await out.result('b\n', (value) => value);
    await out.result('', (value) => value);
    expect(text()).toBe('a\nb\n');
  });

  it('waits for a slow reader, and stops waiting when the reader goes away', async () => {
    const slow = new PassThrough({ highWaterMark: 1 });
    const { out, close } = output(slow);
    let written = false;
    const write = out.write('more than one byte').then(() => (written = true));
    await new Promise(setImmediate); // all that needs no reader has run by now
    expect(written).toBe(false);
    slow.resume();
    await write;
    expect(written).toBe(true);

    slow.pause();
    const last = out.write('nobody will read this');
    close();
    await expect(last).rejects.toBeInstanceOf(OutputClosed);
    await expect(out.write('x')).rejects.toBeInstanceOf(OutputClosed);
    await expect(out.flush()).rejects.toBeInstanceOf(OutputClosed);
  });
});

describe('a block drawn over in place', () => {
  it('goes up over as many rows as it took, long lines included', async () => {
    const { stream, text } = capture({ isTTY: true, columns: 10 });
    const block = new LiveBlock(output(stream).out);
    await block.draw('one\ntwelve letters\n');
    await block.draw('x\n');
    await block.draw('y\n');
    expect(text()).toBe('\r\u001B[Jone\ntwelve letters\n\u001B[3A\r\u001B[Jx\n\u001B[1A\r\u001B[Jy\n');
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readPayload } from '../../src/lib/function/read-payload.js';

const cwd = mkdtempSync(join(tmpdir(), 'payload-'));
const from = (stdin: string | Buffer = '') => ({ stdin: Readable.from([Buffer.from(stdin)]), cwd });

describe('readPayload', () => {
  it('takes JSON as it stands, to the byte', async () => {
    expect(await readPayload('{ "a" : 1.0 }', 'request', from())).toBe('{ "a" : 1.0 }');
    expect(await readPayload('"text"', 'request', from())).toBe('"text"');
    expect(await readPayload(undefined, 'request', from())).toBe('{}');
  });

  it('reads standard input, and files from the current folder', async () => {
    expect(await readPayload('-', 'request', from('{"from":"é stdin"}'))).toBe('{"from":"é stdin"}');
    writeFileSync(join(cwd, 'event.json'), '[1]');
    expect(await readPayload('@event.json', 'request', from())).toBe('[1]');
  });

  it.each([
    ['{broken', /--payload is not JSON/],
    ['text', /--payload is not JSON/],
    ['-', /standard input is not JSON/],
    ['@none.json', /none\.json cannot be read \(ENOENT\)/],
    [`"${'x'.repeat(6 * 1024 * 1024)}"`, /has 6291458 bytes, and Lambda takes 6291456/],
  ])('refuses %.20s', async (given, message) => {
    await expect(readPayload(given, 'request', from(''))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it('takes less for an event, which nobody waits for', async () => {
    const payload = `"${'x'.repeat(1024 * 1024)}"`;
    expect(await readPayload(payload, 'request', from())).toBe(payload);
    await expect(readPayload(payload, 'event', from())).rejects.toMatchObject({
      exitCode: 2,
      message: '--payload has 1048578 bytes, and Lambda takes 1048576 for an event.',
    });
  });

  it('takes a byte order mark off, and refuses what is not UTF-8', async () => {
    expect(await readPayload('-', 'request', from('\ufeff{"a":1}'))).toBe('{"a":1}');
    const latin1 = Buffer.from('{"name":"José"}', 'latin1');
    await expect(readPayload('-', 'request', from(latin1))).rejects.toMatchObject({
      exitCode: 2,
      message: 'standard input is not UTF-8.',
    });
  });

  it('says what is wrong in one line, whatever the text is like', async () => {
    const refused = readPayload('{\n  "a": 1\n  "b": 2\n}', 'request', from());
    await expect(refused).rejects.toThrow(/^--payload is not JSON: [^\n]+$/);
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readPayload } from '../../src/lib/function/read-payload.js';

const cwd = mkdtempSync(join(tmpdir(), 'payload-'));
const from = (stdin = '') => ({ stdin: Readable.from([Buffer.from(stdin)]), cwd });

describe('readPayload', () => {
  it('takes JSON as it stands, to the byte', async () => {
    expect(await readPayload('{ "a" : 1.0 }', from())).toBe('{ "a" : 1.0 }');
    expect(await readPayload('"text"', from())).toBe('"text"');
    expect(await readPayload(undefined, from())).toBe('{}');
  });

  it('reads standard input, and files from the current folder', async () => {
    expect(await readPayload('-', from('{"from":"é stdin"}'))).toBe('{"from":"é stdin"}');
    writeFileSync(join(cwd, 'event.json'), '[1]');
    expect(await readPayload('@event.json', from())).toBe('[1]');
  });

  it.each([
    ['{broken', /--payload is not JSON/],
    ['text', /--payload is not JSON/],
    ['-', /standard input is not JSON/],
    ['@none.json', /none\.json cannot be read \(ENOENT\)/],
    [`"${'x'.repeat(6 * 1024 * 1024)}"`, /has 6291458 bytes, and Lambda takes 6291456/],
  ])('refuses %.20s', async (given, message) => {
    await expect(readPayload(given, from(''))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});

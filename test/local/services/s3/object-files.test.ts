import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ObjectFiles } from '../../../../src/lib/local/services/s3/object-files.js';

let folder: string;
let files: ObjectFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'object-files-'));
  files = new ObjectFiles(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const left = () => readdir(join(folder, 's3'));

it('leaves no file behind when a body breaks off', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(100_000);
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  }
  await expect(files.write(broken())).rejects.toMatchObject({ code: 'IncompleteBody' });
  await expect(files.write(['short'], { expectedBytes: 10 })).rejects.toMatchObject({ code: 'IncompleteBody' });
  expect(await left()).toEqual([]);
});

it('reads a file to its end though it is removed meanwhile', async () => {
  const { file } = await files.write([Buffer.alloc(500_000, 'a')]);
  const stream = await files.read(file, { start: 0, end: 499_999 });
  await files.remove([file]);
  expect(await left()).toEqual([]);
  let bytes = 0;
  for await (const part of stream) bytes += (part as Buffer).length;
  expect(bytes).toBe(500_000);
});

it('makes one file of several', async () => {
  const parts = await Promise.all(['one ', 'two ', 'three'].map((text) => files.write([text])));
  const whole = await files.concatenate(
    parts.map(({ file }) => file),
    ['SHA256'],
  );
  expect(whole).toMatchObject({ sizeBytes: 13, checksums: { SHA256: expect.any(String) } });
  const read: Buffer[] = [];
  for await (const part of await files.read(whole.file, { start: 4, end: 12 })) read.push(part as Buffer);
  expect(Buffer.concat(read).toString()).toBe('two three');
});

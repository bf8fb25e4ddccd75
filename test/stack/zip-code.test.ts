import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fromBuffer, type ZipFile } from 'yauzl';
import { zipCode } from '../../src/lib/stack/zip-code.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipectl-zip-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Names and modes, in the zip's order. */
async function entries(bytes: Uint8Array): Promise<[string, string][]> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(Buffer.from(bytes), { lazyEntries: false }, (error, file) => (file ? resolve(file) : reject(error))),
  );
  return new Promise((resolve) => {
    const found: [string, string][] = [];
    zip.on('entry', (entry) =>
      found.push([entry.fileName, ((entry.externalFileAttributes >>> 16) & 0o777).toString(8)]),
    );
    zip.on('end', () => resolve(found));
  });
}

async function makeFunction(at: string): Promise<void> {
  await mkdir(join(at, 'lib'), { recursive: true });
  await writeFile(join(at, 'lib', 'b.mjs'), 'export const b = 1;');
  // The folder comes first where folders are read one by one; the whole name does not.
  await writeFile(join(at, 'lib-a.mjs'), '');
  await writeFile(join(at, 'index.mjs'), 'export const handler = () => 1;');
  await writeFile(join(at, 'bootstrap'), '#!/bin/sh\n');
  await chmod(join(at, 'bootstrap'), 0o755);
}

test('the same files give the same bytes, whatever their dates and modes, in the order of their whole names', async () => {
  await makeFunction(join(folder, 'one'));
  await makeFunction(join(folder, 'two'));
  await utimes(join(folder, 'two', 'index.mjs'), new Date(0), new Date(0));
  await chmod(join(folder, 'two', 'index.mjs'), 0o600);
  const [one, two] = await Promise.all([zipCode(join(folder, 'one'), 'F'), zipCode(join(folder, 'two'), 'F')]);
  expect(two.hash).toBe(one.hash);
  expect(Buffer.from(two.bytes).equals(Buffer.from(one.bytes))).toBe(true);
  expect(await entries(one.bytes)).toEqual([
    ['bootstrap', '755'],
    ['index.mjs', '644'],
    ['lib-a.mjs', '644'],
    ['lib/b.mjs', '644'],
  ]);
});

test('and wherever the machine stands', async () => {
  await makeFunction(folder);
  const before = process.env.TZ;
  try {
    const zips = [];
    for (const zone of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
      process.env.TZ = zone;
      vi.resetModules();
      const fresh = await import('../../src/lib/stack/zip-code.js');
      zips.push(Buffer.from((await fresh.zipCode(folder, 'F')).bytes).toString('base64'));
    }
    expect(new Set(zips).size).toBe(1);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

test('what version control and tools leave in a folder stays out', async () => {
  await makeFunction(folder);
  const { hash } = await zipCode(folder, 'F');
  for (const path of ['.git/HEAD', 'lib/__pycache__/b.cpython-311.pyc', 'lib/.DS_Store']) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), 'x');
  }
  await mkdir(join(folder, 'node_modules'));
  expect((await zipCode(folder, 'F')).hash).toBe(hash);
  await writeFile(join(folder, 'node_modules', 'needed.js'), '');
  expect((await entries((await zipCode(folder, 'F')).bytes)).map(([name]) => name)).toContain('node_modules/needed.js');
});

test('a change of one byte, a name, or what is executable gives another hash', async () => {
  const hashes = new Set<string>();
  const keep = async (): Promise<void> => {
    hashes.add((await zipCode(folder, 'F')).hash);
  };
  await writeFile(join(folder, 'a'), 'x');
  await keep();
  await writeFile(join(folder, 'a'), 'y');
  await keep();
  await chmod(join(folder, 'a'), 0o755);
  await keep();
  await writeFile(join(folder, 'b'), '');
  await keep();
  expect(hashes.size).toBe(4);
});

test('one file becomes a zip of itself; a zip stays what it is', async () => {
  const file = join(folder, 'handler.py');
  await writeFile(file, 'def handler(e, c): return 1');
  const zipped = await zipCode(file, 'F');
  expect(await entries(zipped.bytes)).toEqual([['handler.py', '644']]);
  const ready = join(folder, 'ready.zip');
  await writeFile(ready, zipped.bytes);
  expect(Buffer.from((await zipCode(ready, 'F')).bytes).equals(Buffer.from(zipped.bytes))).toBe(true);
});

test('a link to a folder is followed, one that leads back to itself is not', async () => {
  await makeFunction(join(folder, 'one'));
  await symlink('lib', join(folder, 'one', 'linked'));
  await symlink('..', join(folder, 'one', 'lib', 'up'));
  const { bytes } = await zipCode(join(folder, 'one'), 'F');
  const names = (await entries(bytes)).map(([name]) => name);
  expect(names).toContain('linked/b.mjs');
  expect(names.length).toBeLessThan(20);
});

test('a link that leads nowhere, and what is no file, are named', async () => {
  await makeFunction(folder);
  await symlink('../gone', join(folder, 'lib', 'stray'));
  await expect(zipCode(folder, 'F')).rejects.toMatchObject({
    name: 'UsageError',
    message: `F: ${join(folder, 'lib', 'stray')} is a link to ../gone, which leads nowhere.`,
  });
  await rm(join(folder, 'lib', 'stray'));
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  await expect(zipCode(folder, 'F')).rejects.toThrow(/socket is neither a file nor a folder\.$/);
  server.close();
});

test('more than Lambda takes is noticed before it is read', async () => {
  const file = join(folder, 'huge');
  await writeFile(file, '');
  await truncate(file, 40 * 1024 ** 3);
  await expect(zipCode(folder, 'F')).rejects.toThrow(/holds more than 250\.0 MiB, and Lambda takes no more\.$/);
  await rename(file, join(folder, 'huge.zip'));
  await expect(zipCode(join(folder, 'huge.zip'), 'F')).rejects.toThrow(/holds more than 250\.0 MiB/);
});

test('what is not there, or empty, is said with the resource it was for', async () => {
  await expect(zipCode(join(folder, 'nope'), 'Loader')).rejects.toThrow(/^Loader: .*nope is not there\.$/);
  await expect(zipCode(folder, 'Loader')).rejects.toThrow(/^Loader: .* is an empty folder\.$/);
});

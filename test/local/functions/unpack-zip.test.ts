import { lstat, mkdtemp, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { unpackZip, ZipError } from '../../../src/lib/local/functions/unpack-zip.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unpack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Entry {
  name: string;
  text?: string;
  mode?: number;
}

async function zip(entries: Entry[]): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, text = '', mode = 0o100644 } of entries) file.addBuffer(Buffer.from(text), name, { mode });
  file.end();
  const parts: Buffer[] = [];
  for await (const part of file.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The writer refuses bad names, so a harmless one of the same length is replaced in the bytes. */
async function zipNamed(name: string, entry: Omit<Entry, 'name'> = {}): Promise<Buffer> {
  const harmless = 'x'.repeat(name.length);
  const bytes = await zip([{ name: harmless, ...entry }]);
  return Buffer.from(bytes.toString('latin1').replaceAll(harmless, name), 'latin1');
}

const LINK = 0o120777;

test('files, folders, modes and links inside', async () => {
  const bytes = await zip([
    { name: 'lib/deep/a.js', text: 'a' },
    { name: 'bootstrap', text: '#!/bin/sh', mode: 0o100755 },
    { name: 'current', text: 'lib/deep', mode: LINK },
    { name: 'lib/up', text: '../bootstrap', mode: LINK },
  ]);
  await unpackZip(bytes, join(folder, 'code'));
  expect(await readFile(join(folder, 'code/lib/deep/a.js'), 'utf8')).toBe('a');
  expect((await stat(join(folder, 'code/bootstrap'))).mode & 0o777).toBe(0o755);
  expect((await lstat(join(folder, 'code/lib/deep/a.js'))).mode & 0o111).toBe(0);
  expect(await readlink(join(folder, 'code/current'))).toBe('lib/deep');
  expect(await readFile(join(folder, 'code/lib/up'), 'utf8')).toBe('#!/bin/sh');
});

test.each(['../out.txt', 'a/../../out', '/etc/out', 'C:/windows', 'a\\..\\..\\b'])(
  'a file named %s is refused',
  async (name) => {
    await expect(unpackZip(await zipNamed(name, { text: 'bad' }), join(folder, 'code'))).rejects.toThrow(ZipError);
    for (const outside of ['out.txt', 'out'])
      await expect(stat(join(folder, outside))).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

test.each([
  ['a link out', [{ name: 'link', text: '../../etc', mode: LINK }]],
  ['an absolute link', [{ name: 'link', text: '/etc/passwd', mode: LINK }]],
  ['a link to the folder above', [{ name: 'link', text: '..', mode: LINK }]],
  [
    'a link through a link',
    [
      { name: 'a/b/up', text: '..', mode: LINK },
      { name: 'out', text: 'a/b/up/../../..', mode: LINK },
    ],
  ],
  ['a device', [{ name: 'null', mode: 0o020666 }]],
])('%s is refused', async (_what, entries) => {
  await expect(unpackZip(await zip(entries), join(folder, 'code'))).rejects.toThrow(ZipError);
});

test('a file below a link is not written through it', async () => {
  const bytes = await zip([
    { name: 'inside/a', text: 'kept' },
    { name: 'link', text: 'inside', mode: LINK },
    { name: 'link/a', text: 'written through' },
  ]);
  await expect(unpackZip(bytes, join(folder, 'code'))).rejects.toThrow(ZipError);
  expect(await readFile(join(folder, 'code/inside/a'), 'utf8')).toBe('kept');
});

test('what is no zip, or a broken one, is refused in AWS’s words', async () => {
  await expect(unpackZip(Buffer.from('hello'), folder)).rejects.toThrow(/^Could not unzip uploaded file/);
  const bytes = await zip([{ name: 'a', text: 'x'.repeat(5000) }]);
  bytes.fill(0xff, 40, 50);
  await expect(unpackZip(bytes, join(folder, 'code'))).rejects.toThrow(/^Could not unzip uploaded file/);
});

test('a zip without entries is refused in AWS’s words', async () => {
  await expect(unpackZip(await zip([]), join(folder, 'code'))).rejects.toThrow(
    new ZipError('Uploaded file must be a non-empty zip'),
  );
});

test('a zip that says or hides that it is too large is refused', async () => {
  const big = new ZipFile();
  for (let i = 0; i < 6; i++) big.addBuffer(Buffer.alloc(50_000_000), `zeros-${i}`);
  big.end();
  const parts: Buffer[] = [];
  for await (const part of big.outputStream) parts.push(part as Buffer);
  await expect(unpackZip(Buffer.concat(parts), join(folder, 'code'))).rejects.toThrow(
    'Unzipped size must be smaller than 262144000 bytes',
  );
});

test('no broken byte of a zip is anything but an unpacked folder or a refusal', async () => {
  const good = await zip([
    { name: 'a/b.txt', text: 'text '.repeat(200) },
    { name: 'link', text: 'a', mode: LINK },
    { name: 'empty' },
  ]);
  for (let at = 0; at < good.length; at += 2) {
    const bytes = Buffer.from(good);
    bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
    await unpackZip(bytes, join(folder, String(at))).catch((error) => expect(error).toBeInstanceOf(ZipError));
  }
});

test.each<[string, Entry[], string]>([
  ['a path of two thousand folders', [{ name: `${'a/'.repeat(2000)}f` }], 'The zip has a name of 4001 bytes'],
  [
    'a link beside a file of its name',
    [{ name: 'a' }, { name: 'a', text: 'b', mode: LINK }],
    'two entries have the same name',
  ],
  [
    'a link beside a folder of its name',
    [{ name: 'a/f' }, { name: 'a', text: 'b', mode: LINK }],
    'two entries have the same name',
  ],
  ['a link below a file', [{ name: 'a' }, { name: 'a/b', text: 'c', mode: LINK }], 'two entries have the same name'],
  ['a file below a file', [{ name: 'a' }, { name: 'a/b' }], 'two entries have the same name'],
  [
    'two links of one name',
    [
      { name: 'a', text: 'b', mode: LINK },
      { name: 'a', text: 'c', mode: LINK },
    ],
    'two entries have the same name',
  ],
  ['a link to nothing', [{ name: 'a', text: '', mode: LINK }], 'a link leads nowhere'],
  ['a name of 300 characters', [{ name: 'a'.repeat(300) }], 'a name is too long'],
])('%s is refused, without the names of folders here', async (_, entries, why) => {
  const error: unknown = await unpackZip(await zip(entries), join(folder, 'code')).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ZipError);
  expect(String(error)).toContain(why);
  expect(String(error)).not.toContain(folder);
});

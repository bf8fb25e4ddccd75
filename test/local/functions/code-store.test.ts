import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { CodeStore, codeFolder } from '../../../src/lib/local/functions/code-store.js';
import { zip } from '../services/lambda/start-lambda.js';

const folder = mkdtempSync(join(tmpdir(), 'pipectl-code-'));
afterAll(() => rmSync(folder, { recursive: true }));

const packages = (dataDir: string): number => readdirSync(join(codeFolder(dataDir), 'packages')).length;

async function filled(name: string, keepMs: number) {
  const dataDir = join(folder, name);
  const store = new CodeStore(dataDir, keepMs);
  const layer = (await store.store(await zip({ 'nodejs/node_modules/a/index.js': '' }))).sha256;
  const shas: string[] = [];
  const dirs: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    const { sha256 } = await store.store(await zip({ 'index.js': text }));
    shas.push(sha256);
    dirs.push((await store.place(sha256, text === 'two' ? [layer] : [])).codeDir);
  }
  return { dataDir, store, layer, shas, dirs };
}

test('what no version needs is removed, and comes again with the next upload', async () => {
  const { dataDir, store, layer, shas, dirs } = await filled('unused', 0);
  await store.sweep([{ codeSha256: shas[0] ?? '', layers: [] }], []);
  expect(dirs.map((dir) => existsSync(dir))).toEqual([true, false, false]);
  expect(packages(dataDir)).toBe(1);
  expect(readdirSync(codeFolder(dataDir)).sort()).toEqual(['packages', 'plain']); // the layered home went too
  const { sha256 } = await store.store(await zip({ 'index.js': 'three' }));
  expect(existsSync(join((await store.place(sha256, [])).codeDir, 'index.js'))).toBe(true);
  expect(layer).toBeDefined();
});

test('what a process runs stays until it ends, with its layers; so does a layer that a function uses', async () => {
  const { dataDir, store, dirs } = await filled('running', 0);
  await store.sweep([], [dirs[1] ?? '']);
  expect(dirs.map((dir) => existsSync(dir))).toEqual([false, true, false]);
  await store.sweep([], []);
  expect(dirs.some((dir) => existsSync(dir))).toBe(false);
  const again = await filled('layered', 0);
  // Its own hashes: a zip holds the time of its making.
  await again.store.sweep([{ codeSha256: again.shas[1] ?? '', layers: [again.layer] }], []);
  expect(packages(again.dataDir)).toBe(2);
  expect(packages(dataDir)).toBe(0);
});

test('what was just uploaded may be on its way to a function, and stays', async () => {
  const { store, dataDir, dirs } = await filled('young', 60_000);
  await store.sweep([], []);
  expect(packages(dataDir)).toBe(4);
  expect(dirs.every((dir) => existsSync(dir))).toBe(true);
});

const LINK = 0o120777;
test.each<[string, string, LayerEntry[], LayerEntry[]]>([
  ['a file over a folder', 'file-folder', [{ name: 'a/old' }], [{ name: 'a', text: 'new' }]],
  ['a folder over a file', 'folder-file', [{ name: 'a' }], [{ name: 'a/f', text: 'new' }]],
  [
    'a link over a file',
    'link-file',
    [{ name: 'a' }],
    [
      { name: 'b', text: 'new' },
      { name: 'a', text: 'b', mode: LINK },
    ],
  ],
  [
    'a file over a link',
    'file-link',
    [{ name: 'b' }, { name: 'a', text: 'b', mode: LINK }],
    [{ name: 'a', text: 'new' }],
  ],
  [
    'a folder over a link',
    'folder-link',
    [{ name: 'd/x' }, { name: 'a', text: 'd', mode: LINK }],
    [{ name: 'a/f', text: 'new' }],
  ],
])('a later layer replaces what an earlier one has: %s', async (_, name, earlier, later) => {
  const store = new CodeStore(join(folder, name));
  const code = await store.store(await zip({ 'index.js': '' }));
  const layers = [await store.store(await layerOf(earlier)), await store.store(await layerOf(later))];
  const { layersDir = '' } = await store.place(
    code.sha256,
    layers.map(({ sha256 }) => sha256),
  );
  const found = join(layersDir, 'a');
  expect(readFileSync(statSync(found).isDirectory() ? join(found, 'f') : found, 'utf8')).toBe('new');
});

interface LayerEntry {
  name: string;
  text?: string;
  mode?: number;
}

function layerOf(entries: readonly LayerEntry[]): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, text = '', mode = 0o100644 } of entries) file.addBuffer(Buffer.from(text), name, { mode });
  file.end();
  return buffer(file.outputStream);
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeTree } from '../../src/lib/shared/remove-tree.js';

/** Changes into each folder that it makes, as a hostile function may. */
const DIG = `const fs = require('node:fs');
for (let depth = 0; depth < 300; depth += 1) { fs.mkdirSync('d'.repeat(50)); process.chdir('d'.repeat(50)); }
fs.writeFileSync('file', '');`;

it('removes a tree that is deeper than a path may be long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipectl-test-'));
  execFileSync(process.execPath, ['-e', DIG], { cwd: folder });
  await removeTree(folder);
  expect(existsSync(folder)).toBe(false);
});

it('removes a folder that nobody may read, and is content without one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipectl-test-'));
  mkdirSync(join(folder, 'closed'));
  writeFileSync(join(folder, 'closed', 'file'), '');
  execFileSync('chmod', ['000', join(folder, 'closed')]);
  await removeTree(folder);
  await removeTree(folder);
  expect(existsSync(folder)).toBe(false);
});

// Writes src/lib/local/OMISSIONS.md from what the services and their operations say that they leave out.
// With --check it writes nothing and fails when the file is behind.
import { readFile, writeFile } from 'node:fs/promises';
import { omissions } from '../src/lib/local/omissions.js';
import { SERVICES } from '../src/lib/local/services.js';

const path = new URL('../src/lib/local/OMISSIONS.md', import.meta.url);
const text = omissions(await Promise.all(SERVICES.map(({ load }) => load())));
if (!process.argv.includes('--check')) await writeFile(path, text);
else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
  console.error('src/lib/local/OMISSIONS.md is behind the services; run `npm run omissions`.');
  process.exitCode = 1;
}

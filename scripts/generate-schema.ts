// Writes schema/pipectl.schema.json, which editors check pipectl.yaml against, from the schema that the loader itself uses.
// With --check it writes nothing and fails when the file is behind.
import { readFile, writeFile } from 'node:fs/promises';
import { projectJsonSchema } from '../src/lib/e2e/check-file/project-json-schema.js';

const path = new URL('../schema/pipectl.schema.json', import.meta.url);
const text = `${JSON.stringify(projectJsonSchema(), null, 2)}\n`;
if (!process.argv.includes('--check')) await writeFile(path, text);
else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
  console.error('schema/pipectl.schema.json is behind src/lib/project; run `npx tsx scripts/generate-schema.ts`.');
  process.exitCode = 1;
}

// Bundles pg into the one file that the function `load` of pipelines/api-to-table brings along: a sample runs without npm install.
// With --check it writes nothing and fails if the file is behind.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = join(root, 'pipelines/api-to-table/functions/pg.cjs');

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  stdin: { contents: "module.exports = { Pool: require('pg').Pool };", resolveDir: root },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['pg-native', 'pg-cloudflare', 'cloudflare:sockets'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  write: false,
});
const packages = [...new Set(Object.keys(metafile.inputs).flatMap((file) => /^node_modules\/[^/]+/.exec(file) ?? []))];
const licenses = packages.sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[sc]e/i.test(entry));
  const terms = file === undefined ? '' : `\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  return `${name} ${version} (${license})\n${terms}`;
});
const text = `/* Made by scripts/bundle-pg.mjs from these packages.\n\n${licenses.join('\n')}*/\n${outputFiles[0].text}`;
if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error(`${path} is behind the installed pg; run \`node scripts/bundle-pg.mjs\`.`);
  process.exitCode = 1;
}

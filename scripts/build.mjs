// Bundles src to dist: one file for each module that is loaded by its address (main, the commands, worker threads, the endpoint's process)
// and shared chunks, so that a command reads a few files and not hundreds. What is not TypeScript (schema packs, function bootstraps) is
// copied beside them, and the manifest of the commands is written, so that help and completion load none of them.
// Runs as `npm run build` and from `prepare`, so that `npx pipectl` works right after `npm install` in a checkout.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');
const out = join(root, 'dist');
const next = join(root, `dist-${process.pid}`);

if (process.env.npm_lifecycle_event === 'prepare' && isUpToDate()) process.exit(0);

const { build } = await import('esbuild').catch(() => {
  if (existsSync(join(out, 'main.js'))) process.exit(0); // a production install of a built tree
  console.error('pipectl: cannot build without the development dependencies. Run `npm install` without --omit=dev.');
  process.exit(1);
});

const commands = [...walk(join(source, 'commands'))];
const threads = ['lib/local/daemon/main.ts', 'lib/produce/load-worker.ts'].map((path) => join(source, path));

// Built aside and swapped in whole: a build that fails, or runs beside a command, leaves the old one in place.
try {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(source, 'main.ts'), ...commands, ...threads],
    outbase: source,
    outdir: next,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none', // all licenses are in one file, see below
    // CommonJS packages among the bundled ones ask for Node's modules by require.
    banner: {
      js: "import { createRequire as nodeRequire } from 'node:module';\nconst require = nodeRequire(import.meta.url);",
    },
    // The SDK's ES modules: a dynamic import of a bundled CommonJS module has no named exports.
    mainFields: ['module', 'main'],
    external: ['tsx', 'yauzl', 'yazl'],
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
  });
  removeForeignMaps();
  writeFileSync(join(next, 'THIRD_PARTY_LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
  for (const file of walk(source)) {
    if (file.endsWith('.ts') || file.endsWith('.md')) continue;
    const to = join(next, relative(source, file));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(file, to);
  }
  writeFileSync(join(next, 'oclif.manifest.json'), JSON.stringify(await readCommands()));
} catch (error) {
  rmSync(next, { recursive: true, force: true });
  if (!error.errors) console.error(error); // esbuild has printed its own
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
renameSync(next, out);

async function readCommands() {
  const { Config } = await import('@oclif/core/config');
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const oclif = { ...pjson.oclif, commands: { strategy: 'pattern', target: './commands' } };
  const { rootPlugin } = await Config.load({ root: next, pjson: { ...pjson, oclif } });
  return rootPlugin.manifest;
}

/** The license texts of the packages whose code is in the bundle, which most of them ask to go with it. */
function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  return [...folders]
    .sort()
    .map(licenseOf)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((entry) => /^(license|licence|copying)/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}

/** A bug report names lines of pipectl's sources. Maps of chunks that hold dependencies alone would double the package. */
function removeForeignMaps() {
  for (const file of [...walk(next)].filter((path) => path.endsWith('.js.map'))) {
    const { sources } = JSON.parse(readFileSync(file, 'utf8'));
    if (sources.every((path) => path.includes('node_modules'))) rmSync(file);
  }
}

/** `npx pipectl` in a checkout links this folder into its cache, which runs `prepare` again: nothing to do when nothing changed. */
function isUpToDate() {
  const built = statSync(join(out, 'main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const inputs = [...walk(source), join(root, 'package.json'), fileURLToPath(import.meta.url)];
  return inputs.every((file) => statSync(file).mtimeMs < built);
}

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

// Compiles src to dist and copies what is not TypeScript (schema packs, function bootstraps) beside it.
// Runs as `npm run build` and from `prepare`, so that `npx pipectl` works right after `npm install` in a checkout.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');
const out = join(root, 'dist');

if (process.env.npm_lifecycle_event === 'prepare' && isUpToDate()) process.exit(0);

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
if (!existsSync(tsc)) {
  if (existsSync(join(out, 'main.js'))) process.exit(0); // a production install of a built tree
  console.error(
    'pipectl: cannot build, the development dependencies are missing; run `npm install` without --omit=dev.',
  );
  process.exit(1);
}

// Built aside and swapped in whole: a build that fails, or runs beside a command, leaves the old one standing.
const next = join(root, `dist-${process.pid}`);
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', next], {
  stdio: 'inherit',
  cwd: root,
});
if (compiled.status !== 0) {
  rmSync(next, { recursive: true, force: true });
  process.exit(compiled.status ?? 1);
}
for (const file of walk(source)) {
  if (file.endsWith('.ts') || file.endsWith('.md')) continue;
  const to = join(next, relative(source, file));
  mkdirSync(dirname(to), { recursive: true });
  cpSync(file, to);
}
rmSync(out, { recursive: true, force: true });
renameSync(next, out);

/** `npx pipectl` in a checkout links this folder into its cache, which runs `prepare` again: nothing to do when nothing changed. */
function isUpToDate() {
  const built = statSync(join(out, 'main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const inputs = [...walk(source), join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json')];
  return inputs.every((file) => statSync(file).mtimeMs < built);
}

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

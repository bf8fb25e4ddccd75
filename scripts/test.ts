// `npm test`: every gate, then every suite, each run to its end so that one failure does not hide the next. Closes with the counts.
// `--gates` runs the gates alone (`npm run check`); other arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'pipectl-test-'));
const report = join(scratch, 'vitest.json');

const gates: readonly (readonly [name: string, file: string, ...args: string[]])[] = [
  ['build', 'scripts/build.mjs'],
  ['lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  ['imports', 'node_modules/tsx/dist/cli.mjs', 'scripts/check-imports.ts'],
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['schema packs', 'node_modules/tsx/dist/cli.mjs', 'scripts/generate-packs.ts', '--check'],
  ['resource pack', 'node_modules/tsx/dist/cli.mjs', 'scripts/generate-resource-pack.ts', '--check'],
  ['resource types', 'node_modules/tsx/dist/cli.mjs', 'scripts/generate-resource-types.ts', '--check'],
  ['OMISSIONS.md', 'node_modules/tsx/dist/cli.mjs', 'scripts/generate-omissions.ts', '--check'],
  ['unused files, exports and packages', 'node_modules/knip/bin/knip.js', '--no-progress'],
  ['schema of pipectl.yaml', 'node_modules/tsx/dist/cli.mjs', 'scripts/generate-schema.ts', '--check'],
];

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, file, ...args] of gates) {
  process.stdout.write(`\n— ${name}\n`);
  if (run(file, args)) passed += 1;
  else failed += 1;
}

const args = process.argv.slice(2);
const onlyGates = args.includes('--gates');
if (!onlyGates) process.stdout.write('\n— suites\n');
const green =
  onlyGates ||
  run('node_modules/vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);
const counts = readReport();
passed += counts.passed;
failed += counts.failed;
skipped += counts.skipped;
if (!green && counts.failed === 0) failed += 1; // a suite that could not even be collected
rmSync(scratch, { recursive: true, force: true });

if (skipped > 0 && process.env.CI === 'true') {
  process.stdout.write('\nIn CI no test may skip: install what the reasons above name.\n');
  failed += skipped;
}
process.stdout.write(
  `\n${passed} passed, ${failed} failed${skipped > 0 && process.env.CI !== 'true' ? `, ${skipped} skipped` : ''}\n`,
);
process.exitCode = failed > 0 ? 1 : 0;

function run(file: string, args: readonly string[]): boolean {
  const result = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  return result.status === 0;
}

function readReport(): { passed: number; failed: number; skipped: number } {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    return {
      passed: json.numPassedTests ?? 0,
      failed: json.numFailedTests ?? 0,
      skipped: (json.numPendingTests ?? 0) + (json.numTodoTests ?? 0),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

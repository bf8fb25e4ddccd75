import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceStack } from '../../src/lib/cli/source-stack.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipectl-source-stack-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a trace of a bundled file names the line of the source', async () => {
  await writeFile(
    join(folder, 'thrower.ts'),
    'interface Gone {}\n\nexport const fail = (): never => {\n  throw new Error("x");\n};\n',
  );
  await writeFile(
    join(folder, 'main.ts'),
    'import { fail } from "./thrower.js";\ntry { fail(); } catch (error) { console.log((error as Error).stack); }\n',
  );
  await build({
    entryPoints: [join(folder, 'main.ts')],
    outfile: join(folder, 'out.js'),
    bundle: true,
    minifyWhitespace: true,
    sourcemap: true,
    format: 'esm',
    platform: 'node',
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const stack = execFileSync(process.execPath, [join(folder, 'out.js')], { encoding: 'utf8' });
  expect(stack).toContain(`${pathToFileURL(join(folder, 'out.js')).href}:1:`);
  const mapped = sourceStack(stack);
  expect(mapped).toContain('thrower.ts:4:9');
  expect(mapped).toMatch(/main\.ts:2:\d+/);
});

test('a place without a map stays as it is', () => {
  const stack = 'Error: x\n    at file:///nowhere/a.js:1:2\n    at node:internal/main:5:6';
  expect(sourceStack(stack)).toBe(stack);
});

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the package, installed elsewhere', () => {
  let folder: string;
  const installed = (...words: string[]) =>
    run(process.execPath, [join(folder, 'node_modules', 'pipectl', 'bin', 'run.js'), ...words], {
      cwd: folder,
      env: { ...process.env, PIPECTL_STATE_DIR: join(folder, 'state'), NODE_PATH: '' },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipectl-package-'));
    // `npm test` has built; packing must not build again under the suites that run beside this one.
    const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: root,
    });
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'elsewhere', private: true }));
    await cp(join(root, '.npmrc'), join(folder, '.npmrc'));
    await run('npm', ['install', '--prefer-offline', '--omit=dev', join(folder, filename)], { cwd: folder });
  }, 180_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('answers with its version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    expect((await installed('--version')).stdout).toContain(`pipectl/${version}`);
  });

  it('runs its main job: the pipeline it ships, functions and all, with the SDK they need', async () => {
    const { stdout } = await installed('e2e', '--demo', '--events', '5', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ green: true, runs: [{ verdict: { green: true }, send: { sent: 5 } }] });
  }, 60_000);
});

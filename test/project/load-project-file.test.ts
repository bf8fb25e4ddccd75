import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseCheck, loadCheckFile, loadNearestCheckFile } from '../../src/lib/e2e/check-file/load-check-file.js';
import { projectJsonSchema } from '../../src/lib/e2e/check-file/project-json-schema.js';
import { isTrusted } from '../../src/lib/project/find-project-file.js';
import { loadNearestProjectFile } from '../../src/lib/project/load-project-file.js';

const CHECK = '{ send: { put: a, payload: "{marker}" }, hops: [{ a: { stream: a } }] }';

describe('loadProjectFile', () => {
  let folder: string;
  const before = process.cwd();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipectl-project-'));
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });

  it('is content without a file', async () => {
    expect(await loadNearestCheckFile(folder)).toBeUndefined();
  });

  it('leaves the checks to e2e: a mistake in one stops no command that runs none', async () => {
    await writeFile('pipectl.yaml', 'stream: orders\nsend: { tpye: put }\nchecks: { a: { hosp: [] } }\n');
    expect(await loadNearestProjectFile(folder)).toEqual({
      ...{ path: join(folder, 'pipectl.yaml'), folder, stream: 'orders' },
    });
    await expect(loadNearestCheckFile(folder)).rejects.toThrow('send: "tpye" is not a key of "send"');
    await writeFile('pipectl.yaml', 'strem: orders\n');
    await expect(loadNearestProjectFile(folder)).rejects.toThrow('did you mean "stream"?');
  });

  it('takes a folder for the file in it', async () => {
    await mkdir('checks');
    await expect(loadCheckFile('checks')).rejects.toMatchObject({
      exitCode: 2,
      message: 'pipectl.yaml not found in checks.',
    });
    await writeFile('checks/pipectl.yaml', 'stream: orders\n');
    expect((await loadCheckFile('checks')).stream).toBe('orders');
  });

  it.each(['pipectl.yaml', 'pipectl.yml'])('finds %s in the current folder', async (name) => {
    await writeFile(name, 'stream: orders\n');
    expect(await loadNearestCheckFile(folder)).toMatchObject({ stream: 'orders', path: join(folder, name) });
  });

  it('finds the nearest file above, as git finds its repository', async () => {
    await mkdir('a/b/c', { recursive: true });
    await writeFile('pipectl.yaml', 'stream: outer\n');
    await mkdir('a/b/pipectl.yaml'); // a folder of that name is no file
    expect((await loadNearestCheckFile(join(folder, 'a', 'b', 'c')))?.stream).toBe('outer');
    await writeFile('a/pipectl.yml', 'stream: inner\n');
    expect(await loadNearestCheckFile(join(folder, 'a', 'b', 'c'))).toMatchObject({
      stream: 'inner',
      folder: join(folder, 'a'),
    });
  });

  it.each([
    ['yours', 1000, { own: 1000, start: 1000 }, true],
    ["root's", 0, { own: 1000, start: 1000 }, true],
    ["the owner's of the folder that you work in", 1001, { own: 0, start: 1001 }, true],
    ["another user's", 1002, { own: 1000, start: 1000 }, false],
    ["another user's, for root", 1002, { own: 0, start: 0 }, false],
    ['any, where files have no owner', 1002, { own: undefined, start: undefined }, true],
  ])('of a file above that is %s', (_, uid, uids, trusted) => expect(isTrusted(uid, uids)).toBe(trusted));

  it('misses a file that was asked for, and says how to write one', async () => {
    await expect(loadCheckFile('nope.yaml')).rejects.toMatchObject({
      exitCode: 2,
      message: 'nope.yaml: file not found.',
      hint: expect.stringContaining('--init'),
    });
    await expect(loadCheckFile('.')).rejects.toMatchObject({ exitCode: 2 });
  });

  it('chooses the only check, the one named, or asks', async () => {
    await writeFile('one.yaml', `checks: { a: ${CHECK} }`);
    await writeFile('two.yaml', `checks: { a: ${CHECK}, b: ${CHECK} }`);
    await writeFile('none.yaml', 'stream: a');
    const one = await loadCheckFile('one.yaml');
    const two = await loadCheckFile('two.yaml');
    const none = await loadCheckFile('none.yaml');
    expect(chooseCheck(one).name).toBe('a');
    expect(chooseCheck(two, 'b').name).toBe('b');
    expect(() => chooseCheck(two)).toThrow('two.yaml holds 2 checks: a, b.');
    expect(() => chooseCheck(two, 'c')).toThrow('two.yaml holds no check named "c".');
    expect(() => chooseCheck(none)).toThrow('none.yaml holds no check.');
  });
});

describe('the published JSON schema', () => {
  it('is what the loader uses', () => {
    const published = readFileSync(new URL('../../schema/pipectl.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published), 'run `npx tsx scripts/generate-schema.ts`').toEqual(
      JSON.parse(JSON.stringify(projectJsonSchema())),
    );
  });
});

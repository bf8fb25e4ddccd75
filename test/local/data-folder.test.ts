import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeDataFolder, sweepDataFolders } from '../../src/lib/local/data-folder.js';
import { cleanEnvironment, runPipectl } from '../cli/spawn-pipectl.js';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'pipectl-test-'));
});

/** A folder as an endpoint with this owner would have left it. */
function folderOf(owner: unknown): string {
  const folder = mkdtempSync(join(parent, 'pipectl-data-'));
  mkdirSync(join(folder, 'functions', 'a'), { recursive: true });
  writeFileSync(join(folder, 'functions', 'a', 'index.mjs'), 'code');
  if (owner !== undefined) writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
  return folder;
}

describe('what an endpoint leaves behind that could not clean up', () => {
  it('is taken away when its process is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const mine = await makeDataFolder(parent);
    const { pidNamespace } = JSON.parse(readFileSync(join(mine, 'owner.json'), 'utf8'));
    const dead = folderOf({ pid: child.pid, startTime: '1', pidNamespace });
    expect(await sweepDataFolders(parent)).toBe(1);
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(mine)).toBe(true);
  });

  it('is taken away when the pid now belongs to another process', async () => {
    const owner = JSON.parse(readFileSync(join(await makeDataFolder(parent), 'owner.json'), 'utf8'));
    if (owner.startTime === undefined) return; // a system that does not tell
    const reused = folderOf({ ...owner, startTime: '1' });
    await sweepDataFolders(parent);
    expect(existsSync(reused)).toBe(false);
  });

  it('is taken away when it was killed before it could say whose it is', async () => {
    const [old, young] = [folderOf(undefined), folderOf(undefined)];
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(old, twoHoursAgo, twoHoursAgo);
    await sweepDataFolders(parent);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it('is left alone where nobody can tell: another container, no owner yet, half an owner, another name', async () => {
    const kept = [
      folderOf({ pid: 2 ** 22 + 1, startTime: '1', pidNamespace: 'pid:[1]' }),
      folderOf(undefined),
      folderOf('half'),
    ];
    const stranger = join(parent, 'pipectl-other');
    mkdirSync(stranger);
    expect(await sweepDataFolders(parent)).toBe(0);
    for (const folder of [...kept, stranger]) expect(existsSync(folder)).toBe(true);
  });

  it('goes with the next start after a SIGKILL', async () => {
    const env = cleanEnvironment(join(parent, 'state'), { TMPDIR: parent });
    const folders = () => readdirSync(parent).filter((name) => name.startsWith('pipectl-data-'));
    const start = async () => JSON.parse((await runPipectl(['local', 'start', '--port', '0', '--json'], env)).stdout);
    const killed = await start();
    const [left] = folders();
    process.kill(killed.pid, 'SIGKILL');
    await start();
    await expect.poll(folders).not.toContain(left);
    expect(folders()).toHaveLength(1);
    await runPipectl(['local', 'stop', '--all'], env);
    expect(folders()).toEqual([]);
  });
});

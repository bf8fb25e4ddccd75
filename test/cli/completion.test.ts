import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, newStateFolder, runPipectl } from './spawn-pipectl.js';

const folder = newStateFolder();
const script = join(folder, 'completion.bash');

beforeAll(async () => {
  const { stdout, exitCode } = await runPipectl(['completion', 'bash'], cleanEnvironment(folder));
  expect(exitCode).toBe(0);
  writeFileSync(script, stdout);
});

/** What a real bash offers for the last word. */
function completed(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const line = `source ${script}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _pipectl; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8', cwd: folder });
  expect(stderr).toBe('');
  return stdout.trim().split('\n').sort();
}

describe('bash completion', () => {
  it.each([
    [['pipectl', 'prov'], ['provision']],
    [
      ['pipectl', 'lo'],
      ['local', 'logs'],
    ],
    [
      ['pipectl', 'local', 'st'],
      ['start', 'status', 'stop'],
    ],
    [['pipectl', 'provision', 'orders', '--sh'], ['--shards']],
    [
      ['pipectl', 'local', 'start', '--limits', ''],
      ['off', 'on'],
    ],
    [['pipectl', 'local', 'start', '--f'], ['--foreground']],
    [['pipectl', 'streams', 'comp'], ['completion.bash']],
  ])('%j', (words, expected) => {
    expect(completed(...words)).toEqual(expected);
  });
});

it.each(['zsh', 'fish'])('%s names every command and its flags', async (shell) => {
  const { stdout } = await runPipectl(['completion', shell], cleanEnvironment(folder));
  for (const word of ['provision', 'streams', 'status', 'max-record-size', 'endpoint-url'])
    expect(stdout).toContain(word);
});

it("zsh's single quotes close around an apostrophe", async () => {
  const { stdout } = await runPipectl(['completion', 'zsh'], cleanEnvironment(folder));
  expect(stdout).toContain(`'logs:Show the local endpoint'\\''s own log.'`);
});

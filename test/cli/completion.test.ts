import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { cleanEnvironment, newStateFolder, runPipectl } from './spawn-pipectl.js';

const folder = newStateFolder();
const script = join(folder, 'completion.bash');

beforeAll(async () => {
  const { stdout, exitCode } = await runPipectl(['completion', 'bash'], cleanEnvironment(folder));
  expect(exitCode).toBe(0);
  writeFileSync(script, stdout);
});

/** What a real bash offers at the end of a line. */
function completed(line: string, programs = ''): string[] {
  const press = `source ${script}; ${programs} compopt() { :; }; COMP_LINE='${line}'; COMP_POINT=${line.length}; _pipectl; printf '%s\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', press], { encoding: 'utf8', cwd: folder });
  expect(stderr).toBe('');
  return stdout.trim().split('\n').sort();
}

describe('bash completion', () => {
  it.each([
    ['pipectl prov', ['provision']],
    ['pipectl lo', ['local', 'logs']],
    ['pipectl help lo', ['local', 'logs']],
    ['pipectl --json lo', ['local', 'logs']],
    ['pipectl --region eu-west-1 --aws prov', ['provision']],
    ['pipectl local st', ['start', 'status', 'stop']],
    ['pipectl local --json st', ['start', 'status', 'stop']],
    ['pipectl provision orders --sh', ['--shards']],
    ['pipectl --endpoint-url http://127.0.0.1:1 provision orders --sh', ['--shards']],
    ['pipectl local start --limits ', ['all', 'off', 'on']],
    ['pipectl local start --limits=o', ['off', 'on']],
    ['pipectl local start --f', ['--foreground']],
    ['pipectl local logs --follow -', expect.arrayContaining(['--lines', '--help'])],
    ['pipectl e2e --no-', ['--no-color', '--no-deploy']],
    ['pipectl e2e --demo ', ['analytics', 'api-to-table', 'local-consumer']],
    ['pipectl e2e --demo --ev', ['--events']],
    ['pipectl completion ', ['bash', 'fish', 'zsh']],
    ['pipectl local exec -- ech', expect.arrayContaining(['echo'])],
    ['pipectl deploy comp', ['completion.bash']],
    ['pipectl streams --region comp', ['']],
  ])('%s', (line, expected) => {
    expect(completed(line)).toEqual(expected);
  });

  it('asks for streams where a stream belongs, with the target that the line names', () => {
    const fake = 'pipectl() { printf "%s\\n" "orders" "said:$*" >&1; };';
    expect(completed('pipectl tail ', fake)).toEqual(['orders', 'said:stream-names']);
    const spoken = 'pipectl() { printf "%s\\n" "$@"; };';
    expect(completed('pipectl --aws streams --region eu-west-1 ', spoken)).toEqual([
      '--aws',
      '--region',
      'eu-west-1',
      'stream-names',
    ]);
  });
});

describe('the names of the streams', () => {
  it('are those of the target, and never start anything', async () => {
    const endpoint = await startEndpoint();
    const env = cleanEnvironment(folder);
    expect(await runPipectl(['stream-names'], env)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(readdirSync(folder).filter((name) => name.startsWith('endpoint-'))).toEqual([]);
    await runPipectl(['provision', 'orders', 'clicks', '--endpoint-url', endpoint.url], env);
    const run = await runPipectl(['stream-names', '--endpoint-url', endpoint.url], env);
    expect(run).toMatchObject({ exitCode: 0, stdout: 'clicks\norders\n', stderr: '' });
    await endpoint.close();
    const gone = await runPipectl(['stream-names', '--endpoint-url', endpoint.url], env);
    expect(gone).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });
});

it('offers no name that a shell would run', async () => {
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ StreamNames: ['orders', '$(touch was-run)', 'a b'], HasMoreStreams: false })),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = await runPipectl(['stream-names', '--endpoint-url', url], cleanEnvironment(folder));
  server.close();
  expect(run).toMatchObject({ exitCode: 0, stdout: 'orders\n' });
});

it.each(['zsh', 'fish'])('%s names every command and its flags', async (shell) => {
  const { stdout } = await runPipectl(['completion', shell], cleanEnvironment(folder));
  for (const word of ['provision', 'streams', 'status', 'max-record-size', 'endpoint-url'])
    expect(stdout).toContain(word);
});

it.each([
  ['zsh', "'*--demo[Run a sample pipeline.]::demo:(analytics api-to-table local-consumer)'"],
  ['fish', "; and __fish_contains_opt demo' -a 'analytics api-to-table local-consumer'"],
])('%s names the sample pipelines after --demo', async (shell, text) => {
  expect((await runPipectl(['completion', shell], cleanEnvironment(folder))).stdout).toContain(text);
});

it.each([
  ['zsh', /^ {4}help\)\n.+\n +words_here=\(.*'tail:Read/m],
  ['fish', /^complete -c pipectl -n __pipectl_needs_help -a tail -d 'Read/m],
])('%s names the commands behind help, too', async (shell, line) => {
  expect((await runPipectl(['completion', shell], cleanEnvironment(folder))).stdout).toMatch(line);
});

it("zsh's single quotes close around an apostrophe", async () => {
  const { stdout } = await runPipectl(['completion', 'zsh'], cleanEnvironment(folder));
  expect(stdout).toContain(`'logs:Show the endpoint'\\''s log.'`);
});

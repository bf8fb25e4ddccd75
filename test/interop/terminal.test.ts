import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { createClients } from '../../src/lib/target/clients.js';
import { BIN, newStateFolder } from '../cli/spawn-pipectl.js';
import { localTarget } from '../local-target.js';
import { describeWith } from './needs.js';
import { fixture, run } from './tools.js';

describeWith(['python3'], 'e2e --init at a terminal', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint({ port: 0 });
    const clients = createClients(localTarget(endpoint.url));
    const kinesis = await clients.kinesis();
    for (const StreamName of ['clicks', 'orders'])
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    clients.close();
  });
  afterAll(() => endpoint.close());

  async function ask(answer: string): Promise<{ exitCode: number; text: string; file: string }> {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-terminal-'));
    const program = [process.execPath, BIN, 'e2e', '--init', '--endpoint-url', endpoint.url];
    const state = newStateFolder();
    const told = await run('python3', [fixture('at_a_terminal.py'), answer, ...program], {
      cwd: folder,
      env: { HOME: state, PIPECTL_STATE_DIR: state, TERM: 'xterm', COLUMNS: '100' },
    });
    return { ...(JSON.parse(told) as { exitCode: number; text: string }), file: join(folder, 'pipectl.yaml') };
  }

  it('asks which stream is meant, and writes the file of that one', async () => {
    const { exitCode, text, file } = await ask('7\\n2\\n');
    expect(text.replaceAll('\r\n', '\n')).toContain('  1  clicks\n  2  orders\nnumber: ');
    expect(text).toContain('"7" is not one of the numbers, 1 to 2');
    expect(text).toContain('for orders; look at its payload, then run `pipectl e2e');
    expect(readFileSync(file, 'utf8')).toContain('  put: orders\n');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['Ctrl-C', '\\x03', 130, ''],
    ['Ctrl-D', '\\x04', 2, 'None was chosen.'],
  ])('takes %s for what it is', async (_, key, expected, message) => {
    const { exitCode, text, file } = await ask(key);
    expect(text).toContain(message);
    expect(text).not.toContain('bug in pipectl');
    expect([exitCode, existsSync(file)]).toEqual([expected, false]);
  });
});

describeWith(['python3'], 'e2e at a terminal, in an empty folder', () => {
  async function type(...words: string[]): Promise<{ exitCode: number; text: string }> {
    const state = newStateFolder();
    const told = await run('python3', [fixture('at_a_terminal.py'), '', process.execPath, BIN, 'e2e', ...words], {
      cwd: mkdtempSync(join(tmpdir(), 'pipectl-terminal-')),
      env: { CI: '', HOME: state, PIPECTL_STATE_DIR: state, TERM: 'xterm', COLUMNS: '100' },
    });
    return JSON.parse(told) as { exitCode: number; text: string };
  }

  it('runs the sample pipeline, and says so', async () => {
    const { exitCode, text } = await type();
    expect(text).toContain('no pipectl.yaml here: running the sample pipeline analytics');
    expect(text).toContain('PASSED');
    expect(exitCode).toBe(0);
  });

  it.each([['--all'], ['--no-deploy'], ['--aws'], ['orders']])('refuses %s, which is about a check', async (word) => {
    const { exitCode, text } = await type(word);
    expect(text).toContain('pipectl.yaml not found in ');
    expect(exitCode).toBe(2);
  });
});

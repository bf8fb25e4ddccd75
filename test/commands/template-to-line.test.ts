import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { runCommand } from './run-command.js';

let endpoint: Endpoint;
let folder: string;
beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'pipectl-template-to-line-'));
  const page = await readFile(new URL('../../docs/invoke-and-logs.md', import.meta.url), 'utf8');
  const example = (language: string): string =>
    new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';
  await mkdir(join(folder, 'logger'));
  await writeFile(join(folder, 'logger', 'index.mjs'), example('js'));
  await writeFile(join(folder, 'app.yaml'), example('yaml'));
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

const run = (...argv: string[]) => runCommand([...argv, '--endpoint-url', endpoint.url]);

it("the documentation's template is deployed, invoked through its export, and its line decoded from the stream", async () => {
  const deployed = await run('deploy', join(folder, 'app.yaml'), '--stack', 'app');
  expect(deployed, deployed.stderr).toMatchObject({ exitCode: 0, stdout: 'Logger\tapp-logger\tapp-logger-name\n' });
  for (const payload of ['{"chatter":true}', '{"event_class":"order","n":1}', '{"event_class":"order","n":2}']) {
    const invoked = await run('invoke', 'export:app-logger-name', '--payload', payload);
    expect(invoked).toMatchObject({ exitCode: 0, stdout: '{"logged":true}\n' });
  }
  const tailed = await run('tail', 'app-events', '--decode', '--from', 'trim-horizon', '--limit', '2');
  expect(tailed).toMatchObject({
    exitCode: 0,
    stdout: '{"event_class":"order","n":1}\n{"event_class":"order","n":2}\n',
  });
  const logged = await run('logs', '--function', 'export:app-logger-name', '--filter', '{ $.chatter IS TRUE }');
  expect(logged.stdout).toMatch(/^\S+\t\S+\t\{"chatter":true\}\n$/);
});

// The CDK's own command line: bootstrap, assets, deploy, diff, destroy, over a cloud assembly as `cdk synth` writes it.
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { describeWith } from './needs.js';
import { awsEnvironment, cacheFolder, fixture, once, run } from './tools.js';

const AWS_CDK = 'aws-cdk@2.1148.1';

/** The CDK's command line from npm. */
async function cdkProgram(): Promise<string> {
  const folder = await cacheFolder('cdk');
  await once(folder, AWS_CDK, async () => {
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', AWS_CDK], {
      cwd: folder,
    });
  });
  return join(folder, 'node_modules', '.bin', 'cdk');
}

describeWith(['npm'], 'the CDK', () => {
  let endpoint: Endpoint;
  let program: string;
  let folder: string;
  const cdk = (...args: string[]): Promise<string> =>
    run(program, args, {
      cwd: folder,
      env: { ...awsEnvironment(endpoint.url), HOME: folder, CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
  beforeAll(async () => {
    program = await cdkProgram();
    expect(existsSync(program)).toBe(true);
    endpoint = await startEndpoint();
    folder = await mkdtemp(join(tmpdir(), 'pipectl-cdk-'));
    await cp(fixture('cdk'), join(folder, 'cdk.out'), { recursive: true });
  }, 180_000);
  afterAll(async () => {
    await endpoint.close();
    await rm(folder, { recursive: true });
  });

  test('bootstraps, publishes an asset, deploys a function that runs, finds no difference, and destroys', async () => {
    await cdk('bootstrap', 'aws://000000000000/us-east-1');
    await cdk('deploy', '--app', 'cdk.out', '--require-approval', 'never', '--outputs-file', 'outputs.json', 'demo');
    const outputs = JSON.parse(await readFile(join(folder, 'outputs.json'), 'utf8'));
    const lambda = new LambdaClient({
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: new NodeHttpHandler(),
    });
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: outputs['cdk-demo'].N }));
    lambda.destroy();
    expect(Buffer.from(Payload ?? []).toString()).toBe('"from cdk"');
    await expect(cdk('diff', '--fail', '--app', 'cdk.out', 'demo')).resolves.toBeDefined();
    await cdk('destroy', '--force', '--app', 'cdk.out', 'demo');
  }, 90_000);
});

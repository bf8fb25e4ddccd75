// CloudFormation by clients not written here: the AWS CLI's `deploy` and `package`, boto3's waiters and paginators, cfn-lint.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { describeWith } from './needs.js';
import { pythonTools } from './python.js';
import { awsEnvironment, fixture, run } from './tools.js';

const PIPELINE = fileURLToPath(new URL('../../pipelines/analytics/', import.meta.url));
describeWith(['python3'], 'the AWS CLI and boto3', () => {
  let endpoint: Endpoint;
  let boto3: string;
  let awsCli: string;
  let folder: string;
  const aws = (...args: string[]): Promise<string> =>
    run(join(awsCli, 'aws'), args, { cwd: folder, env: awsEnvironment(endpoint.url) });
  beforeAll(async () => {
    boto3 = await pythonTools('boto3');
    awsCli = await pythonTools('aws-cli');
    endpoint = await startEndpoint();
    folder = await mkdtemp(join(tmpdir(), 'pipectl-aws-cli-'));
    await cp(PIPELINE, folder, { recursive: true });
  }, 180_000);
  afterAll(async () => {
    await endpoint.close();
    await rm(folder, { recursive: true });
  });

  test('boto3 has its waiters, pages and errors', async () => {
    const out = await run(join(boto3, 'python'), [fixture('cloudformation_everything.py')], {
      env: awsEnvironment(endpoint.url),
    });
    const checks = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; ok: boolean; error?: string });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks).toHaveLength(5);
  }, 90_000);

  test('`cloudformation package` and `deploy` take the shipped pipeline, twice', async () => {
    await aws('s3', 'mb', 's3://packages');
    for (const stack of ['external-test-resources', 'data-pipeline']) {
      await aws(
        ...['cloudformation', 'package', '--template-file', `${stack}.yaml`],
        ...['--s3-bucket', 'packages', '--output-template-file', `${stack}.packaged.yaml`],
      );
    }
    const deploy = (stack: string, ...more: string[]): Promise<string> =>
      aws(
        ...['cloudformation', 'deploy', '--template-file', `${stack}.packaged.yaml`, '--stack-name', stack],
        ...['--capabilities', 'CAPABILITY_IAM', '--no-fail-on-empty-changeset', ...more],
      );
    expect(await deploy('external-test-resources')).toContain('Successfully created/updated stack');
    const name = await aws(
      ...['cloudformation', 'list-exports', '--output', 'text'],
      ...['--query', "Exports[?Name=='test-logger-lambda-name'].Value"],
    );
    await aws('lambda', 'invoke', '--function-name', name.trim(), '--payload', '{"message":"prime"}', 'answer.json');
    expect(await readFile(join(folder, 'answer.json'), 'utf8')).toContain('logged');

    const parameters = ['--parameter-overrides', 'TinybirdAuthToken=token', 'BatchingWindow=0'];
    expect(await deploy('data-pipeline', ...parameters)).toContain('Successfully created/updated stack');
    expect(await deploy('data-pipeline', ...parameters)).toContain('No changes to deploy');
    expect(await deploy('data-pipeline', '--parameter-overrides', 'BatchingWindow=1')).toContain(
      'Successfully created/updated stack',
    );
  }, 90_000);
});

describeWith(['python3'], 'cfn-lint', () => {
  let bin: string;
  beforeAll(async () => {
    bin = await pythonTools('cfn-lint');
  }, 180_000);

  test('takes the templates that ship', async () => {
    const templates = ['external-test-resources.yaml', 'data-pipeline.yaml'].map((name) => join(PIPELINE, name));
    expect(await run(join(bin, 'cfn-lint'), templates)).toBe('');
  }, 60_000);
});

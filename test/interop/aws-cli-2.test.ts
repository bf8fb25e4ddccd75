// What only version 2 of the AWS CLI has, or does in its own way: following logs, payloads as base64, no pager.
import { spawn } from 'node:child_process';
import { once as onceEmitted } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { awsCli2 } from './aws-cli-2.js';
import { awsEnvironment, run } from './tools.js';

const cli = await awsCli2();
const GROUP = '/aws/lambda/speaker';
const TEMPLATE = `
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] } } }
  Speaker: { Type: AWS::Lambda::Function, Properties: { FunctionName: speaker, Runtime: nodejs22.x, Handler: index.handler, Role: !GetAtt Role.Arn, Code: { ZipFile: "exports.handler = async ({ say }) => { console.log('said ' + say); return say; };" } } }
Outputs: { Name: { Value: !Ref Speaker, Export: { Name: speaker } } }
`;

// Where it is neither on the PATH nor Debian's, there is nothing to run; CI has it.
describe.skipIf(cli === undefined && !process.env.CI)('the AWS CLI, version 2', () => {
  let endpoint: Endpoint;
  let folder: string;
  beforeAll(async () => {
    endpoint = await startEndpoint();
    folder = await mkdtemp(join(tmpdir(), 'pipectl-cli2-'));
  });
  afterAll(async () => {
    await endpoint.close();
    await rm(folder, { recursive: true });
  });

  // Debian's is older than AWS_ENDPOINT_URL.
  const command = (args: string[]) => ({
    program: cli?.program ?? 'aws',
    args: [...(cli?.before ?? []), ...args, '--endpoint-url', endpoint.url],
    options: { cwd: folder, env: { ...process.env, ...awsEnvironment(endpoint.url), ...cli?.env } },
  });
  const aws = (...args: string[]): Promise<string> => {
    const { program, args: all, options } = command(args);
    return run(program, all, options as Parameters<typeof run>[2]);
  };
  const invoke = async (payload: string): Promise<string> => {
    await aws(
      ...['lambda', 'invoke', '--function-name', 'speaker', '--cli-binary-format', 'raw-in-base64-out'],
      ...['--payload', payload, 'answer.json'],
    );
    return readFile(join(folder, 'answer.json'), 'utf8');
  };

  test('deploys, and invokes', async () => {
    await writeFile(join(folder, 'template.yaml'), TEMPLATE);
    const deploy = ['cloudformation', 'deploy', '--template-file', 'template.yaml', '--stack-name', 'speaker'];
    expect(await aws(...deploy, '--capabilities', 'CAPABILITY_IAM')).toContain('Successfully created/updated stack');
    expect(await aws(...deploy, '--capabilities', 'CAPABILITY_IAM')).toContain('No changes to deploy');
    expect(await invoke('{"say":"first"}')).toBe('"first"');
  }, 120_000);

  test('logs tail shows what was said, and what matches', async () => {
    await invoke('{"say":"second"}');
    const all = await aws('logs', 'tail', GROUP, '--since', '1h');
    expect(all).toMatch(/said first[\s\S]*said second/);
    expect(all).toContain('START RequestId');
    const matching = await aws('logs', 'tail', GROUP, '--filter-pattern', '"said second"', '--format', 'short');
    expect(matching.trim().split('\n')).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\S+ .*said second$/)]);
  }, 60_000);

  test('logs tail --follow shows each line once, as it comes', async () => {
    const { program, args, options } = command(['logs', 'tail', GROUP, '--follow', '--filter-pattern', 'said']);
    const child = spawn(program, args, { ...options, env: { ...options.env, PYTHONUNBUFFERED: '1' } });
    let shown = '';
    child.stdout.on('data', (part) => {
      shown += part;
    });
    const until = async (text: string): Promise<void> => {
      while (!shown.includes(text)) await onceEmitted(child.stdout, 'data');
    };
    try {
      await until('said second');
      await invoke('{"say":"third"}');
      await until('said third');
      await invoke('{"say":"fourth"}');
      await until('said fourth');
    } finally {
      child.kill('SIGINT');
      await onceEmitted(child, 'close');
    }
    expect(shown.match(/said \w+/g)).toEqual(['said first', 'said second', 'said third', 'said fourth']);
  }, 60_000);
});

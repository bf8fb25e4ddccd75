import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/lib/cli/command-io.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { DrivenClock } from '../../src/lib/shared/clock.js';
import { runCommand } from './run-command.js';

let endpoint: Endpoint;
let folder: string;
let template: string;
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
const at = () => ['--endpoint-url', endpoint.url];

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'pipectl-stacks-'));
  template = join(folder, 'pipeline.yaml');
  await writeFile(
    template,
    `
Parameters: { Days: { Type: Number, Default: 7 } }
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /app/orders, RetentionInDays: !Ref Days } }
  Line: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: !Ref Group, LogStreamName: one } }
Outputs:
  Group: { Value: !Ref Group, Export: { Name: orders-group } }
`,
  );
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

describe('deploy, exports, destroy', () => {
  it('names what the local endpoint keeps without effect in the plan and at the end', async () => {
    const path = join(folder, 'network.yaml');
    await writeFile(path, 'Resources: { Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } } }');
    const run = await runCommand(['deploy', path, '--stack', 'network', ...at()]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain('  + Vpc  AWS::EC2::VPC  kept without effect\n');
    expect(run.stderr).toContain('  Kept without effect: Vpc\n');
    await runCommand(['destroy', 'network', ...at()]);
  });

  it('tells its steps on stderr and gives the outputs on stdout', async () => {
    const run = await runCommand(['deploy', template, '--stack', 'orders', ...at()]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toBe('Group\t/app/orders\torders-group\n');
    expect(run.stderr.replace(/in [\d.]+ m?s/, 'in TIME')).toBe(
      [
        'deploying orders …',
        '  + Group  AWS::Logs::LogGroup',
        '  + Line   AWS::Logs::LogStream',
        '  2 to add',
        '  ✓ Group AWS::Logs::LogGroup CREATE_COMPLETE',
        '  ✓ Line AWS::Logs::LogStream CREATE_COMPLETE',
        '✓ orders created in TIME',
        '',
      ].join('\n'),
    );
  });

  it('says so when there is nothing to do, and exits 0', async () => {
    const run = await runCommand(['deploy', template, '--stack', 'orders', ...at()]);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('✓ orders is up to date, nothing to do');
    const check = await runCommand(['deploy', template, '--stack', 'orders', '--check', ...at()]);
    expect(check).toMatchObject({ exitCode: 0, stdout: 'orders is up to date.\n' });
  });

  it('--check shows the plan on stdout and exits 1 when anything would change', async () => {
    const argv = ['deploy', template, '--stack', 'orders', '--parameter', 'Days=14', '--check', ...at()];
    const run = await runCommand(argv);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toBe('  ~ Group  AWS::Logs::LogGroup  RetentionInDays\n  1 to modify\n');
    expect(run.stderr).toContain('error: orders would change: 1 to modify.\n');
    const json = await runCommand([...argv, '--json']);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      isEmpty: false,
      changes: [{ action: 'modify', logicalId: 'Group', because: ['RetentionInDays'] }],
    });
  });

  it('gives one JSON document with --json', async () => {
    const run = await runCommand(['deploy', template, '--stack', 'orders', '--json', ...at()]);
    expect(JSON.parse(run.stdout)).toMatchObject({
      action: 'unchanged',
      stackName: 'orders',
      outputs: [{ key: 'Group', value: '/app/orders', exportName: 'orders-group' }],
    });
  });

  it('lists exports, and prints one bare', async () => {
    expect((await runCommand(['exports', ...at()])).stdout).toBe('orders-group\t/app/orders\torders\n');
    expect((await runCommand(['exports', 'orders-group', ...at()])).stdout).toBe('/app/orders\n');
    const typo = await runCommand(['exports', '--stack', 'other', ...at()]);
    expect(typo).toMatchObject({ exitCode: 1, stdout: '' });
    expect(typo.stderr).toContain('No stack named "other"');
    const missing = await runCommand(['exports', 'order-group', ...at()]);
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
    expect(missing.stderr).toContain('Did you mean "orders-group"?');
  });

  it('--watch shows what is there, then each change, until it is interrupted', async () => {
    const interrupt = new AbortController();
    let isChanging = false;
    const run = await runCommand(['exports', '--watch', ...at()], {
      signal: interrupt.signal,
      onStdout(text) {
        if (text.includes('- orders-group')) interrupt.abort(new Interrupted('SIGINT'));
        else if (!isChanging) {
          isChanging = true;
          void runCommand(['destroy', 'orders', ...at()]);
        }
      },
    });
    expect(run.exitCode).toBe(130);
    expect(run.stdout).toBe('+ orders-group\t/app/orders\torders\n- orders-group\t/app/orders\torders\n');
  });

  it('destroy says what there was and what there was not', async () => {
    await runCommand(['deploy', template, '--stack', 'again', ...at()]);
    const run = await runCommand(['destroy', 'again', 'never', ...at()]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout.replace(/in [\d.]+ m?s/, 'in TIME')).toBe('again destroyed in TIME\nnever does not exist\n');
  });

  it('destroy deletes nothing where a name looks like a slip for another', async () => {
    await runCommand(['deploy', template, '--stack', 'data-pipeline', ...at()]);
    const run = await runCommand(['destroy', 'data-pipelin', ...at()]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain(
      'error: Stack "data-pipelin" not found.\n  Did you mean "data-pipeline"? Nothing was deleted.\n',
    );
    expect((await runCommand(['destroy', 'data-pipeline', ...at()])).stdout).toContain('data-pipeline destroyed');
  });

  it('destroy asks before it touches AWS, and does not begin without an answer', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
    const alone = await runCommand(['destroy', 'precious', '--aws', '--region', 'eu-west-1'], { env });
    expect(alone).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: 'error: On AWS destroy asks first, and nobody is here to answer.\n  pipectl destroy precious --yes\n',
    });
    const stdin: PassThrough & { isTTY?: boolean } = new PassThrough();
    stdin.isTTY = true;
    stdin.end('no\n');
    const refused = await runCommand(['destroy', 'precious', '--aws', '--region', 'eu-west-1'], { env, stdin });
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toBe(
      'Delete precious in eu-west-1 on AWS, and everything in their buckets? [y/N] error: Nothing was deleted.\n',
    );
  });

  it('Ctrl-C ends a deploy with 130 and leaves a stack that the next run waits for', async () => {
    // Time stands still at this endpoint, so a stream is being created for as long as the test wants.
    const clock = new DrivenClock(Date.now());
    const frozen = await startEndpoint({ port: 0, clock });
    const there = ['--endpoint-url', frozen.url];
    const slow = join(folder, 'slow.yaml');
    await writeFile(slow, 'Resources: { A: { Type: AWS::Kinesis::Stream, Properties: { Name: slow } } }');
    try {
      const interrupt = new AbortController();
      const running = runCommand(['deploy', slow, '--stack', 'slow', ...there], { signal: interrupt.signal });
      while (!(await runCommand(['streams', '--json', ...there])).stdout.includes('"slow"')) await tick();
      interrupt.abort(new Interrupted('SIGINT'));
      const interrupted = await running;
      expect(interrupted.exitCode).toBe(130);
      expect(interrupted.stderr).toContain(
        'slow goes on without pipectl; the same command waits for its end and goes on from there',
      );

      let driver: NodeJS.Timeout | undefined;
      const second = await runCommand(['deploy', slow, '--stack', 'slow', ...there], {
        onStderr(text) {
          if (text.includes('waiting for its end')) driver ??= setInterval(() => clock.advance(100), 20);
        },
      });
      clearInterval(driver);
      expect(second.exitCode, second.stderr).toBe(0);
      expect(second.stderr).toContain('slow is CREATE_IN_PROGRESS, begun by an earlier run; waiting for its end');
      expect(second.stderr).toContain('✓ slow is up to date, nothing to do');
    } finally {
      await frozen.close();
    }
  });
});

describe('wrong words', () => {
  it.each([
    [['deploy'], /template/i],
    [['deploy', 'x.yaml'], /needs --stack/],
    [['deploy', 'x.yaml', '--stack', 's', '--parameter', 'nope'], /--parameter: "nope" is not NAME=VALUE/],
    [['deploy', 'x.yaml', '--stack', 's'], /Cannot read the template x\.yaml/],
    [['destroy'], /Which stack\?/],
    [['exports', 'name', '--watch'], /takes no --watch/],
  ])('%j is a usage error', async (argv, message) => {
    const run = await runCommand([...argv, ...at()]);
    expect(run.exitCode, run.stderr).toBe(2);
    expect(run.stderr).toMatch(message);
    expect(run.stdout).toBe('');
  });
});

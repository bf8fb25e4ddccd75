import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { BROKEN_FILTER, type Change, copyPipeline, IMPATIENT } from '../e2e/copy-pipeline.js';
import { cleanEnvironment, newStateFolder, runPipectl, spawnPipectl } from './spawn-pipectl.js';

const env = cleanEnvironment(newStateFolder());
/** A token that can be read can be put back. */
const READABLE_TOKEN = { file: 'data-pipeline.yaml', replace: '    NoEcho: true\n', by: '' };
const OWN_URL = 'http://127.0.0.1:9/own';

let endpoint: Endpoint;
let cloudformation: CloudFormationClient;
beforeEach(async () => {
  endpoint = await startEndpoint({ port: 0 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  cloudformation = new CloudFormationClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
});
afterEach(async () => {
  cloudformation.destroy();
  await endpoint.close();
});

const at = (...argv: string[]) => runPipectl([...argv, '--endpoint-url', endpoint.url], env);
const e2e = (...argv: string[]) => at('e2e', ...argv, '--json', '--events', '5');
const plainly = (...argv: string[]) => at('e2e', ...argv, '--events', '5');
const runOf = ({ stdout, stderr }: { stdout: string; stderr: string }): CheckReport => {
  const [run] = stdout === '' ? [] : (JSON.parse(stdout) as { runs: CheckReport[] }).runs;
  if (!run) throw new Error(`no report: ${stderr}`);
  return run;
};

async function stack(name: string) {
  const [found] = (await cloudformation.send(new DescribeStacksCommand({ StackName: name }))).Stacks ?? [];
  const { TemplateBody } = await cloudformation.send(new GetTemplateCommand({ StackName: name }));
  const parameters = Object.fromEntries(
    found?.Parameters?.map((each) => [each.ParameterKey, each.ParameterValue]) ?? [],
  );
  return { parameters, tags: found?.Tags, template: TemplateBody };
}

/** Deploys the analytics pipeline as somebody's own. @returns its check file */
async function deployOwn(...changes: Change[]): Promise<string> {
  const path = copyPipeline([IMPATIENT, ...changes]);
  const template = (name: string) => join(dirname(path), name);
  const own = [
    '--parameter',
    `TinybirdUrl=${OWN_URL}`,
    '--parameter',
    'TinybirdAuthToken=own-token',
    '--tag',
    'team=data',
  ];
  for (const line of [
    ['deploy', template('external-test-resources.yaml'), '--stack', 'external-test-resources'],
    ['invoke', 'export:test-logger-lambda-name', '--payload', '{"message":"prime"}'],
    ['deploy', template('data-pipeline.yaml'), '--stack', 'data-pipeline', ...own],
  ]) {
    const { exitCode, stderr } = await at(...line);
    expect(exitCode, stderr).toBe(0);
  }
  return path;
}

describe('stacks that no check made', () => {
  it('are refused before anything is changed', async () => {
    const path = await deployOwn(READABLE_TOKEN);
    const before = await stack('data-pipeline');
    const { exitCode, stdout, stderr } = await plainly(path);
    expect(stderr).toContain(
      `error: Stacks "external-test-resources", "data-pipeline" exist in us-east-1 at ${endpoint.url}, and no check made them.\n` +
        '  To use what is deployed: pipectl e2e --no-deploy\n',
    );
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(await stack('data-pipeline')).toEqual(before);
  });

  it('are updated with --update-existing, and get their parameters, tags and template back', async () => {
    const path = await deployOwn(READABLE_TOKEN);
    // What the owner changed by hand is theirs, too.
    const theirs = String((await stack('data-pipeline')).template).replace(
      'BatchingWindow:\n',
      'BatchingWindow: # ours\n',
    );
    const keep = ['TinybirdUrl', 'TinybirdAuthToken'].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true }));
    const Capabilities = ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const];
    const Parameters = [...keep, { ParameterKey: 'BatchingWindow', ParameterValue: '60' }];
    const update = { StackName: 'data-pipeline', TemplateBody: theirs, Parameters, Capabilities };
    await cloudformation.send(new UpdateStackCommand(update));
    await expect.poll(async () => (await stack('data-pipeline')).parameters.BatchingWindow).toBe('60');
    const before = await stack('data-pipeline');
    const { exitCode, stdout, stderr } = await e2e(path, '--update-existing');
    expect(runOf({ stdout, stderr }).verdict.reasons).toEqual([]);
    expect(stderr).toContain('✓ restored data-pipeline');
    expect(exitCode).toBe(0);
    expect(before.parameters).toEqual({ TinybirdUrl: OWN_URL, TinybirdAuthToken: 'own-token', BatchingWindow: '60' });
    expect(await stack('data-pipeline')).toEqual(before);
    expect(before.tags).toEqual([{ Key: 'team', Value: 'data' }]);
  });

  it('are restored after a verdict that is not green, and after a deploy that fails', async () => {
    await deployOwn(READABLE_TOKEN);
    const before = await stack('data-pipeline');
    expect((await e2e(copyPipeline([IMPATIENT, READABLE_TOKEN, BROKEN_FILTER]), '--update-existing')).exitCode).toBe(3);
    expect(await stack('data-pipeline')).toEqual(before);
    const wrong = { file: 'data-pipeline.yaml', replace: 'ShardCount: 1', by: 'ShardCount: 0' };
    const failed = await e2e(copyPipeline([IMPATIENT, READABLE_TOKEN, wrong]), '--update-existing');
    expect([failed.exitCode, failed.stdout]).toEqual([1, '']);
    expect(await stack('data-pipeline')).toEqual(before);
  });

  it.each([
    ['deploying data-pipeline …', /^interrupted: (restored data-pipeline, )?restored external-test-resources$/m],
    ['sending events …', /^interrupted: restored data-pipeline, restored external-test-resources$/m],
  ])('are restored after Ctrl-C at "%s"', async (phase, restored) => {
    const slow = { file: 'pipectl.yaml', replace: 'rate: 50/s', by: 'rate: 2/s' };
    const path = await deployOwn(READABLE_TOKEN, slow);
    const before = await stack('data-pipeline');
    const spawned = spawnPipectl(['e2e', path, '--update-existing', '--endpoint-url', endpoint.url], env);
    await spawned.says(phase);
    spawned.child.kill('SIGINT');
    const { exitCode, stderr } = await spawned.ended;
    // The deployment may not have come to the second stack yet.
    expect(stderr).toMatch(restored);
    expect(exitCode).toBe(130);
    expect(await stack('data-pipeline')).toEqual(before);
  });

  it('are refused if a secret would be overwritten that nobody can put back', async () => {
    const path = await deployOwn();
    const before = await stack('data-pipeline');
    const { exitCode, stderr } = await plainly(path, '--update-existing');
    expect(stderr).toContain(
      'error: Stack "data-pipeline" has a secret parameter, TinybirdAuthToken, whose value cannot be put back.',
    );
    expect(exitCode).toBe(1);
    expect(await stack('data-pipeline')).toEqual(before);
  });
});

describe('stacks that a check kept', () => {
  it('are used by later runs, whose recorders take the ports that the stacks know', async () => {
    const kept = await e2e('--demo', '--keep');
    expect(runOf(kept).leftStanding).toEqual(['external-test-resources', 'data-pipeline']);
    expect(kept.stderr).toContain(
      'kept stacks external-test-resources, data-pipeline\n' +
        `  Run again on them: pipectl e2e --demo --no-deploy --endpoint-url ${endpoint.url}\n` +
        `  Delete them: pipectl destroy data-pipeline external-test-resources --endpoint-url ${endpoint.url}\n`,
    );
    const url = (await stack('data-pipeline')).parameters.TinybirdUrl;
    for (const argv of [['--no-deploy'], [], ['--no-deploy']]) {
      const again = await e2e('--demo', ...argv);
      expect(runOf(again).verdict.reasons, argv.join(' ')).toEqual([]);
      expect((await stack('data-pipeline')).parameters.TinybirdUrl).toBe(url);
    }
  });

  it('are told a new port by a run that deploys, and refused by one that does not, if another program has the port', async () => {
    await e2e('--demo', '--keep');
    const url = (await stack('data-pipeline')).parameters.TinybirdUrl ?? '';
    const port = Number(new URL(url).port);
    const other: Server = createServer((_, response) => response.end('not a recorder'));
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      const refused = await plainly('--demo', '--no-deploy');
      expect(refused.stderr).toContain(
        `Port ${port} is taken, so the recorder tinybird cannot listen there.\n  The kept stacks post`,
      );
      expect(refused.exitCode).toBe(1);
      expect(runOf(await e2e('--demo')).verdict.reasons).toEqual([]);
      expect((await stack('data-pipeline')).parameters.TinybirdUrl).not.toBe(url);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
    expect(runOf(await e2e('--demo', '--no-deploy')).verdict.reasons).toEqual([]);
  });
});

it('leaves nothing untold after Ctrl-C on an endpoint of its own', async () => {
  const spawned = spawnPipectl(['e2e', '--demo'], env);
  await spawned.says('warming up …');
  spawned.child.kill('SIGINT');
  const { stderr, stdout, exitCode } = await spawned.ended;
  expect(stderr).toMatch(/\ninterrupted: nothing is left, the private endpoint ended with the run\n$/);
  expect(stdout).toMatch(/^INTERRUPTED {2}0 of 20 events had arrived/m);
  expect(exitCode).toBe(130);
});

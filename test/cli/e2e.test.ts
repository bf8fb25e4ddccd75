import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { BROKEN_FILTER, copyPipeline, IMPATIENT, NO_PRIMING, PARALLEL, THROWING_LOADER } from '../e2e/copy-pipeline.js';
import { cleanEnvironment, newStateFolder, runPipectl, spawnPipectl } from './spawn-pipectl.js';

const env = cleanEnvironment(newStateFolder());

interface Result {
  green: boolean;
  runs: CheckReport[];
}

const clientOf = (url: string) => ({
  endpoint: url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Runs a check with --json. */
async function check(
  path: string,
  more: string[] = [],
): Promise<{ exitCode: number | null; stderr: string; run: CheckReport }> {
  const { exitCode, stdout, stderr } = await runPipectl(['e2e', path, '--json', ...more], env);
  const [run] = stdout === '' ? [] : (JSON.parse(stdout) as Result).runs;
  if (!run) throw new Error(`no report: ${stderr}`);
  return { exitCode, stderr, run };
}

/** [sent, arrived, lost] of each hop. */
const counts = (run: CheckReport) => run.hops.map((hop) => [hop.name, hop.sent, hop.arrived, hop.lost]);

describe('pipectl e2e', () => {
  it('proves a sample pipeline where it is asked for, and says that it is that', async () => {
    const { exitCode, stdout, stderr } = await runPipectl(['e2e', '--demo'], env);
    expect(stderr).toContain('running the sample pipeline analytics');
    expect(stdout).toContain('sent 20 ──▶ logged 20 ──▶ filtered 20 ──▶ loaded 20');
    expect(stdout).toMatch(/^HOP +SENT +ARRIVED +LOST +DUPLICATED +REORDERED +P50 +P95 +P99 +MAX/m);
    for (const hop of ['logged', 'filtered', 'loaded'])
      expect(stdout).toMatch(new RegExp(`^${hop} +20 +20 +0 +0 +0 `, 'm'));
    expect(stdout.match(/^✓ decoy .*: 5 sent, 5 seen at logged, none further$/gm)).toHaveLength(3);
    expect(stdout).toMatch(
      /^PASSED {2}all 20 events arrived at every hop {2}on pipectl local \d+\.\d+\.\d+, us-east-1, in /m,
    );
    expect(exitCode).toBe(0);
  });

  it.each([
    ['alone', []],
    ['with --all and a report', ['--all', '--junit', 'e2e.xml']],
    ['with a name', ['analytics']],
    ['where the stacks of an earlier run are meant', ['--no-deploy']],
  ])('is no success in a folder without a check file, %s', async (_, argv) => {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-empty-'));
    const { exitCode, stdout, stderr } = await runPipectl(['e2e', ...argv], { ...env, CI: 'true' }, folder);
    const name = argv[0] === 'analytics' ? ' analytics' : '';
    expect(stderr).toBe(
      `error: pipectl.yaml not found in ${folder} or a folder above it.\n` +
        `  Write a check for your pipeline: pipectl e2e --init\n  Run a sample pipeline: pipectl e2e --demo${name}\n`,
    );
    expect([exitCode, stdout, existsSync(join(folder, 'e2e.xml'))]).toEqual([2, '', false]);
  });

  it('finds the check file of a folder above, and says which it is', async () => {
    const folder = dirname(copyPipeline([IMPATIENT, BROKEN_FILTER]));
    const { exitCode, stderr, stdout } = await runPipectl(['e2e', '--events', '2'], env, join(folder, 'functions'));
    expect(stderr).toContain('check file: ../pipectl.yaml\n');
    expect(stdout).toContain('filtered lost 2 of 2 events');
    expect(exitCode).toBe(3);
  });

  it('names the hop whose filter does not match, with exact counts and the condition that fails', async () => {
    const { exitCode, run, stderr } = await check(copyPipeline([IMPATIENT, BROKEN_FILTER]));
    expect(exitCode).toBe(3);
    // Neither tick nor silence: what is waited for while it is, and a cross where it did not come.
    expect(stderr).toContain(
      'warming up …\nwarming up: waiting for filtered\n✗ warming up: no warm-up event reached filtered (',
    );
    expect(stderr).toContain('\n✗ waiting for events: not all reached filtered within ');
    expect(stderr).not.toMatch(/✓ (warmed up|received events)/);
    expect(run.verdict.firstLossyHop).toBe('filtered');
    expect(counts(run)).toEqual([
      ['logged', 20, 20, 0],
      ['filtered', 20, 0, 20],
      ['loaded', 0, 0, 0],
    ]);
    const [cause] = run.verdict.findings;
    expect(cause).toMatchObject({ hop: 'filtered', weight: 'cause' });
    expect(cause?.text).toMatch(/does not match the line that was lost: .*the line has no event_typo/);
    expect(cause?.evidence?.join('\n')).toContain(run.lostEvents[0]?.marker);
    expect(run.lostEvents).toHaveLength(20);
  });

  it('names the hop whose function throws, with exact counts and its error', async () => {
    const { exitCode, run } = await check(copyPipeline([IMPATIENT, THROWING_LOADER]));
    expect(exitCode).toBe(3);
    expect(run.verdict.firstLossyHop).toBe('loaded');
    expect(counts(run)).toEqual([
      ['logged', 20, 20, 0],
      ['filtered', 20, 20, 0],
      ['loaded', 20, 0, 20],
    ]);
    const [cause] = run.verdict.findings;
    expect(cause?.text).toMatch(/^data-pipeline-loader failed \d+ times during this run\.$/);
    expect(cause?.evidence?.[0]).toContain('the table is gone');
  });

  it('says that a log group comes with the first invocation when nobody primed it', async () => {
    const { exitCode, stdout, stderr } = await runPipectl(['e2e', copyPipeline([NO_PRIMING])], env);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain("A function's log group appears only with its first invocation.");
    expect(stderr).toContain('Invoke the function before the stack data-pipeline');
  });

  it('breaks the verdict when a decoy gets past its hop', async () => {
    const anything = { ...BROKEN_FILTER, replace: '"{ ($.event_class = *) && ($.event_type = *) }"', by: '"note"' };
    const forgiving = {
      file: 'functions/loader/read-records.mjs',
      replace: 'JSON.stringify(JSON.parse(message))',
      by: 'message.trim()',
    };
    const path = copyPipeline([
      IMPATIENT,
      anything,
      forgiving,
      {
        file: 'pipectl.yaml',
        replace: 'payload: { message: "{marker}" }',
        by: 'payload: { message: "note {marker}" }',
      },
    ]);
    const { exitCode, run } = await check(path);
    expect(exitCode).toBe(3);
    expect(run.verdict.firstLossyHop).toBeUndefined();
    expect(run.verdict.reasons.map((reason) => [reason.kind, reason.hop])).toEqual([
      ['decoy-passed', 'filtered'],
      ['decoy-passed', 'loaded'],
      ['decoy-passed', 'filtered'],
      ['decoy-passed', 'loaded'],
    ]);
    expect(run.decoys.map((decoy) => decoy.passed.length)).toEqual([0, 2, 2]);
  });

  it('sees retries win: a recorder that refuses twice costs time, not events', async () => {
    const { exitCode, run } = await check(copyPipeline(), ['--fail', 'tinybird=503 x2', '--events', '5']);
    expect(counts(run).at(-1)).toEqual(['loaded', 5, 5, 0]);
    expect(exitCode).toBe(0);
  });

  it('takes down what it made after Ctrl-C, reports what it has, and exits with 130', async () => {
    const slow = { file: 'pipectl.yaml', replace: 'rate: 50/s', by: 'rate: 2/s' };
    const spawned = spawnPipectl(['e2e', copyPipeline([slow]), '--json'], env);
    await spawned.says('sending events …');
    spawned.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await spawned.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('✗ sending events: interrupted');
    const { green, runs } = JSON.parse(stdout) as Result;
    expect(green).toBe(false);
    expect(runs[0]?.verdict.reasons[0]?.kind).toBe('interrupted');
  });

  it('runs several times on one deployment, and totals that', async () => {
    const { exitCode, stdout, stderr } = await runPipectl(['e2e', '--demo', '--repeat', '2', '--events', '3'], env);
    expect(stderr.match(/^run \d of 2$|^deploying data-pipeline …$/gm)).toEqual([
      'deploying data-pipeline …',
      'run 1 of 2',
      'run 2 of 2',
    ]);
    expect(stdout).toMatch(/^RUN +RESULT +SENT .*P95 loaded\n1 +passed +3 .*\n2 +passed +3 .*\ntotal +2 of 2 +6 /);
    expect(stdout).toContain('PASSED  all 2 runs of analytics\n');
    expect(exitCode).toBe(0);
  });

  it('writes every report', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-reports-'));
    const file = (name: string): string => join(folder, 'deep', name);
    const summary = join(folder, 'summary.md');
    const github = { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: tmpdir() };
    const argv = ['e2e', copyPipeline([IMPATIENT, BROKEN_FILTER]), '--events', '3', '--tap'];
    const files = ['--junit', file('e2e.xml'), '--markdown', file('e2e.md'), '--html', file('e2e.html')];
    const { exitCode, stdout, stderr } = await runPipectl([...argv, ...files], github);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^TAP version 14\n1\.\.7\nok 1 - /);
    expect(stdout).toMatch(/^not ok 3 - pipectl-pipeline-\S+ - hop filtered: stream /m);
    expect(stderr).toMatch(
      /^::error file=pipectl-pipeline-[^,]+\/pipectl\.yaml,title=pipectl e2e [^:]+::filtered lost 3 of 3 events/m,
    );
    const junit = readFileSync(file('e2e.xml'), 'utf8');
    expect(junit).toMatch(/tests="7" failures="1"/);
    expect(junit).toContain('<failure type="lost" message="filtered lost 3 of 3 events: not seen within 2.0 s.">');
    expect(readFileSync(file('e2e.md'), 'utf8')).toMatch(/\*\*filtered\*\* lost \d+ of \d+ events/);
    expect(readFileSync(summary, 'utf8')).toBe(readFileSync(file('e2e.md'), 'utf8'));
    expect(readFileSync(file('e2e.html'), 'utf8')).toMatch(/<b>3<\/b>.*3 lost/s);
  });

  it('shows its result also when a report cannot be written, and writes the others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-reports-'));
    const argv = ['e2e', '--demo', '--events', '2', '--junit', folder, '--html', join(folder, 'e2e.html')];
    const { exitCode, stdout, stderr } = await runPipectl(argv, env);
    expect(stdout).toContain('PASSED  all 2 events');
    expect(stderr).toContain(`error: The report ${folder} cannot be written: EISDIR`);
    expect(exitCode).toBe(1);
    expect(readFileSync(join(folder, 'e2e.html'), 'utf8')).toContain('analytics');
  });

  it.each([
    ['a sample that is not there', ['e2e', '--demo', 'orders'], '--demo: "orders" is not a sample pipeline.'],
    ['a file that is not there', ['e2e', 'nope.yaml'], 'nope.yaml: file not found.'],
    [
      'a name and --all',
      ['e2e', '--demo', 'analytics', 'orders', '--all'],
      '"orders" and --all contradict each other.',
    ],
    ['--init with what is about a run', ['e2e', '--init', '--events', '5'], '--events and --init exclude each other.'],
    ['no events', ['e2e', '--events', '0'], '--events: "0" is not a whole number of 1 or more.'],
    ['a rate that is none', ['e2e', '--rate', 'fast'], '--rate: "fast" is not a valid rate.'],
    ['a fail mode that is none', ['e2e', '--fail', '200 x1'], '--fail: "200 x1" is not a fail mode.'],
    [
      'a recorder that is none',
      ['e2e', '--demo', '--fail', 'x=503'],
      '--fail: the check analytics has no recorder "x".',
    ],
    [
      'an address of a recorder that is none',
      ['e2e', '--demo', '--recorder-host', 'x=10.0.0.5'],
      '--recorder-host: the check analytics has no recorder "x".',
    ],
    [
      'a name for runs of a check that has no {run}',
      ['e2e', '--demo', '--run', 'pr-1'],
      '--run pr-1: there is no {run} in analytics.',
    ],
    [
      'a place that is none',
      ['e2e', '--recorder-host', 'a b'],
      '--recorder-host: "a b" is not where a recorder can be found.',
    ],
  ])('refuses %s', async (_, argv, message) => {
    const { exitCode, stdout, stderr } = await runPipectl(argv, env);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});

describe('on an endpoint that dies', () => {
  it('still gives the verdict, says what could not be read, and what may be left', async () => {
    const endpoint = await startEndpoint({ port: 0 });
    const slow = { file: 'pipectl.yaml', replace: 'rate: 50/s', by: 'rate: 10/s' };
    const path = copyPipeline([IMPATIENT, slow]);
    const spawned = spawnPipectl(['e2e', path, '--json', '--endpoint-url', endpoint.url], env);
    await spawned.says('sending events …');
    await endpoint.close();
    const { exitCode, stdout, stderr } = await spawned.ended;
    const gone = `Nothing answers at ${endpoint.url} (ECONNREFUSED)`;
    const [run] = (JSON.parse(stdout) as Result).runs;
    expect(run?.verdict.reasons.map(({ kind, hop }) => [kind, hop])).toEqual(
      expect.arrayContaining([
        ['unread', 'logged'],
        ['unread', 'filtered'],
        [run?.send.sent === 0 ? 'nothing-sent' : 'not-sent', undefined],
      ]),
    );
    expect(run?.verdict.reasons[0]?.text).toBe(`The probe of logged could not read: ${gone}.`);
    expect(stderr).toContain(`warning: Taking down: ${gone}.\n  Remove what stands: pipectl destroy data-pipeline `);
    expect(stderr).toMatch(/^✗ sending events: \d+ of 20 not sent/m);
    expect(stderr).not.toMatch(/✓ (received events|settled)/);
    expect(stderr).toContain('✗ deleting data-pipeline');
    expect(exitCode).toBe(3);
  });
});

describe('on an endpoint that stays', () => {
  const state = newStateFolder();
  const own = cleanEnvironment(state);
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint({ port: 0 });
  });
  afterAll(() => endpoint.close());
  const at = (...argv: string[]) =>
    runPipectl(['e2e', '--endpoint-url', endpoint.url, '--json', '--events', '5', ...argv], own);
  const stacks = async (): Promise<string[]> => {
    const { stdout } = await runPipectl(['exports', '--endpoint-url', endpoint.url, '--json'], own);
    return [...new Set((JSON.parse(stdout) as { stackName: string }[]).map((each) => each.stackName))];
  };
  const runOf = ({ stdout, stderr }: { stdout: string; stderr: string }): CheckReport => {
    const [run] = stdout === '' ? [] : (JSON.parse(stdout) as Result).runs;
    if (!run) throw new Error(`no report: ${stderr}`);
    return run;
  };

  it('lets two runs go one after the other, and leaves nothing', async () => {
    const both = await Promise.all([at('--demo'), at('--demo')]);
    expect(both.map(({ exitCode, stderr }) => [exitCode, stderr.includes('error')])).toEqual([
      [0, false],
      [0, false],
    ]);
    expect(both.some(({ stderr }) => stderr.includes('another run of e2e has the stack external-test-resources'))).toBe(
      true,
    );
    expect(await stacks()).toEqual([]);
    const logs = new CloudWatchLogsClient(clientOf(endpoint.url));
    expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
    logs.destroy();
  });

  it('lets two runs go side by side when the check names what it makes by {run}', async () => {
    const path = copyPipeline([IMPATIENT, ...PARALLEL]);
    const both = await Promise.all([at(path), at(path, '--run', 'pr-7', '--keep')]);
    expect(both.map((each) => runOf(each).verdict.reasons)).toEqual([[], []]);
    for (const { stderr } of both) expect(stderr).not.toContain('another run of e2e');
    expect(both.map((each) => runOf(each).leftStanding)).toEqual([[], ['logger-pr-7', 'pipeline-pr-7']]);
    const nameless = await at(path, '--no-deploy');
    expect([nameless.exitCode, nameless.stderr]).toEqual([2, expect.stringContaining('--run NAME')]);
    const again = await at(path, '--no-deploy', '--run', 'pr-7');
    expect(counts(runOf(again)).slice(0, 2)).toEqual([
      ['logged', 5, 5, 0],
      ['filtered', 5, 5, 0],
    ]);
    await runPipectl(['destroy', 'pipeline-pr-7', 'logger-pr-7', '--endpoint-url', endpoint.url], own);
  });

  it.each([
    ['deploying external-test-resources …', 'SIGINT', 130],
    ['deploying data-pipeline …', 'SIGTERM', 143],
    ['warming up …', 'SIGINT', 130],
    ['deleting data-pipeline …', 'SIGINT', 130],
  ] as const)('leaves nothing when it is interrupted at "%s"', async (phase, signalName, exitCode) => {
    const { child, says, ended } = spawnPipectl(['e2e', '--demo', '--endpoint-url', endpoint.url], own);
    await says(phase);
    child.kill(signalName);
    expect((await ended).exitCode).toBe(exitCode);
    const left = new CloudFormationClient(clientOf(endpoint.url));
    expect((await left.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
    left.destroy();
  });

  it('goes where the check file says that is named, not the one of the current folder', async () => {
    const path = copyPipeline();
    writeFileSync(path, `target: ${endpoint.url}\nregion: eu-west-1\n${readFileSync(path, 'utf8')}`);
    const elsewhere = mkdtempSync(join(tmpdir(), 'pipectl-elsewhere-'));
    writeFileSync(join(elsewhere, 'pipectl.yaml'), 'target: aws\nregion: eu-central-1\n');
    const done = await runPipectl(['e2e', path, '--json', '--events', '2'], own, elsewhere);
    expect(runOf(done).target).toMatchObject({ url: endpoint.url, region: 'eu-west-1' });
    expect(done.exitCode).toBe(0);
  });

  it('keeps the stacks with --keep', async () => {
    const kept = await at('--demo', '--keep');
    expect(runOf(kept).leftStanding).toEqual(['external-test-resources', 'data-pipeline']);
    expect(await stacks()).toEqual(['external-test-resources']);
  });

  it('writes a check file from what stands', { timeout: 90_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-init-'));
    const init = (...argv: string[]) =>
      runPipectl(['e2e', '--init', ...argv, '--endpoint-url', endpoint.url], own, folder);
    const missing = await init('nothing');
    expect([missing.exitCode, missing.stderr]).toEqual([
      2,
      expect.stringContaining('There is neither a stream "nothing"'),
    ]);
    expect((await init('data-pipeline')).exitCode).toBe(0);
    const text = readFileSync(join(folder, 'pipectl.yaml'), 'utf8');
    expect(text).toContain('  invoke: export:test-logger-lambda-name');
    expect(text).toContain('  - logged: { log: export:test-logger-log-group-arn }');
    expect(text).toContain('  - streamed: { stream: output:data-pipeline.StreamName }');
    // Nobody can tell from outside whether the loader logs what it is handed.
    expect(text).toContain('  # - handled: { function: output:data-pipeline.LoaderName }');
    expect(text).toContain('{ ($.event_class = *) && ($.event_type = *) }');
    const itself = await runPipectl(['e2e', '--endpoint-url', endpoint.url, '--json', '--events', '5'], own, folder);
    expect(runOf(itself).verdict.reasons).toEqual([]);
    expect(runOf(itself).hops.map(({ name, arrived }) => [name, arrived])).toEqual([
      ['logged', 5],
      ['streamed', 5],
    ]);
    const again = await init();
    expect([again.exitCode, again.stderr]).toEqual([
      2,
      expect.stringContaining('There is a pipectl.yaml here already.'),
    ]);
  });
});

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/lib/cli/command-io.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { clockTime } from '../../src/lib/shared/clock-time.js';
import { runCommand } from './run-command.js';

let endpoint: Endpoint;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
  logs = new CloudWatchLogsClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  logs.destroy();
  await endpoint.close();
});

const show = (argv: string[], options: Parameters<typeof runCommand>[1] = {}) =>
  runCommand(['logs', ...argv, '--endpoint-url', endpoint.url], options);

async function createGroup(logGroupName: string, ...streams: string[]): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}
const put = (logGroupName: string, logStreamName: string, timestamp: number, ...messages: string[]) =>
  logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: messages.map((message) => ({ timestamp, message })),
    }),
  );

describe('logs', () => {
  const now = Date.now();
  const at = (timestamp: number): string => new Date(timestamp).toISOString();
  beforeAll(async () => {
    await createGroup('/aws/lambda/show', 'a', 'b');
    await put('/aws/lambda/show', 'a', now - 3_600_000, 'an hour ago');
    await put(
      '/aws/lambda/show',
      'a',
      now - 3000,
      'START RequestId: 1 Version: $LATEST\n',
      '{"event_class":"order","n":1}',
    );
    await put(
      '/aws/lambda/show',
      'b',
      now - 2000,
      '2026-11-21T03:00:00.000Z\t11111111-2222-3333-4444-555555555555\tERROR\tin\ntwo lines\n',
    );
    await put('/aws/lambda/show', 'a', now - 1000, 'REPORT RequestId: 1\tDuration: 3.00 ms\n');
  });

  it('prints time, stream and message, a line an event, in a pipe', async () => {
    const run = await show(['/aws/lambda/show']);
    expect(run).toEqual({
      exitCode: 0,
      stdout: [
        `${at(now - 3000)}\ta\tSTART RequestId: 1 Version: $LATEST`,
        `${at(now - 3000)}\ta\t{"event_class":"order","n":1}`,
        `${at(now - 2000)}\tb\t2026-11-21T03:00:00.000Z\t11111111-2222-3333-4444-555555555555\tERROR\tin\\ntwo lines`,
        `${at(now - 1000)}\ta\tREPORT RequestId: 1\tDuration: 3.00 ms`,
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('dims what Lambda writes and colours the rest in a terminal', async () => {
    const run = await show(['/aws/lambda/show'], { tty: true, env: { FORCE_COLOR: '1' } });
    const clock = (timestamp: number): string => `\u001b[2m${clockTime(timestamp)}\u001b[22m`;
    expect(run.stdout.split('\n')).toEqual([
      `${clock(now - 3000)} \u001b[2mSTART RequestId: 1 Version: $LATEST\u001b[22m`,
      `${clock(now - 3000)} {\u001b[36m"event_class"\u001b[39m: \u001b[32m"order"\u001b[39m, \u001b[36m"n"\u001b[39m: \u001b[33m1\u001b[39m}`,
      `${clock(now - 2000)} \u001b[31m\u001b[1mERROR\u001b[22m\u001b[39m in`,
      'two lines',
      `${clock(now - 1000)} \u001b[2mREPORT RequestId: 1\tDuration: 3.00 ms\u001b[22m`,
      '',
    ]);
  });

  it('does not let what a function wrote act on the terminal, and leaves colours where there are some', async () => {
    await createGroup('/test/escapes', 's');
    await put(
      '/test/escapes',
      's',
      now,
      '\u001b]0;title\u0007\u001b[2J \u001b[31mred',
      '{"a":"\u009b2J"}',
      'over\rwritten',
    );
    const shown = async (env: NodeJS.ProcessEnv) =>
      (await show(['/test/escapes'], { tty: true, env })).stdout
        .split('\n')
        .map((line) => line.slice(line.indexOf(' ') + 1));
    expect(await shown({ NO_COLOR: '1' })).toEqual([
      '\\u001b]0;title\\u0007\\u001b[2J \\u001b[31mred',
      '{"a": "\\u009b2J"}',
      'over\\u000dwritten',
      '',
    ]);
    expect((await shown({ FORCE_COLOR: '1' }))[0]).toBe('\\u001b]0;title\\u0007\\u001b[2J \u001b[31mred\u001b[0m');
  });

  it('gives an object a line with --json, the message parsed', async () => {
    const run = await show(['/aws/lambda/show', '--json', '--filter', '{ $.event_class = * }']);
    expect(
      run.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        timestamp: at(now - 3000),
        logStream: 'a',
        message: '{"event_class":"order","n":1}',
        json: { event_class: 'order', n: 1 },
        ingestionTime: expect.any(String),
        eventId: expect.stringMatching(/^\d{56}$/),
      },
    ]);
  });

  it('takes an ARN, and reaches further back with --since', async () => {
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/show:*';
    const run = await show([arn, '--since', '2h', '--filter', '"an hour"']);
    expect(run.stdout).toBe(`${at(now - 3_600_000)}\ta\tan hour ago\n`);
    expect((await show([arn, '--since', at(now - 1500)])).stdout).toContain('REPORT');
  });

  it('advises quotes where a hyphen excludes', async () => {
    const run = await show(['/aws/lambda/show', '--filter', 'two-lines']);
    expect(run).toMatchObject({ exitCode: 0, stdout: '' });
    expect(run.stderr).toMatch(/^warning: The hyphen in two-lines excludes what comes after it.*"two-lines"\.\n/);
  });

  it('says so when there is nothing', async () => {
    const run = await show(['/aws/lambda/show', '--filter', 'nowhere']);
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Nothing since .* that matches\.\n$/),
    });
    const json = await show(['/aws/lambda/show', '--filter', '{ $.nowhere = * }']);
    expect(json.stderr).toMatch(
      /that matches\.\nA JSON pattern matches lines that are JSON from their first character on\./,
    );
  });

  it('says when a group appears, if it is not there', async () => {
    const run = await show(['/aws/lambda/unborn-and-unlike']);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain('There is no log group /aws/lambda/unborn-and-unlike in us-east-1.');
    expect(run.stderr).toContain("A function's log group appears with its first invocation.");
    expect((await show(['/aws/lambda/shoe'])).stderr).toContain('did you mean "/aws/lambda/show"?');
    // That they are in one folder does not make two groups alike.
    expect(run.stderr).not.toContain('did you mean');
  });

  it.each([
    [[], /Name a log group/],
    [['g', '--function', 'f'], /Name a log group, or a function/],
    [[''], /The name is empty/],
    [
      ['arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/show'],
      /is in eu-west-1, and this is us-east-1\.\n {2}Add --region eu-west-1/,
    ],
    [['arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/show:log-stream:a'], /is not the ARN of a log group/],
    [['g', '--since', 'yesterday'], /--since: "yesterday" is not a valid time\.\n {2}Use a time ago \(5m\)/],
    [['g', '--filter', '{ $.a EXISTS }'], /filter pattern: AWS has no EXISTS, at character 7/],
  ])('refuses %j', async (argv, message) => {
    const run = await show(argv);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(message);
  });
});

describe('logs --follow', () => {
  it('waits for the group, shows each event once, equal ones and late ones too, and ends with 130', async () => {
    const stop = new AbortController();
    let sayWaiting: () => void = () => {};
    const isWaiting = new Promise<void>((resolve) => {
      sayWaiting = resolve;
    });
    let seen = '';
    const lines = (): string[] => seen.split('\n').filter((line) => line !== '');
    const running = show(['/test/followed', '--follow', '--since', '10m'], {
      signal: stop.signal,
      onStdout: (text) => {
        seen = text;
      },
      onStderr: (text) => {
        if (text.includes('waiting for it')) sayWaiting();
      },
    });
    const until = async (count: number): Promise<void> => {
      for (const deadline = Date.now() + 8000; lines().length < count && Date.now() < deadline; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await isWaiting;
    await createGroup('/test/followed', 'a', 'b');
    const now = Date.now();
    await put('/test/followed', 'b', now + 3_600_000, 'ahead of its time');
    await until(1);
    await put('/test/followed', 'a', now, 'same', 'same');
    await until(3);
    // The same instant again, after a look that has shown the first two.
    await put('/test/followed', 'a', now, 'same', 'other');
    await until(5);
    // Older than what was shown, from a stream that lagged.
    await put('/test/followed', 'b', now - 5000, 'late');
    await until(6);
    await put('/test/followed', 'b', now - 300_000, 'very late');
    await until(7);
    await put('/test/followed', 'a', now + 1000, 'last');
    await until(8);
    // The look that finds this one finds again whatever would be shown twice.
    await put('/test/followed', 'a', now + 1001, 'done');
    await until(9);
    stop.abort(new Interrupted('SIGINT'));
    const run = await running;
    expect(lines().map((line) => line.split('\t')[2])).toEqual([
      'ahead of its time',
      'same',
      'same',
      'same',
      'other',
      'late',
      'very late',
      'last',
      'done',
    ]);
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toBe(
      "/test/followed is not there yet; waiting for it. A function's log group appears with its first invocation.\nfollowing /test/followed\n",
    );
  });
});

import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment, newStateFolder, runPipectl, spawnPipectl } from '../cli/spawn-pipectl.js';
import { makeStream, readAll } from '../produce/local-load.js';
import { localKinesis } from '../stream/local-kinesis.js';
import { runCommand } from './run-command.js';

/** Nobody answers there: what is refused is refused before anything is asked. */
const NOWHERE = ['--endpoint-url', 'http://127.0.0.1:1'];

const folder = newStateFolder();
const events = join(folder, 'events.ndjson');
writeFileSync(events, '{"id":1}\n');
const template = join(folder, 'order.json');
writeFileSync(template, '{"id":"{{n}}"}');

describe('what the command line says wrong', () => {
  it.each<[string[], string]>([
    [['--time-field', 'at'], '--time-field needs --from.'],
    [['--speed', '3'], '--speed needs --time-field.'],
    [['--from', 'events.ndjson', '--speed', '3'], '--speed needs --time-field.'],
    [['--text'], '--text needs --from.'],
    [['--schema', 'orders'], '--schema: "orders" is not one of transaction, clickstream, iot, xy, log-event.'],
    [['--rate'], '--rate needs a value.'],
    [['--rate', '5', '--rate', '6'], '--rate may be given only once.'],
    [['--from', 'a', '--text', '--time-field', 'at'], '--text and --time-field exclude each other.'],
    [['--from', '/no/such/events'], '--from: cannot read /no/such/events: there is no such file.'],
    [['--from', tmpdir()], `--from: cannot read ${tmpdir()}: it is a folder.`],
    [['--partition-key', 'field:nope'], '--partition-key: the records of --schema transaction have no nope.'],
    [
      ['--template', 'n is {{n}}', '--partition-key', 'field:n'],
      '--partition-key field:n needs JSON, and the records of --template are text.',
    ],
    [
      ['--template', '{{n}} text', '--partition-key', 'field:n'],
      '--partition-key field:n needs JSON, and the records of --template are text.',
    ],
    [
      ['--template', '{"id":"{{n}}"}', '--partition-key', 'field:customer.id'],
      '--partition-key: the records of --template have no customer.id.',
    ],
    [['--failures', '/no/such/folder/f'], '--failures: cannot write /no/such/folder/f: its folder is not there.'],
    [['--metrics-file', tmpdir()], `--metrics-file: cannot write ${tmpdir()}: it is a folder.`],
    [['--from', events, '--failures', events], `--failures and --from are the same file, ${events}.`],
    [
      ['--template', template, '--metrics-file', template],
      `--metrics-file and --template are the same file, ${template}.`,
    ],
    [['--failures', '-'], '--failures: stdout is for the result; name a file, or /dev/stderr.'],
    [['--failures', 'a', '--metrics-file', 'a'], '--metrics-file and --failures are the same file, a.'],
    [
      ['--from', '-', '--workers', '2'],
      '--from - needs one worker: what comes through a pipe cannot be read by several.',
    ],
    [['--template', '/no/such/template'], '--template: cannot read /no/such/template: there is no such file.'],
  ])('%j is one sentence', async (words, sentence) => {
    const run = await runCommand(['produce', 'orders', ...words, ...NOWHERE]);
    expect(run.stderr.split('\n')[0]).toBe(`error: ${sentence}`);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
  });

  it('is told by help whose values have names', async () => {
    const { stdout } = await runPipectl(['produce', '--help'], cleanEnvironment(folder));
    expect(stdout).toContain('  --rate RATE ');
    expect(stdout).toContain('  --ramp FROM:TO:TIME ');
    expect(stdout).toMatch(/--schema SCHEMA +Built-in data \(default transaction\)\n +<options: transaction\|/);
    expect(stdout).not.toMatch(/^ +--[\w-]+=/m);
    expect(stdout.match(/Send records to a stream/g)).toHaveLength(1);
  });
});

describe('what came of it', () => {
  const local = localKinesis({ limits: 'on' });
  const at = (): string[] => ['--endpoint-url', local.endpoint.url];

  it('tells five failures one by one, then where the others are, and how many shards the load needs', async () => {
    await makeStream(local.kinesis, 'narrow');
    const failures = join(folder, 'narrow.ndjson');
    const words = ['--rate', '3500', '--duration', '1s', '--attempts', '1', '--failures', failures];
    const run = await runCommand(['produce', 'narrow', ...words, ...at()]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr.match(/^warning: record \d+: Rate exceeded for shard/gm)).toHaveLength(5);
    expect(run.stderr).toContain(`warning: further ones are only in ${failures}\n`);
    expect(run.stderr).toContain('  narrow has 1 shard, this load needs 4: `pipectl provision narrow --shards 4`.');
    expect(run.stdout).toMatch(/shardId-000000000000 +[\d,]+ +100\.0 % +100\.0 %/);
  });

  it('does without the hash keys where shards may not be listed', async () => {
    await makeStream(local.kinesis, 'writer');
    local.endpoint.faults.add({
      at: 'kinesis.ListShards',
      kind: 'error',
      code: 'AccessDeniedException',
      message: 'not authorized to perform kinesis:ListShards',
      times: 100,
    });
    const run = await runCommand(['produce', 'writer', '--count', '5', '--json', ...at()]);
    local.endpoint.faults.clear();
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ records: { acknowledged: 5 }, shards: [{ hashShare: null }] });
  });

  it('names the lines of a file that are no records, counts the blank ones, and sends the rest', async () => {
    await makeStream(local.kinesis, 'mixed');
    const path = join(folder, 'mixed.ndjson');
    writeFileSync(path, '\ufeff{"a":1}\r\n\r\nbroken\r\n{"a":2}');
    const run = await runCommand(['produce', 'mixed', '--from', path, ...at()]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('warning: line 3: not JSON\n');
    expect(run.stderr).toContain('error: 1 record of the input could not be sent.\n');
    expect(run.stdout).toContain('blank       1 line of the input, left out');
    expect((await readAll(local.kinesis, 'mixed')).map(({ data }) => data.toString()).sort()).toEqual([
      '{"a":1}',
      '{"a":2}',
    ]);
  });

  it('tells with --json of an error as JSON, beside the whole result', async () => {
    await makeStream(local.kinesis, 'told');
    const path = join(folder, 'none.ndjson');
    writeFileSync(path, 'one\ntwo\n');
    const run = await runCommand(['produce', 'told', '--from', path, '--json', ...at()]);
    expect(JSON.parse(run.stdout)).toMatchObject({ records: { acknowledged: 0, rejected: 2 }, latencyMs: null });
    const last = run.stderr.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({
      error: { type: 'OperationError', exitCode: 1, hint: expect.stringContaining('Each line must be one JSON value') },
    });
  });
});

describe('what is given and cannot be sent', () => {
  const local = localKinesis({ limits: 'off' });
  const at = (): string[] => ['--endpoint-url', local.endpoint.url];
  const streams = async (): Promise<string[]> =>
    (await local.kinesis.send(new ListStreamsCommand({}))).StreamNames ?? [];
  const piped = (text: string | Buffer): PassThrough => {
    const stdin = new PassThrough();
    stdin.end(text);
    return stdin;
  };

  it.each<[string, string | Buffer, string]>([
    [
      'pretty.json',
      JSON.stringify([{ a: 1 }], null, 2),
      "is a JSON array over several lines, not lines.\n  Send what this prints: jq -c '.[]' ",
    ],
    [
      'wide.json',
      Buffer.from('\ufeff{"a":1}\n', 'utf16le'),
      'is UTF-16, not lines.\n  Send what this prints: iconv -f UTF-16 -t UTF-8 ',
    ],
  ])('as %s is refused before a stream is made for it', async (name, content, message) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    for (const run of [
      await runCommand(['produce', 'refused', '--from', path, ...at()]),
      await runCommand(['produce', 'refused', '--from', '-', ...at()], { stdin: piped(content) }),
    ]) {
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain(message);
    }
    expect(await streams()).not.toContain('refused');
  });

  it('compressed with gzip is sent', async () => {
    await makeStream(local.kinesis, 'zipped');
    const path = join(folder, 'events.ndjson.gz');
    writeFileSync(path, gzipSync('{"a":1}\n{"a":2}\n'));
    const run = await runCommand(['produce', 'zipped', '--from', path, '--json', ...at()]);
    expect(run.exitCode).toBe(0);
    expect((await readAll(local.kinesis, 'zipped')).map(({ data }) => data.toString()).sort()).toEqual([
      '{"a":1}',
      '{"a":2}',
    ]);
  });

  it('on stdin, with nothing that says so, is refused, and sent by no one in its place', async () => {
    const run = await runCommand(['produce', 'unsaid', ...at()], { stdin: piped('{"a":1}\n') });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('error: Standard input has data, and no flag says what to send.\n');
    expect(run.stderr).toContain('pipectl produce unsaid --from -');
    expect(await streams()).not.toContain('unsaid');
  });

  it("as one record of one's own is sent, with a result of one line", async () => {
    await makeStream(local.kinesis, 'single');
    const run = await runCommand(['produce', 'single', '--data', '{"id":1}', '--key', 'customer-7', ...at()]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^single: 1 record in shardId-000000000000, key customer-7, sequence number \d{56}\n$/);
    expect(await readAll(local.kinesis, 'single')).toMatchObject([
      { partitionKey: 'customer-7', data: Buffer.from('{"id":1}') },
    ]);
    const json = await runCommand(['produce', 'single', '--data', 'text', '--json', ...at()]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      stream: 'single',
      partitionKey: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    for (const [words, message] of [
      [['--data', ''], '--data: the record is empty.'],
      [['--key', 'k'], '--key needs --data.'],
      [['--data', 'x', '--count', '2'], '--count and --data exclude each other.'],
    ] as const) {
      const refused = await runCommand(['produce', 'single', ...words, ...at()]);
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain(message);
    }
    const big = await runCommand(['produce', 'single', '--data', 'x'.repeat(1024 * 1024), '--key', 'k', ...at()]);
    expect(big.exitCode).toBe(2);
    expect(big.stderr).toContain('the record has 1,048,577 bytes with its key, and "single" takes 1,048,576.');
  });

  it('`produce help` is help, and makes no stream', async () => {
    const run = await runPipectl(['produce', 'help', ...at()], cleanEnvironment(folder));
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('$ pipectl produce [STREAM]'),
    });
    expect(await streams()).not.toContain('help');
  });

  it('on stdin of a loop around it is left alone', async () => {
    await makeStream(local.kinesis, 'looped');
    const stdin = piped('next\n');
    const run = await runCommand(['produce', 'looped', '--count', '3', ...at()], { stdin });
    expect(run.exitCode).toBe(0);
    expect(stdin.read()?.toString()).toBe('next\n');
  });

  it('as an empty stdin fails', async () => {
    const run = await runCommand(['produce', 'empty', '--from', '-', ...at()], { stdin: piped('') });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('error: --from: standard input is empty.\n');
    expect(await streams()).not.toContain('empty');
  });

  it('is summed up on stderr after Ctrl-C where the reader of stdout has gone', async () => {
    await makeStream(local.kinesis, 'teed');
    const run = spawnPipectl(['produce', 'teed', '--rate', '50', ...at()], cleanEnvironment(folder));
    await run.says(' sent');
    run.child.stdout?.destroy();
    run.child.kill('SIGINT');
    const { exitCode, stderr } = await run.ended;
    expect(stderr).toMatch(/^teed: \d+ records? acknowledged in .* \(interrupted\)$/m);
    expect(exitCode).toBe(130);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListStreamConsumersCommand, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { createClients } from '../../src/lib/target/clients.js';
import { BIN, cleanEnvironment, newStateFolder, runPipectl, spawnPipectl } from '../cli/spawn-pipectl.js';
import { makeStream, readAll } from '../produce/local-load.js';
import { runCommand } from './run-command.js';

let endpoint: Endpoint;
let limited: Endpoint;
const folder = newStateFolder();
const env = cleanEnvironment(folder);

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0, limits: 'off' });
  limited = await startEndpoint({ port: 0 });
});
afterAll(async () => {
  await endpoint.close();
  await limited.close();
});

const at = (url = endpoint.url): string[] => ['--endpoint-url', url];
const kinesisOf = (url = endpoint.url) =>
  createClients({
    kind: 'endpoint',
    endpointUrl: url,
    region: 'us-east-1',
    profile: undefined,
    why: 'the test',
  }).kinesis();
const make = async (stream: string, shards = 1, url = endpoint.url): Promise<void> =>
  makeStream(await kinesisOf(url), stream, shards);

describe('produce', () => {
  it('gives the whole result as JSON, and a summary to people', async () => {
    await make('summary', 2);
    const words = ['produce', 'summary', '--count', '300', '--rate', '3000', '--seed', '5', ...at()];
    const json = await runCommand([...words, '--json']);
    expect(json.exitCode).toBe(0);
    const result = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(result).toMatchObject({
      stream: 'summary',
      reached: true,
      seed: 5,
      interrupted: false,
      endedBy: null,
      records: { sent: 300, acknowledged: 300, failed: 0, rejected: 0 },
      latencyMs: { p50: expect.any(Number), p99: expect.any(Number) },
    });
    const people = await runCommand(words);
    expect(people.stdout).toContain('summary: 300 records acknowledged');
    expect(people.stdout).toContain('from due');
    expect(people.stdout).toMatch(/shardId-000000000000 +\d+ +\d+\.\d %/);
    expect(people.stderr).toContain('sending to summary');
  });

  it.each([
    [['--size', '20MiB'], 'The records take 20,971,528 bytes with their keys, and refusals takes at most 1,048,576.'],
    [['--duration', '0s'], '--duration: nothing can be sent in no time.'],
    [['--ramp', '0:10:1s', '--rate', '5'], '--rate and --ramp exclude each other'],
  ])('refuses %j in one sentence, before anything is sent', async (words, sentence) => {
    await make('refusals').catch(() => {}); // the first of the three makes it
    const run = await runCommand(['produce', 'refusals', ...words, ...at()]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(sentence);
    expect(run.stdout).toBe('');
  });

  it('exits 1 and says why when records fail', async () => {
    await make('failing', 1, limited.url);
    const failures = join(folder, 'failures.ndjson');
    const run = await runCommand([
      'produce',
      'failing',
      '--rate',
      '50k',
      '--count',
      '3000',
      '--attempts',
      '1',
      '--failures',
      failures,
      ...at(limited.url),
    ]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/[\d,]+ records failed/);
    expect(run.stdout).toContain("a shard's limit refused a record");
    expect(readFileSync(failures, 'utf8').split('\n').length).toBeGreaterThan(1000);
  });

  it('writes a line of metrics a second', async () => {
    await make('metrics');
    const file = join(folder, 'metrics.ndjson');
    await runCommand(['produce', 'metrics', '--rate', '500', '--duration', '2s', '--metrics-file', file, ...at()]);
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { totalSent: number; targetPerSecond: number });
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.at(-1)?.totalSent).toBe(1000);
    expect(lines[0]?.targetPerSecond).toBe(500);
  });

  it.each<[string[], RegExp]>([
    [['--rate', 'fast'], /--rate: "fast" is not a valid rate/],
    [['--ramp', '0:10'], /--ramp: "0:10" is not a ramp/],
    [['--rate', '10', '--ramp', '0:10:1s'], /--r(ate|amp)/],
    [['--partition-key', 'city'], /no way to choose keys/],
    [['--from', '/no/such/file'], /--from: cannot read/],
    [['--from', folder], /it is a folder/],
    [['--template', '{"a":"{{person.nonsense}}"}'], /names no method of faker/],
    [['--workers', '2', '--ordered'], /--ordered needs one worker/],
    [['--schema', 'nonsense'], /schema/],
    [['--burst', '10:1s:2s', '--rate', '2MB/s'], /--burst/],
  ])('%j is a usage error', async (words, message) => {
    const run = await runCommand(['produce', 'any', ...words, ...at()]);
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
  });

  it('flushes, reports and exits 130 on Ctrl-C, from the binary itself', { timeout: 30_000 }, async () => {
    await make('ctrl-c');
    const running = spawnPipectl(['produce', 'ctrl-c', '--rate', '1000', '--json', ...at()], env);
    await running.says('sending to ctrl-c');
    await expect
      .poll(async () => (await readAll(await kinesisOf(), 'ctrl-c')).length, { timeout: 10_000 })
      .toBeGreaterThan(200);
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(130);
    const result = JSON.parse(stdout) as { interrupted: boolean; records: { acknowledged: number; sent: number } };
    expect(result.interrupted).toBe(true);
    expect(result.records.acknowledged).toBe(result.records.sent);
    expect(await readAll(await kinesisOf(), 'ctrl-c')).toHaveLength(result.records.acknowledged);
  });

  it('reads stdin', { timeout: 30_000 }, async () => {
    await make('stdin');
    const running = spawnPipectl(['produce', 'stdin', '--from', '-', '--json', ...at()], env);
    running.child.stdin?.end('{"a":1}\n{"a":2}\n');
    const { exitCode, stdout } = await running.ended;
    expect([exitCode, JSON.parse(stdout).records.acknowledged]).toEqual([0, 2]);
  });
});

describe('tail', () => {
  it.skipIf(!existsSync('/dev/full'))(
    'takes its consumer with it, also when the disk behind stdout is full',
    async () => {
      await make('full-disk');
      const kinesis = await kinesisOf();
      await kinesis.send(new PutRecordCommand({ StreamName: 'full-disk', PartitionKey: 'k', Data: Buffer.from('{}') }));
      const words = ['tail', 'full-disk', '--fan-out', '--from', 'trim-horizon', ...at()];
      const shell = spawn('bash', ['-c', `"${process.execPath}" "${BIN}" ${words.join(' ')} > /dev/full`], { env });
      let err = '';
      shell.stderr.on('data', (chunk) => (err += chunk));
      const exitCode = await new Promise((resolve) => shell.on('close', resolve));
      expect(err).toContain('error: Standard output is not complete');
      expect(exitCode).toBe(1);
      const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/full-disk';
      // It is DELETING for a moment.
      await expect
        .poll(async () => (await kinesis.send(new ListStreamConsumersCommand({ StreamARN }))).Consumers, {
          timeout: 5000,
        })
        .toEqual([]);
    },
  );

  const fill = async (stream: string, count: number): Promise<void> => {
    await make(stream);
    await runCommand(['produce', stream, '--count', String(count), '--rate', 'max', '--schema', 'log-event', ...at()]);
  };

  it('prints JSON lines in a pipe, pretty lines in a terminal, envelopes with --json', async () => {
    await fill('printed', 3);
    const words = ['tail', 'printed', '--from', 'trim-horizon', '--until', 'now', '--decode', ...at()];
    const pipe = await runCommand(words);
    expect(pipe.exitCode).toBe(0);
    const lines = pipe.stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('event_class');
    expect(pipe.stderr).toContain('following printed: 1 shard');
    const terminal = await runCommand(words, { tty: true });
    expect(terminal.stdout).toMatch(/\d\d:\d\d:\d\d\.\d{3} #0/);
    const envelopes = (await runCommand([...words, '--json'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(envelopes[0]).toMatchObject({
      shardId: 'shardId-000000000000',
      layers: ['json'],
      data: { event_class: expect.any(String) },
    });
  });

  it('says what to do about a sequence number that the shard never gave', async () => {
    await fill('numbered', 1);
    const run = await runCommand(['tail', 'numbered', '--from', `0:4${'9'.repeat(55)}`, ...at()]);
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringMatching(/knows no sequence number .*tail --json/s)]);
  });

  it('shows statistics instead', async () => {
    await fill('counted', 50);
    const run = await runCommand([
      'tail',
      'counted',
      '--from',
      'trim-horizon',
      '--until',
      'now',
      '--stats',
      '--json',
      ...at(),
    ]);
    expect(JSON.parse(run.stdout)).toMatchObject({ records: 50, items: 50, layers: { json: 50 } });
  });

  it('advises quotes where a hyphen in a filter excludes', async () => {
    await make('hyphens');
    const words = ['--filter', 'order-7', '--from', 'trim-horizon', '--until', 'now'];
    const run = await runCommand(['tail', 'hyphens', ...words, ...at()]);
    expect(run).toMatchObject({ exitCode: 0, stdout: '' });
    expect(run.stderr).toMatch(/^warning: The hyphen in order-7 excludes what comes after it/);
  });

  it.each<[string[], RegExp]>([
    [['--from', 'yesterday'], /--from: "yesterday" is no place/],
    [['--until', 'later'], /--until: "later" is no time/],
    [['--filter', '{ $.a = '], /./],
    [['--format', 'template'], /needs a --template/],
    [['--raw', '--format', 'json'], /--raw|--format/],
    [['--shard', 'x'], /--shard: "x" is no shard/],
    [['--template', '{{@bogus}}'], /--template: there is no \{\{@bogus\}\}.*@time, @shard/s],
    [['--from', '1m', '--until', '10m'], /--until is not after --from/],
    [['--stats', '--select', 'a'], /--stats|--select/],
    [['--shard', '77'], /no shard shardId-000000000077/],
  ])('%j is a usage error', async (words, message) => {
    await make(`usage-${words.join('').replace(/[^a-z0-9]/g, '')}`);
    const run = await runCommand(['tail', `usage-${words.join('').replace(/[^a-z0-9]/g, '')}`, ...words, ...at()]);
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(2);
  });

  it('makes a stream that is followed before anybody writes to it, and says so', async () => {
    const run = await runCommand(['tail', '0123456789', '--idle-exit', '100ms', ...at()]);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('making 0123456789 with 2 shards');
  });

  it.each([
    ['--from', '5m'],
    ['--from', 'trim-horizon', '--until', 'now'],
  ])('makes no stream to read its past: %s %s', async (...words) => {
    const run = await runCommand(['tail', 'zzz-never', ...words, ...at()]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('Stream "zzz-never" not found in us-east-1 at http://');
    const { StreamNames = [] } = await (await kinesisOf()).send(new ListStreamsCommand({}));
    expect(StreamNames).not.toContain('zzz-never');
  });

  it('ends at once, quietly and well, when the reader of its output goes', { timeout: 30_000 }, async () => {
    await fill('headed', 5000);
    const running = spawnPipectl(['tail', 'headed', '--from', 'trim-horizon', ...at()], env);
    await new Promise<void>((resolve) => running.child.stdout?.once('data', () => resolve()));
    running.child.stdout?.destroy();
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|error|read/i);
  });

  it.runIf(process.platform === 'linux')(
    'ends when the reader of its pipe goes, also if the stream is quiet from then on',
    { timeout: 30_000 },
    async () => {
      await fill('quiet-head', 3);
      const words = ['tail', 'quiet-head', '--from', 'trim-horizon', ...at()];
      // All three lines fit into the pipe before `head` is done with the first: only the end of the pipe itself can tell.
      const shell = spawn('sh', ['-c', '"$0" "$@" | head -1', process.execPath, BIN, ...words], { env });
      let [out, err] = ['', ''];
      shell.stdout.on('data', (chunk) => (out += chunk));
      shell.stderr.on('data', (chunk) => (err += chunk));
      await once(shell, 'close');
      expect(out.split('\n')).toHaveLength(2);
      expect(err).not.toMatch(/EBADF|EPIPE|error/i);
    },
  );

  it('exits 130 on Ctrl-C', { timeout: 30_000 }, async () => {
    await make('watched');
    const running = spawnPipectl(['tail', 'watched', ...at()], env);
    await running.says('following watched');
    running.child.kill('SIGINT');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('0 records read');
  });

  it('loses nothing over kill -9 with a checkpoint', { timeout: 60_000 }, async () => {
    await make('killed', 2);
    const checkpoint = join(folder, 'killed.checkpoint');
    const words = ['tail', 'killed', '--checkpoint', checkpoint, '--format', 'ndjson', ...at()];
    const seen = new Set<string>();
    const note = (stdout: string): void => {
      for (const line of stdout.split('\n').slice(0, -1))
        seen.add((JSON.parse(line) as { requestId: string }).requestId);
    };
    const first = spawnPipectl(words, env);
    await first.says('following killed');
    const load = runPipectl(
      ['produce', 'killed', '--schema', 'log-event', '--rate', '600', '--duration', '5s', ...at()],
      env,
    );
    for (let round = 0; round < 2; round++) {
      const running = round === 0 ? first : spawnPipectl(words, env);
      await expect.poll(() => running.stdout().length, { timeout: 15_000 }).toBeGreaterThan(20_000);
      running.child.kill('SIGKILL');
      note((await running.ended).stdout);
    }
    expect((await load).exitCode).toBe(0);
    const last = await runPipectl([...words, '--idle-exit', '2s'], env);
    note(last.stdout);
    const stored = await readAll(await kinesisOf(), 'killed');
    expect(stored).toHaveLength(3000);
    const missing = stored.filter(
      ({ data }) => !seen.has((JSON.parse(data.toString()) as { requestId: string }).requestId),
    );
    expect(missing).toEqual([]);
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/lib/cli/command-io.js';
import { readStreamState } from '../../src/lib/stream/stream-state.js';
import { localKinesis } from '../stream/local-kinesis.js';
import { runCommand } from './run-command.js';

const parts = localKinesis();
const provision = (...argv: string[]) => runCommand(['provision', ...argv, '--endpoint-url', parts.endpoint.url]);

describe('provision', () => {
  it('makes a stream as it is asked for', async () => {
    const run = await provision(
      'orders',
      '--shards',
      '3',
      '--retention',
      '48h',
      '--tag',
      'team=web',
      '--max-record-size',
      '2MiB',
    );
    expect(run).toMatchObject({ exitCode: 0, stdout: 'orders\tcreated\tprovisioned, 3 shards, 48h\n' });
    expect(await readStreamState(parts.control, 'orders')).toEqual({
      name: 'orders',
      status: 'ACTIVE',
      mode: 'PROVISIONED',
      openShards: 3,
      retentionHours: 48,
      maxRecordKiB: 2048,
      tags: { team: 'web' },
    });
  });

  it('changes nothing the second time, and says so', async () => {
    const run = await provision('orders', '--shards', '3', '--retention', '48h', '--tag', 'team=web');
    expect(run).toEqual({ exitCode: 0, stdout: 'orders\tunchanged\tprovisioned, 3 shards, 48h\n', stderr: '' });
  });

  it('leaves alone what is not named', async () => {
    const run = await provision('orders');
    expect(run.stdout).toBe('orders\tunchanged\tprovisioned, 3 shards, 48h\n');
  });

  it('reports drift with --check, exit code 1, and does nothing', async () => {
    const run = await provision('orders', 'clicks', '--shards', '8', '--check', '--json');
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject([
      { name: 'orders', outcome: 'drifted', changes: [{ what: 'shards', from: 3, to: 8, steps: [4, 8] }] },
      { name: 'clicks', outcome: 'drifted', changes: [{ what: 'stream', to: { mode: 'PROVISIONED', shards: 8 } }] },
    ]);
    expect(await readStreamState(parts.control, 'orders')).toMatchObject({ openShards: 3 });
    expect(await readStreamState(parts.control, 'clicks')).toBeUndefined();
  });

  it('goes in the steps that AWS allows, up and down and to on-demand and back', async () => {
    const up = await provision('orders', '--shards', '8');
    expect(up).toMatchObject({ exitCode: 0, stdout: 'orders\tupdated\tprovisioned, 8 shards, 48h\n' });
    expect(up.stderr).toContain('orders: shards 3 -> 8, by way of 4\n');
    const down = await provision('orders', '--shards', '1', '--retention', '24h');
    expect(down).toMatchObject({ exitCode: 0, stdout: 'orders\tupdated\tprovisioned, 1 shard, 24h\n' });
    expect(down.stderr).toContain('records older than 24h go');
    expect((await provision('orders', '--on-demand')).stdout).toBe('orders\tupdated\ton-demand, 1 shard, 24h\n');
    expect((await provision('orders', '--shards', '2')).stdout).toBe('orders\tupdated\tprovisioned, 2 shards, 24h\n');
  });

  it('sets a tag, changes it and takes it away, and leaves others alone', async () => {
    await provision('tagged', '--tag', 'team=web', '--tag', 'cost=7');
    expect((await provision('tagged', '--tag', 'team=data')).stderr).toContain('tagged: tag team web -> data\n');
    const run = await provision('tagged', '--untag', 'team', '--untag', 'never-there');
    expect(run).toMatchObject({ exitCode: 0, stdout: 'tagged\tupdated\tprovisioned, 1 shard, 24h\n' });
    expect(run.stderr).toContain('tagged: tag team data -> (none)\n');
    expect((await readStreamState(parts.control, 'tagged'))?.tags).toEqual({ cost: '7' });
    expect((await provision('tagged', '--untag', 'team', '--check')).exitCode).toBe(0);
  });

  it('says how far it came when the ten reshards of a day are used up', async () => {
    await provision('daily', '--shards', '1');
    for (let turn = 0; turn < 4; turn += 1) {
      await provision('daily', '--shards', '2');
      await provision('daily', '--shards', '1');
    }
    const run = await provision('daily', '--shards', '8');
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toMatch(/error: daily has 4 of 8 shards, and a limit was reached: .* 10 times/);
    expect(run.stderr).toContain('The next run goes on from there');
  });

  it('goes on beside another run that changes the same stream', async () => {
    await provision('shared', '--shards', '2');
    const runs = await Promise.all([
      provision('shared', '--shards', '8', '--retention', '48h', '--tag', 'a=1'),
      provision('shared', '--shards', '8', '--max-record-size', '2MiB'),
      provision('shared', '--shards', '8', '--tag', 'b=2'),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.match(/error: .*/)?.[0]])).toEqual([
      [0, undefined],
      [0, undefined],
      [0, undefined],
    ]);
    expect(await readStreamState(parts.control, 'shared')).toMatchObject({
      openShards: 8,
      retentionHours: 48,
      maxRecordKiB: 2048,
      tags: { a: '1', b: '2' },
    });
  });

  it('is continued by the next run after an interruption', async () => {
    const stop = new AbortController();
    const run = runCommand(['provision', 'long', '--shards', '4', '--endpoint-url', parts.endpoint.url], {
      signal: stop.signal,
    });
    stop.abort(new Interrupted('SIGINT'));
    expect(await run).toMatchObject({
      exitCode: 130,
      stdout: '',
      stderr: expect.stringContaining('interrupted at long'),
    });
    expect(await provision('long', '--shards', '4')).toMatchObject({ exitCode: 0 });
    expect(await readStreamState(parts.control, 'long')).toMatchObject({ status: 'ACTIVE', openShards: 4 });
  });

  it('makes no stream for a slip of the keys, unless it is told to', async () => {
    await provision('payments', '--shards', '1');
    const slip = await provision('paymets', '--shards', '1');
    expect(slip).toMatchObject({ exitCode: 1, stdout: '' });
    expect(slip.stderr).toContain(
      `Stream "paymets" not found in us-east-1 at ${parts.endpoint.url}.\n  Did you mean "payments"? To create "paymets", add --create.`,
    );
    expect(await readStreamState(parts.control, 'paymets')).toBeUndefined();
    expect(await provision('paymets', '--shards', '1', '--create')).toMatchObject({ exitCode: 0 });
    expect(await provision('payments-eu')).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [['orders', '--shards', '2', '--on-demand'], '--on-demand and --shards exclude each other.'],
    [['orders', '--tag', 'team'], '--tag: "team" is not a tag.'],
    [['orders', '--tag', 'cost=7%'], '--tag: "cost=7%" has "%" in it, which AWS does not take in a tag.'],
    [['orders', '--tag', 'a=1', '--untag', 'a'], '--untag: a is to be set as well; leave one out.'],
    [['orders', '--untag', 'a=1'], '--untag: "a=1" is not the key of a tag.'],
    [['orders', '--tag', 'a=1', '--tag', 'a=2'], '--tag: a is given twice, as "1" and as "2".'],
    [['orders', '--shards', 'two'], '--shards: "two" is not a whole number of 1 or more.'],
    [['orders', '--retention', '1h'], '--retention: "1h" is not a retention'],
    [['orders', '--shard', '2'], 'provision has no flag --shard.'],
    [[], 'provision needs the name of a stream.'],
  ])('refuses %j with a sentence and exit code 2', async (argv, message) => {
    const run = await provision(...argv);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});

describe('provision, from pipectl.yaml', () => {
  const home = process.cwd();
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-test-'));
    writeFileSync(
      join(folder, 'pipectl.yaml'),
      'streams:\n  events: { shards: 2, retention: 36h, tags: { team: core } }\n  audit: { onDemand: true }\n  plain:\n',
    );
    process.chdir(folder);
  });
  afterAll(() => process.chdir(home));

  it('makes every stream of the file, and then none', async () => {
    expect((await provision()).stdout).toBe(
      'events\tcreated\tprovisioned, 2 shards, 36h\naudit\tcreated\ton-demand, 4 shards, 24h\nplain\tcreated\tprovisioned, 1 shard, 24h\n',
    );
    expect((await provision()).stdout.match(/unchanged/g)).toHaveLength(3);
  });

  it('takes a name that the file does not list for a slip, unless it is said how to make it', async () => {
    const run = await provision('evnts');
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toBe(
      'error: pipectl.yaml lists no stream evnts.\n  Did you mean events? To make one that the file does not list, say how: --shards 1\n',
    );
    expect((await provision('evnts', '--check')).exitCode).toBe(2);
    expect((await provision('other', '--shards', '1')).stdout).toBe('other\tcreated\tprovisioned, 1 shard, 24h\n');
  });

  it('has told of the streams that are done when a later one fails', async () => {
    const refused = { code: 'InvalidArgumentException', message: 'no more' };
    parts.endpoint.faults.add({ at: 'kinesis.CreateStream', kind: 'error', match: 'second', ...refused });
    const run = await provision('first', 'second', 'third', '--shards', '1');
    parts.endpoint.faults.clear();
    expect(run).toMatchObject({ exitCode: 1, stdout: 'first\tcreated\tprovisioned, 1 shard, 24h\n' });
    expect(run.stderr).toContain('no more');
  });

  it('a flag takes away the tag that the file sets', async () => {
    const run = await provision('events', '--untag', 'team');
    expect(run.stderr).toContain('events: tag team core -> (none)\n');
    expect((await provision('events')).stderr).toContain('events: tag team (none) -> core\n');
  });

  it('takes one by name, flags over the file', async () => {
    expect((await provision('audit', '--shards', '4', '--tag', 'team=x')).stdout).toBe(
      'audit\tupdated\tprovisioned, 4 shards, 24h\n',
    );
    expect((await provision('--check')).exitCode).toBe(1);
  });
});

describe('provision, on an endpoint that lacks a part', () => {
  let partial: Server;
  afterEach(() => partial.close());

  /** Passes calls on, and answers some of them itself. */
  async function endpointWithout(operation: string, answer: { status: number; body: object }): Promise<string> {
    partial = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (String(request.headers['x-amz-target']).endsWith(`.${operation}`)) {
        response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(answer.body));
        return;
      }
      const { host: _, 'content-length': __, ...headers } = request.headers as Record<string, string>;
      const passed = await fetch(parts.endpoint.url, { method: 'POST', headers, body: Buffer.concat(chunks) });
      response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await passed.arrayBuffer()));
    });
    await new Promise<void>((resolve) => partial.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(partial.address() as AddressInfo).port}`;
  }

  it('does the rest, and says what it lacks', async () => {
    const url = await endpointWithout('UpdateMaxRecordSize', {
      status: 501,
      body: { __type: 'InternalFailure', message: 'not yet implemented' },
    });
    await provision('lacking');
    const run = await runCommand([
      'provision',
      'lacking',
      '--max-record-size',
      '4MiB',
      '--retention',
      '48h',
      '--endpoint-url',
      url,
    ]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain(
      'error: lacking: this endpoint does not implement maximum record size 1.0 MiB -> 4.0 MiB.',
    );
    expect(await readStreamState(parts.control, 'lacking')).toMatchObject({ retentionHours: 48 });
  });

  it('does not believe an endpoint that says yes and does nothing', async () => {
    const url = await endpointWithout('IncreaseStreamRetentionPeriod', { status: 200, body: {} });
    const run = await runCommand(['provision', 'lacking', '--retention', '72h', '--endpoint-url', url]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('error: lacking is not as it was asked for: retention 48h -> 72h.');
  });
});

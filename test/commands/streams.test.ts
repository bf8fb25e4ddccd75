import { PassThrough } from 'node:stream';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/lib/cli/command-io.js';
import { waitUntilActive } from '../../src/lib/stream/wait-until-active.js';
import { localKinesis } from '../stream/local-kinesis.js';
import { runCommand } from './run-command.js';

const parts = localKinesis();
const at = () => ['--endpoint-url', parts.endpoint.url];
const settled = (stream: string) => waitUntilActive(parts.control, stream);

beforeAll(async () => {
  await parts.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 2 }));
  await parts.kinesis.send(
    new CreateStreamCommand({ StreamName: 'clicks', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  );
  await settled('orders');
  await settled('clicks');
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  await parts.kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'fraud' }));
});

describe('streams', () => {
  it('aligns a table under bold headers in a terminal', async () => {
    const { stdout, exitCode } = await runCommand(['streams', ...at()], { tty: true, env: { TERM: 'xterm' } });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        '\u001B[1mSTREAM\u001B[22m  \u001B[1mSTATUS\u001B[22m  \u001B[1mMODE\u001B[22m         \u001B[1mSHARDS\u001B[22m  \u001B[1mRETENTION\u001B[22m',
        'clicks  ACTIVE  on-demand         4        24h',
        'orders  ACTIVE  provisioned       2        24h',
        '',
      ].join('\n'),
    );
  });

  it('has no colours with NO_COLOR, and none with --no-color', async () => {
    const plain = await runCommand(['streams', ...at()], { tty: true, env: { NO_COLOR: '1' } });
    const flagged = await runCommand(['streams', '--no-color', ...at()], { tty: true });
    expect(plain.stdout).toContain('STREAM  STATUS');
    expect(flagged.stdout).toBe(plain.stdout);
  });

  it('gives a pipe a line a stream, tab-separated, without headers', async () => {
    const { stdout } = await runCommand(['streams', ...at()]);
    expect(stdout).toBe('clicks\tACTIVE\ton-demand\t4\t24h\norders\tACTIVE\tprovisioned\t2\t24h\n');
  });

  it('gives a program the whole of it with --json', async () => {
    const { stdout } = await runCommand(['streams', '--json', ...at()], { tty: true });
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ name: 'clicks', mode: 'ON_DEMAND', openShards: 4 }),
      expect.objectContaining({
        name: 'orders',
        arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
        status: 'ACTIVE',
        mode: 'PROVISIONED',
        openShards: 2,
        retentionHours: 24,
      }),
    ]);
  });

  it('cuts long names to the terminal, and never in a pipe', async () => {
    const name = `events-${'x'.repeat(100)}`;
    await parts.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    const wide = await runCommand(['streams', ...at()]);
    const narrow = await runCommand(['streams', ...at()], { tty: true, columns: 60, env: { NO_COLOR: '1' } });
    expect(wide.stdout).toContain(name);
    const lines = narrow.stdout.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(60);
    expect(narrow.stdout).toMatch(/events-x+…/);
  });
});

describe('streams NAME', () => {
  it('shows shards with their share of the keys, and consumers, in a terminal', async () => {
    const { stdout } = await runCommand(['streams', 'orders', ...at()], {
      tty: true,
      columns: 200,
      env: { NO_COLOR: '1' },
    });
    expect(stdout).toMatch(
      /^orders {2}ACTIVE\nprovisioned, 2 open shards, keeps 24h, records up to 1\.0 MiB, not encrypted\n/,
    );
    expect(stdout).toContain('shardId-000000000000  open   00000000…7fffffff  50.0 %  -\n');
    expect(stdout).toContain('shardId-000000000001  open   80000000…ffffffff  50.0 %  -\n');
    expect(stdout).toMatch(
      /CONSUMER +STATUS +ARN\nfraud +(CREATING|ACTIVE) +arn:aws:kinesis:us-east-1:000000000000:stream\/orders\/consumer\/fraud:\d+\n$/,
    );
  });

  it('gives a pipe the shards with whole hash keys', async () => {
    const { stdout } = await runCommand(['streams', 'orders', ...at()]);
    expect(stdout).toBe(
      [
        'shardId-000000000000\topen\t0\t170141183460469231731687303715884105727\t0.500000\t-',
        'shardId-000000000001\topen\t170141183460469231731687303715884105728\t340282366920938463463374607431768211455\t0.500000\t-',
        '',
      ].join('\n'),
    );
  });

  it('says which stream there is when the name is nearly right', async () => {
    const { stdout, stderr, exitCode } = await runCommand(['streams', 'order', ...at()]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `error: Stream "order" not found in us-east-1 at ${parts.endpoint.url}.\n  Did you mean "orders"? To create it: pipectl provision order --shards 1\n`,
    );
  });

  it('counts what arrives with --watch, until it is interrupted', async () => {
    const stop = new AbortController();
    let put = false;
    const run = runCommand(['streams', 'orders', '--watch', '--json', ...at()], {
      signal: stop.signal,
      onStdout(text) {
        const samples = text.trim().split('\n');
        if (!put) {
          put = true;
          const Records = Array.from({ length: 20 }, (_, index) => ({
            Data: Buffer.alloc(100),
            PartitionKey: `k${index}`,
          }));
          void parts.kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
        }
        if (samples.some((sample) => sample.includes('"recordsPerSecond":') && counted(sample) > 0))
          stop.abort(new Interrupted('SIGINT'));
      },
    });
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(130);
    const samples = stdout.trim().split('\n');
    const last = JSON.parse(samples.at(-1) ?? '{}');
    expect(last.shards.map(({ shard }: { shard: string }) => shard)).toEqual([
      'shardId-000000000000',
      'shardId-000000000001',
    ]);
    expect(Math.round(counted(samples.at(-1) ?? ''))).toBeGreaterThan(0);
  });

  it('draws the rates over again in a terminal, and leaves the prompt a line of its own below them', async () => {
    const stop = new AbortController();
    const run = await runCommand(['streams', 'orders', '--watch', ...at()], {
      tty: true,
      env: { NO_COLOR: '1' },
      signal: stop.signal,
      onStdout(text) {
        if (text.split('RECORDS/S').length > 2) stop.abort(new Interrupted('SIGINT'));
      },
    });
    expect(run.exitCode).toBe(130);
    const drawn = /^SHARD .*\n(shardId-\d+ .*\n){2}all .*\n/;
    const [first = '', ...again] = run.stdout.split('\u001B[4A\r\u001B[J');
    expect(first.replace('\r\u001B[J', '')).toMatch(drawn);
    expect(again.at(-1)).toMatch(new RegExp(`${drawn.source}\n$`));
  });

  it('after a reshard shows what is open, and how many are closed; all of them when asked, and in a pipe', async () => {
    await parts.kinesis.send(
      new CreateStreamCommand({ StreamName: 'resharded', ShardCount: 1, Tags: { team: 'web' } }),
    );
    await settled('resharded');
    await parts.kinesis.send(
      new UpdateShardCountCommand({ StreamName: 'resharded', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
    );
    await settled('resharded');
    const terminal = { tty: true, columns: 120, env: { NO_COLOR: '1' } };
    const folded = await runCommand(['streams', 'resharded', ...at()], terminal);
    expect(folded.stdout).toContain('\ntags team=web\n');
    expect(folded.stdout).not.toContain('shardId-000000000000');
    expect(folded.stdout).toContain('and 1 closed shard, listed until their records expire (24h): --all shows them\n');
    const all = await runCommand(['streams', 'resharded', '--all', ...at()], terminal);
    expect(all.stdout).toContain('shardId-000000000000  closed  00000000…ffffffff  100.0 %  -\n');
    expect(all.stdout).not.toContain('--all');
    expect((await runCommand(['streams', 'resharded', ...at()])).stdout.split('\n')).toHaveLength(4);
  });

  it('shows how little a narrow shard has', async () => {
    await parts.kinesis.send(new CreateStreamCommand({ StreamName: 'narrow', ShardCount: 1 }));
    await settled('narrow');
    const split = { StreamName: 'narrow', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '2' };
    await parts.kinesis.send(new SplitShardCommand(split));
    await settled('narrow');
    const { stdout } = await runCommand(['streams', 'narrow', ...at()], { tty: true, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(/shardId-000000000001 {2}open +00000000…00000000 +<0\.01 % /);
  });

  it('shows what the caller may see, and says what not', async () => {
    const faults = [{ at: 'kinesis.ListStreamConsumers', kind: 'error', code: 'AccessDeniedException' }];
    await fetch(`${parts.endpoint.url}/_pipectl/faults`, {
      method: 'POST',
      headers: { 'x-pipectl': '1' },
      body: JSON.stringify(faults),
    });
    const run = await runCommand(['streams', 'orders', '--json', ...at()]);
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: 'warning: this endpoint does not tell consumers, or not to you\n',
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ openShards: 2, consumers: [], unknown: ['consumers'] });
  });

  it('tells who takes it for LocalStack that it is not', async () => {
    const run = await runCommand(['streams', '--localstack', ...at()]);
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('orders\tACTIVE') });
    expect(run.stderr).toMatch(
      /^warning: --localstack, at --endpoint-url, but what answers at http:\S+ is pipectl's own local endpoint, not LocalStack\n$/,
    );
  });

  it('takes an ARN, and refuses one of another region before a stream of the same name is taken for it', async () => {
    const arn = (region: string) => `arn:aws:kinesis:${region}:000000000000:stream/orders`;
    expect((await runCommand(['streams', arn('us-east-1'), ...at()])).exitCode).toBe(0);
    for (const command of [['streams'], ['streams', '--watch'], ['provision'], ['tail']]) {
      const run = await runCommand([...command, arn('eu-west-1'), ...at()]);
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(run.stderr).toBe(
        `error: ${arn('eu-west-1')} is in eu-west-1, and this talks to us-east-1.\n  Add --region eu-west-1.\n`,
      );
    }
  });

  it('says that a stream was deleted while it was watched', async () => {
    await parts.kinesis.send(new CreateStreamCommand({ StreamName: 'passing', ShardCount: 1 }));
    await settled('passing');
    let deleted = false;
    const run = await runCommand(['streams', 'passing', '--watch', ...at()], {
      onStdout() {
        if (!deleted) void parts.kinesis.send(new DeleteStreamCommand({ StreamName: 'passing' }));
        deleted = true;
      },
    });
    expect(run).toMatchObject({ exitCode: 1, stderr: 'error: Stream "passing" was deleted.\n' });
  });

  it.each(['--watch', '--all'])('refuses %s without a stream', async (flag) => {
    const { exitCode, stderr } = await runCommand(['streams', flag, ...at()]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${flag} needs a stream.`);
  });
});

function counted(sample: string): number {
  const { shards } = JSON.parse(sample) as { shards: { recordsPerSecond: number }[] };
  return shards.reduce((sum, { recordsPerSecond }) => sum + recordsPerSecond, 0);
}

describe('streams --delete', () => {
  const remove = (words: string[], options: Parameters<typeof runCommand>[1] = {}) =>
    runCommand(['streams', '--delete', ...words, ...at()], options);
  const make = async (stream: string): Promise<void> => {
    await parts.kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
    await settled(stream);
  };

  it('deletes a stream with its consumers, and is done when it is gone', async () => {
    await make('retired');
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/retired';
    await parts.kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'fraud' }));
    expect(await remove(['retired', '--yes'])).toMatchObject({ exitCode: 0, stdout: 'retired deleted\n' });
    expect(await settled('retired')).toBeUndefined();
  });

  it('asks in a terminal, and takes anything but a yes for a no', async () => {
    await make('asked');
    for (const [answer, exitCode] of [
      ['\n', 1],
      ['y\n', 0],
    ] as const) {
      const stdin = Object.assign(new PassThrough(), { isTTY: true });
      stdin.end(answer);
      const run = await remove(['asked'], { stdin });
      expect(run.stderr).toContain(
        `Delete stream "asked" in us-east-1 at ${parts.endpoint.url}, with all its records? [y/N]`,
      );
      expect(run.exitCode).toBe(exitCode);
      expect((await settled('asked')) === undefined).toBe(exitCode === 0);
    }
  });

  it('deletes nothing where nobody can answer, and for a name that is not there', async () => {
    const unasked = await remove(['orders']);
    expect(unasked).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unasked.stderr).toContain('pipectl streams --delete orders --yes');
    const slip = await remove(['ordrs', '--yes']);
    expect(slip.exitCode).toBe(1);
    expect(slip.stderr).toContain('Did you mean "orders"?');
    expect(await settled('orders')).toMatchObject({ status: 'ACTIVE' });
    expect((await runCommand(['streams', '--delete', ...at()])).stderr).toContain('--delete needs a stream.');
    expect((await runCommand(['streams', 'orders', '--yes', ...at()])).stderr).toContain(
      '--yes applies only to --delete.',
    );
  });
});

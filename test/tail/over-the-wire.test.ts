import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  KinesisClient,
  ListShardsCommand,
  ListStreamConsumersCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { KplAggregateWriter } from '../../src/lib/produce/kpl-aggregate-writer.js';
import { DrivenClock } from '../../src/lib/shared/clock.js';
import { parseFilterPattern } from '../../src/lib/shared/filter-pattern/parse-filter-pattern.js';
import { hashKeyOf } from '../../src/lib/stream/hash-key.js';
import { envelopeText } from '../../src/lib/tail/json-lines.js';
import { itemRenderer } from '../../src/lib/tail/render-item.js';
import { parseFields } from '../../src/lib/tail/select-fields.js';
import { TailStats } from '../../src/lib/tail/tail-stats.js';
import { type TailOptions, tailStream } from '../../src/lib/tail/tail-stream.js';
import { parseTemplate } from '../../src/lib/tail/template.js';
import { createClients } from '../../src/lib/target/clients.js';
import { explainSdkError } from '../../src/lib/target/explain-sdk-error.js';
import { makeStream } from '../produce/local-load.js';
import { localKinesis } from '../stream/local-kinesis.js';

const local = localKinesis({ limits: 'off' });
const limited = localKinesis({ limits: 'on' });
const HALF = String(2n ** 127n);
const arnOf = (stream: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;

interface Following {
  lines: string[];
  notes: string[];
  ready: Promise<void>;
  /** Resolves when so many lines are there. */
  has(count: number): Promise<void>;
  stop(): void;
  ended: Promise<{ records: number; items: number }>;
}

function follow(url: string, stream: string, options: Partial<TailOptions> = {}): Following {
  const clients = createClients({
    kind: 'local',
    endpointUrl: url,
    region: 'us-east-1',
    profile: undefined,
    why: 'the test',
  });
  const stop = new AbortController();
  const lines: string[] = [];
  const notes: string[] = [];
  const waiting = new Set<() => void>();
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const render = itemRenderer({
    format: 'ndjson',
    fields: undefined,
    template: undefined,
    showLayers: false,
    style: new Chalk({ level: 0 }),
  });
  const ended = tailStream({
    clients,
    stream,
    from: { kind: 'latest' },
    decode: true,
    fanOut: false,
    show: { kind: 'lines', render, marksBroken: false },
    write: async (text) => {
      lines.push(
        ...text
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      );
      for (const check of waiting) check();
    },
    flush: async () => {},
    onReady: () => isReady(),
    onNote: (note) => notes.push(note),
    onWarning: (text) => notes.push(text),
    signal: stop.signal,
    ...options,
  }).finally(() => clients.close());
  ended.catch(() => {});
  return {
    lines,
    notes,
    ready,
    ended,
    stop: () => stop.abort(new Error('the test is done')),
    has: (count) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (lines.length >= count) {
            waiting.delete(check);
            resolve();
          }
        };
        waiting.add(check);
        check();
        ended.then(check, reject);
      }),
  };
}

async function put(
  stream: string,
  texts: (string | Buffer)[],
  key?: string,
  on: Pick<typeof local, 'kinesis'> = local,
): Promise<void> {
  for (let at = 0; at < texts.length; at += 500) {
    const Records = texts
      .slice(at, at + 500)
      .map((text, index) => ({ Data: Buffer.from(text), PartitionKey: key ?? `k${at + index}` }));
    const answer = await on.kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
    expect(answer.FailedRecordCount).toBe(0);
  }
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `{"n":${from + index}}`);
const sorted = (lines: string[]): string[] => [...lines].sort((a, b) => JSON.parse(a).n - JSON.parse(b).n);

describe('positions', () => {
  it('latest shows what comes, trim-horizon what is there, until now ends it', async () => {
    await makeStream(local.kinesis, 'positions', 3);
    await put('positions', numbers(0, 50));
    const latest = follow(local.endpoint.url, 'positions');
    await latest.ready;
    await put('positions', numbers(50, 80));
    await latest.has(30);
    latest.stop();
    await latest.ended;
    expect(sorted(latest.lines)).toEqual(numbers(50, 80));

    const all = follow(local.endpoint.url, 'positions', { from: { kind: 'trim-horizon' }, untilMs: Date.now() + 1 });
    expect(await all.ended).toEqual({ records: 80, items: 80 });
    expect(sorted(all.lines)).toEqual(numbers(0, 80));
  });

  it('a sequence number starts at its record, on its shard alone', async () => {
    await makeStream(local.kinesis, 'sequence', 2);
    const answer = await local.kinesis.send(
      new PutRecordsCommand({
        StreamName: 'sequence',
        Records: numbers(0, 10).map((text) => ({ Data: Buffer.from(text), PartitionKey: 'same' })),
      }),
    );
    const fourth = answer.Records?.[4];
    const read = follow(local.endpoint.url, 'sequence', {
      from: { kind: 'sequence', shardId: fourth?.ShardId ?? '', sequenceNumber: fourth?.SequenceNumber ?? '' },
      untilMs: Date.now() + 1,
    });
    await read.ended;
    expect(read.lines).toEqual(numbers(4, 10));
  });

  it.each([false, true])('a sequence number that was never issued is named (fan-out: %s)', async (fanOut) => {
    await makeStream(local.kinesis, `unissued-${fanOut}`);
    const sequenceNumber = '49671111111111111111111111111111111111111111111111111111';
    const from = { kind: 'sequence', shardId: 'shardId-000000000000', sequenceNumber } as const;
    await expect(follow(local.endpoint.url, `unissued-${fanOut}`, { from, fanOut }).ended).rejects.toMatchObject({
      message: `--from: shardId-000000000000 of unissued-${fanOut} knows no sequence number ${sequenceNumber}.`,
      exitCode: 2,
    });
  });

  it("an error of the service is explained as the SDK's are", async () => {
    await makeStream(local.kinesis, 'expired-token');
    const error = { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired' } as const;
    local.endpoint.faults.add({ at: 'kinesis.GetRecords', ...error });
    const failure = await follow(local.endpoint.url, 'expired-token').ended.catch((reason: unknown) => reason);
    expect(explainSdkError(failure, undefined)?.message).toBe('The AWS credentials have expired.');
  });

  it('limit, idle exit, shard and key do what they say', async () => {
    await makeStream(local.kinesis, 'narrow', 2);
    await put('narrow', numbers(0, 100));
    await put('narrow', ['{"n":100}'], 'special');
    const from = { kind: 'trim-horizon' } as const;
    const few = follow(local.endpoint.url, 'narrow', { from, limit: 7 });
    expect(await few.ended).toEqual({ records: 7, items: 7 });
    expect(few.lines).toHaveLength(7);
    const idle = follow(local.endpoint.url, 'narrow', { from, idleExitMs: 500, key: 'special' });
    await idle.ended;
    expect(idle.lines).toEqual(['{"n":100}']);
    const parts = await Promise.all(
      [0, 1].map(async (n) => {
        const read = follow(local.endpoint.url, 'narrow', {
          from,
          untilMs: Date.now() + 1,
          shards: new Set([`shardId-00000000000${n}`]),
        });
        await read.ended;
        return read.lines;
      }),
    );
    expect(sorted(parts.flat())).toEqual(numbers(0, 101));
    for (const part of parts) expect(part.length).toBeGreaterThan(10);
    await expect(
      follow(local.endpoint.url, 'narrow', { shards: new Set(['shardId-000000000009']) }).ended,
    ).rejects.toThrow(/no shard shardId-000000000009/);
  });

  it('a filter sees what is inside', async () => {
    await makeStream(local.kinesis, 'filtered');
    const envelope = {
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logGroup: 'g',
      logStream: 's',
      subscriptionFilters: [],
      logEvents: [
        { id: '1', timestamp: 1, message: '{"n":1}' },
        { id: '2', timestamp: 2, message: '{"n":2}' },
      ],
    };
    await put('filtered', [
      gzipSync(JSON.stringify(envelope)),
      gzipSync(JSON.stringify({ ...envelope, messageType: 'CONTROL_MESSAGE' })),
      '{"n":3}',
    ]);
    const read = follow(local.endpoint.url, 'filtered', {
      from: { kind: 'trim-horizon' },
      untilMs: Date.now() + 1,
      filter: parseFilterPattern('{ $.n >= 2 }'),
    });
    await read.ended;
    expect(read.lines).toEqual(['{"n":2}', '{"n":3}']);
    expect(read.notes).toEqual([expect.stringContaining('control message')]);
  });

  it('raw bytes are untouched', async () => {
    await makeStream(local.kinesis, 'raw');
    const bytes = [Buffer.from([0, 255, 10]), Buffer.from('no line feed'), gzipSync('x')];
    await put('raw', bytes);
    const written: Buffer[] = [];
    const read = follow(local.endpoint.url, 'raw', {
      from: { kind: 'trim-horizon' },
      untilMs: Date.now() + 1,
      show: { kind: 'raw', toTerminal: false },
      write: async (data) => void written.push(Buffer.from(data)),
    });
    await read.ended;
    expect(Buffer.concat(written).equals(Buffer.concat(bytes))).toBe(true);
  });
});

it('marks user records that a KCL consumer drops, for their hash key is of another shard', async () => {
  await makeStream(local.kinesis, 'outside', 2);
  const writer = new KplAggregateWriter(4096, true);
  const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const [n, key] of keys.entries()) writer.add(Buffer.from(`{"n":${n}}`), 0, 7, key, 1, n, 0);
  await local.kinesis.send(
    new PutRecordCommand({
      StreamName: 'outside',
      PartitionKey: 'a',
      ExplicitHashKey: '0', // the first shard
      Data: writer.finish(),
    }),
  );
  const read = follow(local.endpoint.url, 'outside', {
    from: { kind: 'trim-horizon' },
    untilMs: Date.now() + 1,
    show: { kind: 'lines', marksBroken: true, render: (item) => `${envelopeText(item, undefined)}\n` },
  });
  await read.ended;
  const shown = read.lines.map((line) => JSON.parse(line));
  expect(
    shown.map(({ partitionKey, subSequenceNumber, outsideShard }) => [partitionKey, subSequenceNumber, outsideShard]),
  ).toEqual(keys.map((key, index) => [key, index, hashKeyOf(key) >= 2n ** 127n ? true : undefined]));
});

it('statistics with a limit count what was taken, not what came with it', async () => {
  await makeStream(local.kinesis, 'counted');
  await put('counted', ['{"n":1}', '{"n":2}', '{"n":3}'], 'k');
  const stats = new TailStats();
  const read = follow(local.endpoint.url, 'counted', {
    from: { kind: 'trim-horizon' },
    limit: 2,
    show: { kind: 'stats', stats },
  });
  await read.ended;
  expect(stats.result()).toMatchObject({ records: 2, items: 2, bytes: 14, shards: [{ records: 2, bytes: 14 }] });
});

describe('raw bytes in a terminal', () => {
  it('stop before the first that could act on it', async () => {
    await makeStream(local.kinesis, 'raw-terminal');
    await put('raw-terminal', ['plain\ttext ünï\r\n', '\u001b[2J', 'after'], 'k');
    const written: string[] = [];
    const read = follow(local.endpoint.url, 'raw-terminal', {
      from: { kind: 'trim-horizon' },
      untilMs: Date.now() + 1,
      show: { kind: 'raw', toTerminal: true },
      write: async (data) => void written.push(Buffer.from(data).toString()),
    });
    await expect(read.ended).rejects.toThrow(/^The record shardId-0{12}:\d+ is no plain text/);
    expect(written.join('')).toBe('plain\ttext ünï\r\n');
  });
});

describe.each([false, true])('resharding (fan-out: %s)', (fanOut) => {
  it('reads parents before children, and follows shards that come while it runs', async () => {
    const stream = `reshard-${fanOut}`;
    await makeStream(local.kinesis, stream);
    const running = follow(local.endpoint.url, stream, { from: { kind: 'trim-horizon' }, fanOut });
    await running.ready;
    await put(stream, numbers(0, 200), 'one-key');
    await local.kinesis.send(
      new SplitShardCommand({ StreamName: stream, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF }),
    );
    await untilOpen(stream, 2);
    await put(stream, numbers(200, 400), 'one-key');
    await local.kinesis.send(
      new MergeShardsCommand({
        StreamName: stream,
        ShardToMerge: 'shardId-000000000001',
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    );
    await untilOpen(stream, 1);
    await put(stream, numbers(400, 600), 'one-key');
    await running.has(600);
    running.stop();
    await running.ended;
    expect(running.lines).toEqual(numbers(0, 600));
    const id = (n: number): string => `shardId-00000000000${n}`;
    expect(running.notes).toEqual([
      `${id(0)} is closed and read; going on with ${id(1)} and ${id(2)}`,
      expect.stringMatching(
        /^shardId-0{11}[12] and shardId-0{11}[12] are closed and read; going on with shardId-0{11}3$/,
      ),
    ]);

    const later = follow(local.endpoint.url, stream, {
      from: { kind: 'trim-horizon' },
      untilMs: Date.now() + 1,
      fanOut,
    });
    await later.ended;
    expect(later.lines).toEqual(numbers(0, 600));
  });
});

it.each([false, true])(
  'a reader that stopped for a while shows no child before its parents, whatever became of the shards (fan-out: %s)',
  async (fanOut) => {
    const stream = `stopped-${fanOut}`;
    const shardId = (n: number): string => `shardId-${String(n).padStart(12, '0')}`;
    await makeStream(local.kinesis, stream, 4);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const shown: string[] = [];
    const read = follow(local.endpoint.url, stream, {
      from: { kind: 'trim-horizon' },
      fanOut,
      show: {
        kind: 'lines',
        render: ({ record }) => `${record.shardId}\n`,
        marksBroken: false,
      },
      write: async (text) => {
        await released;
        shown.push(
          ...text
            .toString()
            .split('\n')
            .filter((line) => line !== ''),
        );
      },
      onNote: () => {},
    });
    await read.ready;
    const fill = (from: number): Promise<void> => put(stream, numbers(from, from + 60));
    await fill(0);
    const merge = (a: number, b: number): Promise<unknown> =>
      local.kinesis.send(
        new MergeShardsCommand({ StreamName: stream, ShardToMerge: shardId(a), AdjacentShardToMerge: shardId(b) }),
      );
    const split = (n: number, NewStartingHashKey: bigint): Promise<unknown> =>
      local.kinesis.send(
        new SplitShardCommand({
          StreamName: stream,
          ShardToSplit: shardId(n),
          NewStartingHashKey: String(NewStartingHashKey),
        }),
      );
    await split(0, 2n ** 125n); // 4 and 5
    await untilOpen(stream, 5);
    await fill(60);
    await merge(5, 1); // 6
    await untilOpen(stream, 4);
    await fill(120);
    await merge(2, 3); // 7
    await untilOpen(stream, 3);
    await fill(180);
    await merge(6, 7); // 8
    await untilOpen(stream, 2);
    await fill(240);
    release();
    await expect.poll(() => shown.length).toBe(300);
    read.stop();
    await read.ended;
    const first = (n: number): number => shown.indexOf(shardId(n));
    const last = (n: number): number => shown.lastIndexOf(shardId(n));
    const parents = { 4: [0], 5: [0], 6: [5, 1], 7: [2, 3], 8: [6, 7] };
    for (const [child, all] of Object.entries(parents))
      for (const parent of all) expect(last(parent)).toBeLessThan(first(Number(child)));
  },
);

async function untilOpen(stream: string, count: number): Promise<void> {
  await expect
    .poll(async () => {
      const { Shards = [] } = await local.kinesis.send(new ListShardsCommand({ StreamName: stream }));
      return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined).length;
    })
    .toBe(count);
}

describe('trouble', () => {
  it('an expired iterator resumes after the last record: nothing lost, nothing twice', async () => {
    await makeStream(local.kinesis, 'expiring');
    const running = follow(local.endpoint.url, 'expiring');
    await running.ready;
    for (let round = 0; round < 4; round++) {
      local.endpoint.faults.add({
        at: 'kinesis.GetRecords',
        kind: 'error',
        code: 'ExpiredIteratorException',
        message: 'Iterator expired.',
      });
      await put('expiring', numbers(round * 50, round * 50 + 50), 'k');
      await running.has(round * 50 + 50);
    }
    running.stop();
    await running.ended;
    expect(running.lines).toEqual(numbers(0, 200));
  });

  it('throttles and failures are waited out without losing the place', async () => {
    await makeStream(local.kinesis, 'throttled');
    await put('throttled', numbers(0, 300), 'k');
    for (const code of ['ProvisionedThroughputExceededException', 'InternalFailureException', 'LimitExceededException'])
      local.endpoint.faults.add({ at: 'kinesis.GetRecords', kind: 'error', code, message: 'not now' });
    const read = follow(local.endpoint.url, 'throttled', { from: { kind: 'trim-horizon' }, limit: 300 });
    await read.ended;
    expect(read.lines).toEqual(numbers(0, 300));
  });

  it("a shard's real limits are met, and everything arrives", async () => {
    await makeStream(limited.kinesis, 'limits');
    const big = Array.from({ length: 5 }, (_, n) => JSON.stringify({ n, pad: 'x'.repeat(180_000) }));
    await put('limits', big, 'k', limited);
    const read = follow(limited.endpoint.url, 'limits', { from: { kind: 'trim-horizon' }, limit: 5 });
    await read.ended;
    expect(read.lines.map((line) => JSON.parse(line).n)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each(['ndjson', 'csv', 'json', 'template'] as const)(
    'JSON nested too deep to be put together again is marked and does not stop the rest (%s)',
    async (format) => {
      const stream = `deep-${format}`;
      await makeStream(local.kinesis, stream);
      await put(stream, [`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, '{"a":1}', '{"a":2}'], 'k');
      const render = itemRenderer({
        format,
        fields: format === 'template' ? undefined : parseFields('a'),
        template: parseTemplate('{{a}}'),
        showLayers: false,
        style: new Chalk({ level: 0 }),
      });
      const read = follow(local.endpoint.url, stream, {
        from: { kind: 'trim-horizon' },
        limit: 3,
        show: { kind: 'lines', render, marksBroken: false },
      });
      expect(await read.ended).toEqual({ records: 3, items: 3 });
      expect(read.notes).toEqual([expect.stringContaining('nested too deep')]);
      expect(read.lines.slice(-2)).toEqual([expect.stringContaining('1'), expect.stringContaining('2')]);
      if (format === 'csv') expect(read.lines[0]).toBe('a');
    },
  );

  it('one broken record is marked and does not stop the rest', async () => {
    await makeStream(local.kinesis, 'broken');
    await put('broken', ['{"n":1}', gzipSync('x').subarray(0, 15), '{"n":2}'], 'k');
    const read = follow(local.endpoint.url, 'broken', { from: { kind: 'trim-horizon' }, limit: 3 });
    await read.ended;
    expect(read.lines[0]).toBe('{"n":1}');
    expect(read.lines[2]).toBe('{"n":2}');
    expect(read.notes).toEqual([expect.stringMatching(/^broken: shardId-0{12} \d+: gzip data/)]);
  });

  it('a stream that is not there is an error', async () => {
    await expect(follow(local.endpoint.url, 'nowhere').ended).rejects.toThrow(/ResourceNotFoundException/);
  });

  it('a slow reader of the output is not what --idle-exit waits for', async () => {
    await makeStream(local.kinesis, 'slow-idle');
    await put('slow-idle', numbers(0, 5));
    const seen: string[] = [];
    const read = follow(local.endpoint.url, 'slow-idle', {
      from: { kind: 'trim-horizon' },
      idleExitMs: 150,
      show: { kind: 'raw', toTerminal: false },
      write: async (text) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (text.length > 0) seen.push(Buffer.from(text).toString());
      },
    });
    await read.ended;
    expect(seen).toEqual(numbers(0, 5));
  });

  it('a checkpoint that could not be written is written later', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-tail-'));
    const checkpointFile = join(folder, 'checkpoint');
    await makeStream(local.kinesis, 'later');
    const read = follow(local.endpoint.url, 'later', { checkpointFile });
    await read.ready;
    // No file can replace a folder that holds something.
    rmSync(checkpointFile);
    mkdirSync(join(checkpointFile, 'in the way'), { recursive: true });
    await put('later', numbers(0, 3), 'k');
    await read.has(3);
    await expect
      .poll(() => read.notes, { timeout: 15_000 })
      .toContainEqual(expect.stringMatching(/^the checkpoint cannot be written: /));
    rmSync(checkpointFile, { recursive: true });
    await expect.poll(() => existsSync(checkpointFile), { timeout: 15_000 }).toBe(true);
    expect(readFileSync(checkpointFile, 'utf8')).toContain('"after"');
    read.stop();
    await read.ended;
  });

  it('a checkpoint holds nothing that has not left the process', async () => {
    const checkpointFile = join(mkdtempSync(join(tmpdir(), 'pipectl-tail-')), 'checkpoint');
    await makeStream(local.kinesis, 'stuck');
    let broken = true;
    const read = follow(local.endpoint.url, 'stuck', {
      checkpointFile,
      flush: async () => {
        if (broken) throw new Error('not now');
      },
    });
    await read.ready;
    await put('stuck', numbers(0, 3), 'k');
    await read.has(3);
    const warned = read.notes.length;
    await expect.poll(() => read.notes.length, { timeout: 15_000 }).toBeGreaterThan(warned);
    expect(readFileSync(checkpointFile, 'utf8')).not.toContain('"after"');
    broken = false;
    read.stop();
    await read.ended;
    expect(readFileSync(checkpointFile, 'utf8')).toContain('"after"');
  });

  it('a slow reader of the output slows the reading, not more', async () => {
    await makeStream(local.kinesis, 'slow-reader', 2);
    await put('slow-reader', numbers(0, 3000));
    let writing = 0;
    let most = 0;
    const seen: string[] = [];
    const read = follow(local.endpoint.url, 'slow-reader', {
      from: { kind: 'trim-horizon' },
      untilMs: Date.now() + 1,
      write: async (text) => {
        most = Math.max(most, ++writing);
        await new Promise((resolve) => setTimeout(resolve, 20));
        seen.push(
          ...text
            .toString()
            .split('\n')
            .filter((line) => line !== ''),
        );
        writing -= 1;
      },
    });
    await read.ended;
    expect(most).toBe(1);
    expect(sorted(seen)).toEqual(numbers(0, 3000));
  });
});

describe('checkpoints', () => {
  it('go on where the last run ended, over a reshard too, with nothing lost', async () => {
    const checkpointFile = join(mkdtempSync(join(tmpdir(), 'pipectl-tail-')), 'checkpoint');
    await makeStream(local.kinesis, 'resumed');
    const first = follow(local.endpoint.url, 'resumed', { checkpointFile });
    await first.ready;
    await put('resumed', numbers(0, 100), 'k');
    await first.has(100);
    first.stop();
    await first.ended;
    await put('resumed', numbers(100, 150), 'k');
    await local.kinesis.send(
      new SplitShardCommand({ StreamName: 'resumed', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF }),
    );
    await untilOpen('resumed', 2);
    await put('resumed', numbers(150, 200), 'k');
    const second = follow(local.endpoint.url, 'resumed', { checkpointFile });
    await second.has(100);
    second.stop();
    await second.ended;
    expect(second.lines).toEqual(numbers(100, 200));
    expect(JSON.parse(readFileSync(checkpointFile, 'utf8')).shards['shardId-000000000000']).toEqual({ ended: true });
  });

  it('keep the place of a shard that had nothing yet', async () => {
    const checkpointFile = join(mkdtempSync(join(tmpdir(), 'pipectl-tail-')), 'checkpoint');
    await makeStream(local.kinesis, 'quiet');
    const first = follow(local.endpoint.url, 'quiet', { checkpointFile });
    await first.ready;
    first.stop();
    await first.ended;
    await put('quiet', numbers(0, 5), 'k');
    const second = follow(local.endpoint.url, 'quiet', { checkpointFile, limit: 5 });
    await second.ended;
    expect(second.lines).toEqual(numbers(0, 5));
  });

  it('stand before a record that a limit cut in two', async () => {
    const checkpointFile = join(mkdtempSync(join(tmpdir(), 'pipectl-tail-')), 'checkpoint');
    await makeStream(local.kinesis, 'cut');
    await put('cut', ['{"n":1}', '{"n":2}\n{"n":3}\n{"n":4}'], 'k');
    const options = { checkpointFile, from: { kind: 'trim-horizon' } as const };
    const first = follow(local.endpoint.url, 'cut', { ...options, limit: 2 });
    expect(await first.ended).toEqual({ records: 1, items: 2 });
    const second = follow(local.endpoint.url, 'cut', { ...options, limit: 3 });
    await second.ended;
    expect(second.lines).toEqual(['{"n":2}', '{"n":3}', '{"n":4}']);
  });
});

describe('fan-out', () => {
  const consumersOf = async (stream: string): Promise<string[]> => {
    const { Consumers = [] } = await local.kinesis.send(new ListStreamConsumersCommand({ StreamARN: arnOf(stream) }));
    return Consumers.map(({ ConsumerName = '' }) => ConsumerName);
  };

  it('registers a consumer, and deregisters it when it ends, also by an error', async () => {
    await makeStream(local.kinesis, 'pushed', 2);
    await local.kinesis.send(
      new RegisterStreamConsumerCommand({ StreamARN: arnOf('pushed'), ConsumerName: 'somebody-else' }),
    );
    const running = follow(local.endpoint.url, 'pushed', { fanOut: true });
    await running.ready;
    expect(await consumersOf('pushed')).toHaveLength(2);
    await put('pushed', numbers(0, 40));
    await running.has(40);
    running.stop();
    await running.ended;
    expect(sorted(running.lines)).toEqual(numbers(0, 40));
    await expect.poll(() => consumersOf('pushed')).toEqual(['somebody-else']);

    const failing = follow(local.endpoint.url, 'pushed', {
      fanOut: true,
      from: { kind: 'trim-horizon' },
      write: () => Promise.reject(new Error('the disk is full')),
    });
    await expect(failing.ended).rejects.toThrow('the disk is full');
    await expect.poll(() => consumersOf('pushed')).toEqual(['somebody-else']);
  });

  it('leaves the consumer of another run that still goes on', async () => {
    await makeStream(local.kinesis, 'two-runs');
    const [one, two] = [0, 1].map(() => follow(local.endpoint.url, 'two-runs', { fanOut: true }));
    if (!one || !two) throw new Error('two were started');
    await Promise.all([one.ready, two.ready]);
    expect(await consumersOf('two-runs')).toHaveLength(2);
    await put('two-runs', numbers(0, 3), 'k');
    await Promise.all([one.has(3), two.has(3)]);
    expect([one.lines, two.lines]).toEqual([numbers(0, 3), numbers(0, 3)]);
    two.stop();
    await two.ended;
    await put('two-runs', numbers(3, 5), 'k');
    await one.has(5);
    await expect.poll(() => consumersOf('two-runs')).toHaveLength(1);
    one.stop();
    await one.ended;
  });

  it("deregisters the consumers of runs that were killed, and nobody else's", async () => {
    await makeStream(local.kinesis, 'orphans');
    const first = follow(local.endpoint.url, 'orphans', { fanOut: true });
    await first.ready;
    const [name = ''] = await consumersOf('orphans');
    first.stop();
    await first.ended;
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const orphan = name.replace(`-${process.pid}-`, `-${dead}-`);
    expect(orphan).not.toBe(name);
    const elsewhere = orphan.replace(/^(pipectl-tail)-[^-]+/, '$1-0000');
    for (const ConsumerName of [orphan, elsewhere])
      await local.kinesis.send(new RegisterStreamConsumerCommand({ StreamARN: arnOf('orphans'), ConsumerName }));
    const second = follow(local.endpoint.url, 'orphans', { fanOut: true });
    await second.ready;
    second.stop();
    await second.ended;
    await expect.poll(() => consumersOf('orphans')).toEqual([elsewhere]);
  });

  it('saves its place: the next run shows each record that this one did not', async () => {
    const checkpointFile = join(mkdtempSync(join(tmpdir(), 'pipectl-tail-')), 'checkpoint');
    await makeStream(local.kinesis, 'pushed-place');
    const options = { fanOut: true, checkpointFile };
    const first = follow(local.endpoint.url, 'pushed-place', options);
    await first.ready;
    await put('pushed-place', numbers(0, 4), 'k');
    await first.has(4);
    first.stop();
    await first.ended;
    expect(JSON.parse(readFileSync(checkpointFile, 'utf8')).shards['shardId-000000000000']).toHaveProperty('after');
    await put('pushed-place', numbers(4, 7), 'k');
    const second = follow(local.endpoint.url, 'pushed-place', { ...options, limit: 3 });
    await second.ended;
    expect(second.lines).toEqual(numbers(4, 7));
  });
});

describe('an endpoint that restarts', () => {
  it.each([false, true])(
    'is waited for, and reading continues behind the last record (fan-out: %s)',
    async (fanOut) => {
      const before = await startEndpoint({ port: 0, limits: 'off' });
      const port = Number(new URL(before.url).port);
      const kinesis = new KinesisClient({
        endpoint: before.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        requestHandler: new NodeHttpHandler(),
      });
      await makeStream(kinesis, 'restarted');
      const read = follow(before.url, 'restarted', { fanOut });
      await read.ready;
      await put('restarted', numbers(0, 3), 'k', { kinesis });
      await read.has(3);
      await before.close();
      await expect
        .poll(() => read.notes, { timeout: 15_000 })
        .toContain(`${before.url} stopped answering; retrying for 1 minute`);
      // A stream that is made again in the very second of the first one has its sequence numbers.
      const clock = new DrivenClock();
      clock.advance(5000);
      const after = await startEndpoint({ port, limits: 'off', clock });
      await makeStream(kinesis, 'restarted');
      await put('restarted', numbers(3, 6), 'k', { kinesis });
      await read.has(6);
      expect(read.lines).toEqual(numbers(0, 6));
      expect(read.notes).toContain(`${before.url} answers again; reading continues after the last record read`);
      read.stop();
      await read.ended;
      await after.close();
      kinesis.destroy();
    },
  );
});

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import { afterAll, describe, expect, it, test } from 'vitest';
import { ConsumeMeter } from '../../src/lib/consume/consume-meter.js';
import { consumeResult } from '../../src/lib/consume/consume-result.js';
import { mergeSettings, recordFilter } from '../../src/lib/consume/consume-settings.js';
import { settingsOfFlags } from '../../src/lib/consume/flag-settings.js';
import { handlerEnvironment } from '../../src/lib/consume/handler-environment.js';
import { handlerIdentity } from '../../src/lib/consume/handler-identity.js';
import { handlerSpec } from '../../src/lib/consume/handler-spec.js';
import { parseOnFailure } from '../../src/lib/consume/on-failure.js';
import { ConsumeLine, renderConsume, renderDiscarded } from '../../src/lib/consume/render-consume.js';
import { ShardProgress } from '../../src/lib/consume/shard-progress.js';
import { localTarget } from '../local-target.js';

const folder = mkdtempSync(join(tmpdir(), 'pipectl-consume-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text = '', mode = 0o644): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const plain = new Chalk({ level: 0 });

describe('the progress of a shard', () => {
  it('passes a record only when all before it are done', () => {
    const told: string[] = [];
    const progress = new ShardProgress((last) => told.push(last));
    for (const number of ['1', '2', '3', '4']) progress.take(number);
    progress.finish(['2', '4']);
    expect(told).toEqual([]);
    progress.finish(['1']);
    expect(told).toEqual(['2']);
    progress.finish(['3']);
    expect(told).toEqual(['2', '4']);
  });

  it('holds over many records', () => {
    let last = '';
    const progress = new ShardProgress((number) => {
      last = number;
    });
    for (let number = 1; number <= 5000; number++) progress.take(String(number));
    for (let number = 5000; number >= 2; number--) progress.finish([String(number)]);
    expect(last).toBe('');
    progress.finish(['1']);
    expect(last).toBe('5000');
    progress.take('5001');
    progress.finish(['5001']);
    expect(last).toBe('5001');
  });
});

describe('--handler', () => {
  const settings = {
    cwd: folder,
    timeoutMs: 1000,
    memoryMb: 128,
    environment: {},
    region: 'us-east-1',
    accountId: '000000000000',
  };

  it.each([
    ['ingest.mjs', '', 'ingest.handler', /^nodejs/],
    ['other.cjs:process.all', '', 'other.process.all', /^nodejs/],
    ['app.py', 'def lambda_handler(event, context):\n  pass\n', 'app.lambda_handler', /^python3/],
    ['plain.py', 'def handler(event, context):\n  pass\n', 'plain.handler', /^python3/],
  ])('%s is a module', (text, source, handler, runtime) => {
    file(text.split(':')[0] ?? '', source);
    expect(handlerSpec(text, settings)).toMatchObject({
      handler,
      runtime: expect.stringMatching(runtime),
      codeDir: folder,
    });
  });

  it('takes a program that can run, and the folder of package.json for modules', () => {
    file('my program', '#!/bin/sh\n', 0o755);
    expect(handlerSpec('my program', settings).command).toBe(`exec '${join(folder, 'my program')}'`);
    file('package.json', '{}');
    mkdirSync(join(folder, 'src'), { recursive: true });
    file('src/deep.mjs');
    expect(handlerSpec('src/deep.mjs', settings)).toMatchObject({ handler: 'src/deep.handler', codeDir: folder });
  });

  it.each([
    ['nosuch.mjs', '--handler: nosuch.mjs: file not found.'],
    ['.', '--handler: .: is a folder.'],
    ['two.dots.mjs', 'Lambda cannot load a file with a period in its name.'],
    ['notes.txt', 'not a Node or Python module, and not executable.'],
  ])('%s is refused', (name, message) => {
    if (name.endsWith('.txt') || name.startsWith('two')) file(name);
    expect(() => handlerSpec(name, settings)).toThrow(message);
  });

  it('debugs Node alone', () => {
    file('ingest.mjs');
    file('plain.py');
    expect(handlerSpec('ingest.mjs', { ...settings, inspectPort: 9229 }).environment.NODE_OPTIONS).toBe(
      '--inspect=127.0.0.1:9229',
    );
    expect(() => handlerSpec('plain.py', { ...settings, inspectPort: 9229 })).toThrow(
      '--inspect applies only to Node handlers.',
    );
  });
});

test.each([
  ['./failed', { kind: 'file', path: './failed' }],
  ['failed.jsonl', { kind: 'file', path: 'failed.jsonl' }],
  ['orders-failed', { kind: 'stream', name: 'orders-failed' }],
  ['s3://failed', { kind: 'bucket', bucket: 'failed', prefix: '' }],
  ['s3://failed/orders/', { kind: 'bucket', bucket: 'failed', prefix: 'orders/' }],
])('--on-failure %s', (text, expected) => {
  expect(parseOnFailure(text)).toEqual(expected);
});

test.each(['s3://X', 'arn:aws:sqs:us-east-1:1:q', 'http://a.b/c'])('--on-failure %s is refused', (text) => {
  expect(() => parseOnFailure(text)).toThrow(`--on-failure: "${text}" is not a valid destination.`);
});

test('variables come from flags, from the environment and from a file, flags first', () => {
  const path = file('handler.env', 'A=file\nB="two words"\n');
  expect(handlerEnvironment(['A=flag', 'C'], path, { C: 'own' })).toEqual({ A: 'flag', B: 'two words', C: 'own' });
  expect(() => handlerEnvironment(['NONE'], undefined, {})).toThrow('--env: NONE is not set.');
  expect(() => handlerEnvironment(['=x'], undefined, {})).toThrow('--env: "=x" is not NAME=VALUE.');
  expect(() => handlerEnvironment([], join(folder, 'no.env'), {})).toThrow('file not found');
});

test('a handler is the caller on AWS, and nobody that matters elsewhere', () => {
  const own = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's', AWS_PROFILE: 'mine', HOME: '/h', OTHER: 'x' };
  const local = localTarget('http://127.0.0.1:1');
  expect(handlerIdentity(local, { HOME: '/h', AWS_PROFILE: 'mine' })).toBeUndefined();
  expect(handlerIdentity(local, own)).toEqual({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's' });
  const aws = { ...local, kind: 'aws' as const, endpointUrl: undefined };
  expect(handlerIdentity(aws, own)).toEqual({
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_PROFILE: 'mine',
    HOME: '/h',
  });
  expect(handlerIdentity({ ...aws, profile: 'prod' }, own)).toEqual({ AWS_PROFILE: 'prod', HOME: '/h' });
});

test('later settings go before earlier ones, and what is not said changes nothing', () => {
  const flags = settingsOfFlags({ window: 2000, bisect: false, 'report-item-failures': true }, {});
  const merged = mergeSettings({ batchSize: 7, bisect: true, environment: { A: '1' } }, flags);
  expect(merged).toMatchObject({ batchSize: 7, bisect: true, windowSeconds: 2, reportsItemFailures: true });
  expect(merged.environment).toEqual({ A: '1' });
  expect(() => settingsOfFlags({ 'max-age': 1000, bisect: false, 'report-item-failures': false }, {})).toThrow(
    '--max-age: "1s" is not a whole number of seconds from 60 to 604800.',
  );
  expect(() => mergeSettings({ tumblingSeconds: 60, parallelization: 2 })).toThrow('cannot be used together');
});

test('filters are those of a mapping', () => {
  const record = (text: string) => ({
    shardId: 's',
    sequenceNumber: '1',
    partitionKey: 'k',
    arrivedMs: 0,
    data: Buffer.from(text),
  });
  const passes = recordFilter(['{"data":{"state":["Ohio"]}}']);
  expect(passes(record('{"state":"Ohio"}'))).toBe(true);
  expect(passes(record('{"state":"Iowa"}'))).toBe(false);
  expect(passes(record('no JSON'))).toBe(false);
  expect(() => recordFilter(['{"state":["Ohio"]}'])).toThrow('filtered on data alone');
});

test('the live line, the summary and a batch that was given up, in words', () => {
  const meter = new ConsumeMeter();
  const line = new ConsumeLine(0);
  meter.read = 20;
  meter.filtered = 2;
  const record = { shardId: 'shardId-000000000001', sequenceNumber: '17', partitionKey: 'k', arrivedMs: 900 };
  meter.began([record], 1000);
  meter.ended(true, 3, 20, 3000);
  meter.givenUpBatches = 1;
  meter.givenUpRecords = 15;
  Object.assign(meter.shard('shardId-000000000001'), { records: 20, behindMs: 1500 });
  expect(line.next(meter, 1000, plain)).toBe(
    '3/s · 1 batch · 1 failed · 1 given up · lag 1.5 s (shardId-000000000001) · 3 records',
  );
  const result = consumeResult({ stream: 'orders', handler: 'h.mjs', endedBy: 'once', durationMs: 2000 }, meter);
  expect(result).toMatchObject({
    recordsPerSecond: 2,
    records: { read: 20, filtered: 2, processed: 3, givenUp: 15 },
    batches: { invoked: 1, failed: 1, givenUp: 1 },
    iteratorAgeMs: { p50: 100, max: 100 },
  });
  expect(renderConsume(result, plain)).toBe(
    [
      '3 records of orders processed',
      '  time                  2.0 s, 2 records/s',
      '  batches               1 invoked, 1 failed, 1 given up',
      '  filtered              2 records',
      '  given up              15 records',
      '  batch time            p50 20 ms  p95 20 ms  p99 20 ms  max 20 ms',
      '  iterator age          p50 100 ms  p95 100 ms  p99 100 ms  max 100 ms',
      '  shardId-000000000001  20 records, 1.5 s behind',
      '',
    ].join('\n'),
  );
  const given = { records: [record], reason: 'RetryAttemptsExhausted' as const, tries: 3, last: undefined };
  expect(renderDiscarded(given)).toBe('gave up 1 record of shardId-000000000001 after 3 tries (no retries left): 17');
});

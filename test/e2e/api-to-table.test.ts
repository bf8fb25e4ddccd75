import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chooseCheck, loadCheckFile } from '../../src/lib/e2e/check-file/load-check-file.js';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { runCheck } from '../../src/lib/e2e/run-check.js';
import { startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { systemClock } from '../../src/lib/shared/clock.js';
import { createClients } from '../../src/lib/target/clients.js';
import { localTarget } from '../local-target.js';
import { type Change, copyPipeline } from './copy-pipeline.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PIPELINE = join(ROOT, 'pipelines/api-to-table/');
const IMPATIENT: Change = { file: 'pipectl.yaml', replace: 'within: 30s', by: 'within: 6s\n  warmUp: 6s' };

async function run(changes: readonly Change[]): Promise<CheckReport> {
  const endpoint = await startEndpoint({ port: 0 });
  const clients = createClients(localTarget(endpoint.url));
  try {
    const file = await loadCheckFile(copyPipeline([IMPATIENT, ...changes], PIPELINE));
    const [report] = await runCheck({
      file,
      check: chooseCheck(file),
      clients,
      clock: systemClock,
      environment: {},
      deploy: true,
      keep: false,
      disposable: true,
      recorderWishes: { addresses: new Map(), failModes: new Map() },
      repeat: 1,
      server: 'test',
      signal: new AbortController().signal,
      onReport: () => {},
      onEvent: () => {},
    });
    if (!report) throw new Error('no report');
    return report;
  } finally {
    clients.close();
    await endpoint.close();
  }
}

const template = (replace: string, by: string): Change => ({ file: 'api-to-table.yaml', replace, by });
const code = (name: string, replace: string, by: string): Change => ({ file: `functions/${name}.mjs`, replace, by });
const THROW = "throw new Error('broken on purpose');";

describe('the pipeline api-to-table', () => {
  it('passes, and counts every hop', async () => {
    const report = await run([]);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops.map(({ name, arrived, duplicated }) => [name, arrived, duplicated])).toEqual(
      ['accepted', 'streamed', 'stored', 'changed', 'inserted'].map((name) => [name, 20, 0]),
    );
  });

  it('makes no second row of a batch that is retried', async () => {
    // Each batch fails once after its rows are in the table, and once more after they are in Postgres.
    const failsOnce = (after: string): string =>
      `${after}\n  if (!globalThis.failed) { globalThis.failed = true; ${THROW} }\n`;
    const report = await run([
      code('store', '  return { batchItemFailures: outcomes', `${failsOnce('')}  return { batchItemFailures: outcomes`),
      code('load', "  hopMetric('inserted'", `${failsOnce('')}  hopMetric('inserted'`),
    ]);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops.at(-1)).toMatchObject({ name: 'inserted', arrived: 20, duplicated: 0 });
  });
});

describe('a broken pipeline api-to-table', () => {
  it.each<[string, string, Change[], RegExp]>([
    [
      'store throws',
      'stored',
      [code('store', '  const outcomes', `  ${THROW}\n  const outcomes`)],
      /store failed .* during/,
    ],
    [
      'the condition fails',
      'stored',
      [code('store', 'attribute_not_exists(id)', 'attribute_exists(id)')],
      /ConditionalCheckFailedException/,
    ],
    [
      'store writes to no table',
      'stored',
      [template('TABLE_NAME: !Ref Table', 'TABLE_NAME: nowhere')],
      /ResourceNotFound/,
    ],
    [
      'the mapping of store is off',
      'stored',
      [
        template(
          '      FunctionName: !Ref Store\n      Starting',
          '      FunctionName: !Ref Store\n      Enabled: false\n      Starting',
        ),
      ],
      /mapping to api-to-table-store is Disabled/,
    ],
    [
      'load throws',
      'inserted',
      [code('load', '  const changedAt', `  ${THROW}\n  const changedAt`)],
      /load failed .* during/,
    ],
    [
      'the mapping of load is off',
      'inserted',
      [
        template(
          '      FunctionName: !Ref Load\n      Starting',
          '      FunctionName: !Ref Load\n      Enabled: false\n      Starting',
        ),
      ],
      /mapping to api-to-table-load is Disabled/,
    ],
    [
      'Postgres is down for load',
      'inserted',
      [template('WAREHOUSE_URL: !Ref WarehouseUrl', 'WAREHOUSE_URL: postgres://nobody:none@127.0.0.1:9/postgres')],
      /ECONNREFUSED/,
    ],
    [
      'load inserts into another table',
      'inserted',
      [code('load', 'insert into orders', 'insert into ordres')],
      /relation "ordres" does not exist/,
    ],
  ])('breaks at the right hop: %s', async (_, hop, changes, why) => {
    const report = await run(changes);
    expect(report.verdict).toMatchObject({ green: false, firstLossyHop: hop });
    const told = report.verdict.findings.flatMap(({ text, evidence = [] }) => [text, ...evidence]).join('\n');
    expect(told).toMatch(why);
  });

  it.each<[string, Change[], RegExp]>([
    ['api throws', [code('api', '  const receivedAt', `  ${THROW}\n  const receivedAt`)], /HTTP 502/],
    ['the URL may not be called', [template('AuthType: NONE\n\n', 'AuthType: AWS_IAM\n\n')], /HTTP 403/],
    ['api puts into no stream', [template('STREAM_NAME: !Ref Stream', 'STREAM_NAME: nowhere')], /HTTP 502/],
  ])('is told before the first hop: %s', async (_, changes, why) => {
    const report = await run(changes);
    expect(report.verdict.green).toBe(false);
    expect(report.send).toMatchObject({ sent: 0, failed: 20 });
    expect(report.verdict.reasons.map(({ text }) => text).join('\n')).toMatch(why);
  });
});

describe('what the functions bring along', () => {
  it('is the client of the installed pg', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/bundle-pg.mjs'), '--check']);
    expect([status, String(stderr)]).toEqual([0, '']);
  });

  it('writes metrics that CloudWatch takes, a hundred values a line', async () => {
    const { hopMetric } = (await import(pathToFileURL(join(PIPELINE, 'functions/hop-metric.mjs')).href)) as {
      hopMetric(hop: string, latencies: number[], ids?: string[]): void;
    };
    const write = process.stdout.write.bind(process.stdout);
    const lines: string[] = [];
    process.stdout.write = (text: string | Uint8Array) => lines.push(String(text)) > 0;
    try {
      hopMetric(
        'stored',
        Array.from({ length: 150 }, (_, index) => index - 1),
      );
    } finally {
      process.stdout.write = write;
    }
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      Hop: 'stored',
      _aws: { CloudWatchMetrics: [{ Namespace: 'api-to-table', Dimensions: [['Hop']] }] },
    });
    expect((first?.Latency as number[] | undefined)?.slice(0, 3)).toEqual([0, 0, 1]);
    expect([first?.Latency, second?.Latency].map((values) => (values as number[]).length)).toEqual([100, 50]);
  });
});

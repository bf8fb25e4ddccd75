import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../src/lib/e2e/check-file/check.js';
import type { Change } from '../e2e/copy-pipeline.js';
import { ALWAYS, arose, type StandingPipeline, standPipeline } from './standing-pipeline.js';

const CLEAN = [0, 0, 0];
const maxOf = (latency: { max: number } | undefined): number => latency?.max ?? Number.NaN;

/** No decoys, and no more patience than a test needs; every kind of fault breaks the verdict. */
const strict = (check: Check): Check => ({
  ...check,
  send: { ...check.send, count: 20, eventsPerSecond: 400 },
  decoys: [],
  expect: {
    withinMs: 1500,
    warmUpMs: 10_000,
    settleMs: 800,
    limits: check.hops.flatMap(({ name }) =>
      (['lost', 'duplicated', 'reordered'] as const).map((metric) => ({ metric, hop: name, limit: 0 })),
    ),
  },
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are lines of a program
/** A logger that keeps the line of event 5 back and writes it behind the one of event 6. */
const LATE_LINE: Change = {
  file: 'functions/test-logger/index.mjs',
  replace: '  process.stdout.write(`${line}\\n`);\n',
  by: `  if (/e5z/.test(line) && !globalThis.kept) {
    globalThis.kept = line;
    return { logged: line };
  }
  process.stdout.write(\`\${line}\\n\`);
  if (globalThis.kept) process.stdout.write(\`\${globalThis.kept}\\n\`);
  globalThis.kept = undefined;
`,
};
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these were

describe('what goes wrong at a hop is told of that hop, with exact counts', () => {
  let pipeline: StandingPipeline;
  beforeAll(async () => {
    pipeline = await standPipeline([], strict);
  });
  afterAll(() => pipeline.close());

  const logger = { at: 'lambda.run', match: 'e5z"' } as const;
  const filter = { at: 'logs.deliver', match: 'e5z"' } as const;

  it('nothing, when nothing goes wrong', async () => {
    const report = await pipeline.pass([]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: CLEAN });
    expect(report.verdict.green).toBe(true);
  });

  it('a loss at the first hop', async () => {
    const report = await pipeline.pass([{ ...logger, kind: 'drop' }]);
    expect(arose(report)).toEqual({ logged: [1, 0, 0], filtered: CLEAN, loaded: CLEAN });
    expect(report.verdict.firstLossyHop).toBe('logged');
    expect(report.lostEvents.map(({ n, lostAt }) => [n, lostAt])).toEqual([[5, 'logged']]);
  });

  it('a crash of the function at the first hop', async () => {
    const report = await pipeline.pass([{ ...logger, kind: 'crash' }]);
    expect(arose(report)).toEqual({ logged: [1, 0, 0], filtered: CLEAN, loaded: CLEAN });
    expect(report.verdict.findings[0]).toMatchObject({ hop: 'logged', weight: 'cause' });
    expect(report.verdict.findings[0]?.text).toMatch(
      /^1 invocation failed; the first: external-test-resources-test-logger failed: Runtime\.ExitError/,
    );
  });

  it('a copy at the first hop, not counted again where it is handed on', async () => {
    const report = await pipeline.pass([{ ...logger, kind: 'duplicate' }]);
    expect(arose(report)).toEqual({ logged: [0, 1, 0], filtered: CLEAN, loaded: CLEAN });
    expect(report.verdict.reasons.map(({ kind, hop }) => [kind, hop])).toEqual([['duplicated', 'logged']]);
  });

  it('a delay at the first hop', async () => {
    const report = await pipeline.pass([{ ...logger, kind: 'delay', delayMs: 700 }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: CLEAN });
    const [logged, filtered] = report.hops;
    expect(maxOf(logged?.fromBeforeMs)).toBeGreaterThanOrEqual(700);
    expect(maxOf(filtered?.fromBeforeMs)).toBeLessThan(maxOf(logged?.fromBeforeMs));
    expect(maxOf(filtered?.fromSendingMs)).toBeGreaterThanOrEqual(700);
  });

  it('a loss at the filter', async () => {
    const report = await pipeline.pass([{ ...filter, kind: 'drop' }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: [1, 0, 0], loaded: CLEAN });
    expect(report.verdict.firstLossyHop).toBe('filtered');
    expect(report.verdict.findings[0]?.text).toContain('matches the line that was lost');
  });

  it('copies at the filter', async () => {
    const report = await pipeline.pass([
      { ...filter, kind: 'duplicate' },
      { ...filter, match: 'e11z"', kind: 'duplicate' },
    ]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: [0, 2, 0], loaded: CLEAN });
  });

  it('disorder at the filter', async () => {
    const report = await pipeline.pass([{ ...filter, kind: 'reorder' }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: [0, 0, 1], loaded: CLEAN });
    expect(report.verdict.reasons.map(({ text }) => text)).toEqual(['filtered put 1 event out of order.']);
  });

  it('a delay at the filter', async () => {
    const report = await pipeline.pass([{ ...filter, kind: 'delay', delayMs: 700 }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: CLEAN });
    const [logged, filtered, loaded] = report.hops;
    expect(maxOf(filtered?.fromBeforeMs)).toBeGreaterThanOrEqual(690);
    expect(maxOf(logged?.fromSendingMs)).toBeLessThan(maxOf(filtered?.fromBeforeMs));
    expect(maxOf(loaded?.fromBeforeMs)).toBeLessThan(maxOf(filtered?.fromBeforeMs));
  });

  it('an error that the filter survives', async () => {
    const report = await pipeline.pass([{ ...filter, kind: 'error', code: 'ServiceUnavailable' }]);
    expect(report.verdict.green).toBe(true);
  });

  const denied = { kind: 'error', code: 'AccessDeniedException', message: 'User: me is not authorized' } as const;

  it.each([
    [
      'logged',
      'cloudwatch-logs.FilterLogEvents',
      'The probe of logged could not read: Access denied: User: me is not authorized.',
    ],
    [
      'filtered',
      'kinesis.GetRecords',
      'The probe of filtered could not read: shard shardId-000000000000: Access denied: User: me is not authorized.',
    ],
  ] as const)('a probe at %s that loses its rights, which is never green', async (hop, at, text) => {
    const report = await pipeline.pass([{ ...denied, at, times: ALWAYS }]);
    expect(report.verdict.green).toBe(false);
    expect(report.verdict.reasons[0]).toEqual({ kind: 'unread', hop, text });
    // What a probe could not see is not lost: it was seen further on.
    expect(report.lostEvents).toEqual([]);
  });

  it('nothing, when a probe has its rights back in time', async () => {
    const report = await pipeline.pass([
      { ...denied, at: 'cloudwatch-logs.FilterLogEvents', times: 3 },
      { ...denied, at: 'kinesis.GetRecords', times: 2 },
    ]);
    expect(report.verdict.reasons).toEqual([]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: CLEAN });
  });

  it('several faults, each at its hop', async () => {
    const report = await pipeline.pass([
      { ...logger, kind: 'drop' },
      { at: 'lambda.run', match: 'e7z"', kind: 'drop' },
      { ...filter, match: 'e9z"', kind: 'drop' },
      { ...filter, match: 'e12z"', kind: 'duplicate' },
    ]);
    expect(arose(report)).toEqual({ logged: [2, 0, 0], filtered: [1, 1, 0], loaded: CLEAN });
    expect(report.verdict.firstLossyHop).toBe('logged');
    expect(report.lostEvents.map(({ n, lostAt }) => [n, lostAt])).toEqual([
      [5, 'logged'],
      [7, 'logged'],
      [9, 'filtered'],
    ]);
  });
});

describe('behind a mapping that hands over batches of five', () => {
  let pipeline: StandingPipeline;
  const batches: Change[] = [
    { file: 'data-pipeline.yaml', replace: 'BatchSize: 200', by: 'BatchSize: 5' },
    // Longer than a busy machine takes to send five: a batch that is handed over early would be smaller.
    { file: 'pipectl.yaml', replace: 'BatchingWindow: 0', by: 'BatchingWindow: 3' },
  ];
  beforeAll(async () => {
    pipeline = await standPipeline(batches, strict);
  });
  afterAll(() => pipeline.close());

  it('a loss', async () => {
    const report = await pipeline.pass([{ at: 'mapping.deliver', kind: 'drop' }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: [5, 0, 0] });
    expect(report.lostEvents.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
    expect(report.verdict.firstLossyHop).toBe('loaded');
  });

  it('copies', async () => {
    const report = await pipeline.pass([{ at: 'mapping.deliver', kind: 'duplicate' }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: [0, 5, 0] });
  });

  it('disorder', async () => {
    const report = await pipeline.pass([{ at: 'mapping.deliver', kind: 'reorder' }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: [0, 0, 4] });
  });

  it('a delay', async () => {
    const report = await pipeline.pass([{ at: 'mapping.deliver', kind: 'delay', delayMs: 700 }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: CLEAN });
    const [, filtered, loaded] = report.hops;
    expect(maxOf(loaded?.fromBeforeMs)).toBeGreaterThanOrEqual(690);
    expect(maxOf(filtered?.fromSendingMs)).toBeLessThan(maxOf(loaded?.fromBeforeMs));
  });

  it('copies, when the recorder takes a batch and refuses it all the same', async () => {
    const report = await pipeline.pass([], 'late 503 x1');
    expect(report.verdict.reasons.map(({ kind, hop }) => [kind, hop])).toEqual([['duplicated', 'loaded']]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: [0, 5, 0] });
  });

  it.each(['503 x2', 'reset x1', '429 x1, 500 x1'])('nothing, when the loader tries again: %s', async (modes) => {
    const report = await pipeline.pass([], modes);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: CLEAN });
    expect(report.verdict.green).toBe(true);
  });

  it('a crash that a retry heals', async () => {
    const report = await pipeline.pass([{ at: 'lambda.run', match: 'data-pipeline-loader', kind: 'crash' }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: CLEAN });
    expect(report.verdict.green).toBe(true);
  });
});

describe('behind a mapping that does not try again', () => {
  let pipeline: StandingPipeline;
  beforeAll(async () => {
    const changes: Change[] = [
      { file: 'data-pipeline.yaml', replace: 'BatchSize: 200', by: 'BatchSize: 5' },
      { file: 'data-pipeline.yaml', replace: 'MaximumRetryAttempts: 20', by: 'MaximumRetryAttempts: 0' },
      { file: 'pipectl.yaml', replace: 'BatchingWindow: 0', by: 'BatchingWindow: 3' },
    ];
    pipeline = await standPipeline(changes, strict);
  });
  afterAll(() => pipeline.close());

  it('a crash loses the batch, and the log tells why', async () => {
    const report = await pipeline.pass([{ at: 'lambda.run', match: 'data-pipeline-loader', kind: 'crash' }]);
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: [5, 0, 0] });
    expect(report.verdict.findings[0]?.text).toBe('data-pipeline-loader failed once during this run.');
    expect(report.verdict.findings[0]?.evidence?.join('\n')).toContain('Runtime exited');
  });

  it('a loss of everything, when the recorder refuses everything', async () => {
    // What was refused in a run before explains nothing of this one.
    await pipeline.pass([], '503 x1');
    const report = await pipeline.pass([], '400 always');
    expect(arose(report)).toEqual({ logged: CLEAN, filtered: CLEAN, loaded: [20, 0, 0] });
    const texts = report.verdict.findings.map(({ text }) => text);
    expect(texts.filter((text) => text.includes('503'))).toEqual([]);
    expect(texts.find((text) => text.startsWith('The recorder'))).toMatch(
      /^The recorder tinybird refused \d requests with 400: refused on purpose by this check\.$/,
    );
    expect(texts.find((text) => text.startsWith('data-pipeline-loader'))).toMatch(/failed/);
  });
});

describe('a function that writes its lines late', () => {
  let pipeline: StandingPipeline;
  beforeAll(async () => {
    pipeline = await standPipeline([LATE_LINE], strict);
  });
  afterAll(() => pipeline.close());

  it('disorder at the first hop', async () => {
    const report = await pipeline.pass([]);
    expect(arose(report)).toEqual({ logged: [0, 0, 1], filtered: CLEAN, loaded: CLEAN });
  });
});

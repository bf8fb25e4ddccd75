import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeJunit } from '../../src/lib/e2e/reports/write-junit.js';
import { writeTap } from '../../src/lib/e2e/reports/write-tap.js';
import { cleanEnvironment, newStateFolder, runPipectl } from '../cli/spawn-pipectl.js';
import { failedReport, greenReport } from '../e2e/sample-reports.js';
import { describeWith } from './needs.js';
import { pythonTools } from './python.js';
import { fixture, run } from './tools.js';

/** The YAML blocks of docs/ci.md, in their order. */
function workflows(): string[] {
  const page = readFileSync(fileURLToPath(new URL('../../docs/ci.md', import.meta.url)), 'utf8');
  return [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block);
}

/** Every command line of a workflow: GitHub's `run`, GitLab's `script`. */
function commandsOf(workflow: unknown): string[] {
  if (typeof workflow !== 'object' || workflow === null) return [];
  return Object.entries(workflow).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'run') return [String(value)];
    return key === 'script' && Array.isArray(value) ? value.map(String) : commandsOf(value);
  });
}

describeWith(['python3'], 'read by others', () => {
  let bin: string;
  const folder = mkdtempSync(join(tmpdir(), 'pipectl-read-'));
  const written = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  beforeAll(async () => {
    bin = await pythonTools('report-readers');
  }, 300_000);

  it('JUnit and TAP say to junitparser and tap.py what they are to say', async () => {
    const reports = [greenReport, failedReport];
    const xml = written('e2e.xml', writeJunit(reports));
    const tap = written('e2e.tap', writeTap(reports));
    const read = JSON.parse(await run(join(bin, 'python'), [fixture('read_reports.py'), xml, tap])) as unknown;
    expect(read).toEqual({
      junit: [
        { name: 'orders', tests: 4, failures: 0, skipped: 0, failed: [] },
        {
          name: 'orders',
          tests: 4,
          failures: 2,
          skipped: 0,
          failed: [
            ['hop loaded: stream loaded', 'lost', 'loaded lost 3 of 20 events: not seen within 2.0 s.'],
            [
              'decoy {"plain":"{marker}"} does not get past logged',
              'decoy-lost',
              failedReport.verdict.reasons[1]?.text,
            ],
          ],
        },
      ],
      tap: {
        plan: 8,
        ok: [1, 2, 3, 4, 5, 6],
        notOk: { 7: failedReport.verdict.findings[0]?.text, 8: null },
        unknown: 0,
      },
    });
  });

  it('the workflows of docs/ci.md are what GitHub and GitLab take', async () => {
    const blocks = workflows();
    expect(blocks).toHaveLength(3);
    for (const [index, block] of blocks.entries()) {
      const schema = block.includes('runs-on:') ? 'vendor.github-workflows' : 'vendor.gitlab-ci';
      const file = written(`workflow-${index}.yaml`, block);
      await run(join(bin, 'check-jsonschema'), ['--builtin-schema', schema, file]);
    }
  });
});

it('the steps of these workflows that need no Docker run, and write what the next step picks up', {
  timeout: 120_000,
}, async () => {
  const steps = workflows().flatMap((block) => commandsOf(parse(block)));
  const runnable = steps.filter((step) => step.startsWith('npx pipectl ') && !step.includes('--localstack'));
  expect(runnable).toHaveLength(2);
  expect(steps.filter((step) => !step.startsWith('npx pipectl '))).toEqual(['npm ci', 'npm ci', 'npm ci']);
  for (const step of runnable) {
    const folder = mkdtempSync(join(tmpdir(), 'pipectl-ci-'));
    // The job's repository has a check file.
    cpSync(fileURLToPath(new URL('../../pipelines/analytics', import.meta.url)), folder, { recursive: true });
    const state = newStateFolder();
    const { exitCode, stderr } = await runPipectl(step.split(' ').slice(2), cleanEnvironment(state), folder);
    expect(exitCode, stderr).toBe(0);
    for (const [file] of step.matchAll(/reports\/\S+/g)) expect(readFileSync(join(folder, file), 'utf8')).not.toBe('');
  }
});

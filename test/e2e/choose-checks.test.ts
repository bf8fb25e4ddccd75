import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckFile } from '../../src/lib/e2e/check-file/check.js';
import { loadCheckFile, loadSample } from '../../src/lib/e2e/check-file/load-check-file.js';
import { parseCheckFile } from '../../src/lib/e2e/check-file/parse-check-file.js';
import { type CheckWish, checkFilePath, chooseChecks, missingCheckFile } from '../../src/lib/e2e/choose-checks.js';
import { samplePipelines } from '../../src/lib/project/sample-pipelines.js';

const CHECK = '{ send: { put: a, payload: "{marker}" }, hops: [{ a: { stream: a } }] }';
const RUN = '{ send: { put: "a-{run}", payload: "{marker}" }, hops: [{ a: { stream: "a-{run}" } }] }';

const file = (text: string): CheckFile => parseCheckFile(text, '/project/pipectl.yaml');
const written = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'pipectl-choose-')), 'pipectl.yaml');
  writeFileSync(path, text);
  return path;
};
const choose = async (wish: Partial<CheckWish>, here = '') => {
  const path = checkFilePath(wish.words?.[0]);
  return chooseChecks(
    {
      ...{ words: [], demo: false, all: false, count: undefined, eventsPerSecond: undefined, withinMs: undefined },
      ...{ run: undefined, deploy: true, ...wish },
    },
    path === undefined ? file(here) : await loadCheckFile(path),
  );
};
const names = async (...parameters: Parameters<typeof choose>) => (await choose(...parameters)).map(({ name }) => name);

describe('which checks', () => {
  const two = `checks: { orders: ${CHECK}, refunds: ${CHECK} }`;

  it('the one that is named, all, or the only one there is', async () => {
    expect(await names({ words: ['refunds'] }, two)).toEqual(['refunds']);
    expect(await names({ all: true }, two)).toEqual(['orders', 'refunds']);
    expect(await names({ words: [written(`checks: { only: ${CHECK} }`)] })).toEqual(['only']);
    expect(await names({ words: [written(two), 'orders'] })).toEqual(['orders']);
  });

  it.each<[string, Partial<CheckWish>, string]>([
    ['a choice to make', {}, '/project/pipectl.yaml holds 2 checks: orders, refunds.'],
    ['a name that is none', { words: ['nope'] }, 'holds no check named "nope".'],
    ['a name and all', { words: ['orders'], all: true }, '"orders" and --all contradict each other.'],
    ['two names', { words: ['orders', 'refunds'] }, 'One check at a time, or --all.'],
    // A run of nothing must not look like a success.
    ['a file that has settings alone', { words: [written('stream: orders')] }, 'pipectl.yaml holds no check.'],
    ['all of none', { words: [written('stream: orders')], all: true }, 'pipectl.yaml holds no check.'],
  ])('refuses %s', async (_, wish, message) => {
    await expect(choose(wish, two)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message.replace('/project/', '')),
    });
  });
});

describe('the sample pipelines', () => {
  it('are the folders of pipelines/, and each is a check that can be read', async () => {
    expect(samplePipelines()).toContain('analytics');
    for (const name of samplePipelines()) expect((await loadSample(name)).checks).not.toEqual([]);
    expect((await loadSample()).checks.map(({ name }) => name)).toEqual(['analytics']);
    await expect(loadSample('nope')).rejects.toMatchObject({ exitCode: 2, hint: expect.stringContaining('analytics') });
  });

  it('take the first word for their name', async () => {
    expect(await names({ demo: true, words: ['analytics'] }, `checks: { only: ${CHECK} }`)).toEqual(['only']);
    expect(missingCheckFile('/work', ['analytics'], 'analytics').hint).toContain('e2e --demo analytics');
  });
});

it.each([
  ['orders', undefined],
  [undefined, undefined],
  ['orders.yaml', 'orders.yaml'],
  ['checks/orders', 'checks/orders'],
  ['.', '.'],
])('%s names the file %s', (word, path) => expect(checkFilePath(word)).toBe(path));

describe('adjusted by the command line', () => {
  it('takes its counts, rates and times', async () => {
    const [check] = await choose({ count: 3, eventsPerSecond: 7, withinMs: 1000 }, `checks: { a: ${CHECK} }`);
    expect(check).toMatchObject({ send: { count: 3, eventsPerSecond: 7 }, expect: { withinMs: 1000 } });
  });

  it('gives each check a name for its run, or all of them the one that is given', async () => {
    const text = `checks: { a: ${RUN}, b: ${RUN}, c: ${CHECK} }`;
    const streams = async (run?: string) =>
      (await choose({ all: true, run }, text)).map(({ send }) => (send.kind === 'put' ? send.stream : ''));
    const [a, b, c] = await streams();
    expect(a).toMatch(/^a-r[a-z0-9]{7}$/);
    expect([a === b, c]).toEqual([false, 'a']);
    expect(await streams('pr-1')).toEqual(['a-pr-1', 'a-pr-1', 'a']);
  });

  it('wants to know whose stacks it is to use', async () => {
    const text = `checks: { a: ${RUN} }`;
    await expect(choose({ deploy: false }, text)).rejects.toThrow('it must be said whose stacks to use');
    expect(await names({ deploy: false, run: 'pr-1' }, text)).toEqual(['a']);
    await expect(choose({ run: 'pr-1' }, `checks: { a: ${CHECK} }`)).rejects.toThrow('there is no {run} in a.');
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseCheckFile } from '../../src/lib/e2e/check-file/parse-check-file.js';
import type { ReasonKind } from '../../src/lib/e2e/check-report.js';
import { failedReport } from './sample-reports.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/e2e.md', import.meta.url)), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);

/** Every key of a value, with the way to it; the items of a list are alike. */
function keysOf(value: unknown, way = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, `${way}[]`));
  // What was sent is the check's own.
  if (typeof value !== 'object' || value === null || way.endsWith('.payload')) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${way}.${key}`, ...keysOf(inner, `${way}.${key}`)]);
}

describe('docs/e2e.md', () => {
  it('has check files that the loader takes', () => {
    const whole = blocks('yaml').filter((block) => /^(send|hops):/m.test(block));
    expect(whole).toHaveLength(3);
    for (const text of whole) expect(parseCheckFile(text, '/project/orders/pipectl.yaml').checks).toHaveLength(1);
  });

  it('shows every key of the JSON of a run, and no other', () => {
    const [shown = ''] = blocks('json');
    const decoys = failedReport.decoys.map((decoy) => ({ ...decoy, passed: [{ hop: 'loaded', count: 1 }] }));
    const real = JSON.parse(JSON.stringify({ ...failedReport, pass: { number: 2, of: 3 }, decoys })) as unknown;
    expect([...new Set(keysOf(JSON.parse(shown)))].sort()).toEqual([...new Set(keysOf(real))].sort());
  });

  it('names every kind of reason', () => {
    const kinds: Record<ReasonKind, true> = {
      'nothing-sent': true,
      'not-sent': true,
      'not-warm': true,
      unread: true,
      interrupted: true,
      lost: true,
      late: true,
      unseen: true,
      duplicated: true,
      reordered: true,
      latency: true,
      'decoy-passed': true,
      'decoy-lost': true,
    };
    const sentence = /The `kind` of a reason is one of (.*?);/s.exec(page)?.[1] ?? '';
    expect([...sentence.matchAll(/`([\w-]+)`/g)].map(([, kind]) => kind).sort()).toEqual(Object.keys(kinds).sort());
  });
});

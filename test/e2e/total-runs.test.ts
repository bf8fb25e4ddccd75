import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { renderRuns } from '../../src/lib/e2e/reports/render-runs.js';
import { totalRuns } from '../../src/lib/e2e/reports/total-runs.js';
import { writeHtml } from '../../src/lib/e2e/reports/write-html.js';
import { writeJunit } from '../../src/lib/e2e/reports/write-junit.js';
import { writeMarkdown } from '../../src/lib/e2e/reports/write-markdown.js';
import { writeTap } from '../../src/lib/e2e/reports/write-tap.js';
import { failedReport, greenReport } from './sample-reports.js';

const nth = (report: CheckReport, number: number): CheckReport => ({ ...report, pass: { number, of: 3 } });
const nothing = {
  ...failedReport,
  hops: failedReport.hops.map((hop) => ({
    ...hop,
    sent: 0,
    arrived: 0,
    lost: 0,
    duplicatedHere: 0,
    fromSendingMs: undefined,
  })),
  send: { ...failedReport.send, sent: 0 },
};
const soak = [nth(greenReport, 1), nth(failedReport, 2), nth(nothing, 3)];
const view = { style: new Chalk({ level: 0 }), isTTY: false, width: 80 };

describe('a soak', () => {
  it('has totals over its runs, and the p95 of each', () => {
    expect(totalRuns([...soak, { ...greenReport, check: 'refunds' }])).toEqual([
      {
        ...{ check: 'orders', runs: 3, passed: 1, sent: 40, lost: 3, duplicated: 1, reordered: 0 },
        p95Ms: { logged: [12, 12, null], loaded: [12, 12, null] },
      },
    ]);
  });

  it('is a row a run and a row of totals in the terminal, after the runs that failed', () => {
    const text = renderRuns(soak, view);
    expect(text.match(/^orders, run \d of 3$/gm)).toEqual(['orders, run 2 of 3', 'orders, run 3 of 3']);
    expect(text.slice(text.indexOf('RUN '))).toBe(
      [
        'RUN    RESULT  SENT  LOST  DUPLICATED  REORDERED  P95 logged  P95 loaded',
        '1      passed    20     0           0          0       12 ms       12 ms',
        '2      failed    20     3           1          0       12 ms       12 ms',
        '3      failed     0     0           0          0           -           -',
        'total  1 of 3    40     3           1          0       12 ms       12 ms',
        '',
        'FAILED  2 of 3 runs of orders',
        '',
      ].join('\n'),
    );
    expect(renderRuns([nth(greenReport, 1), nth(greenReport, 2)], view)).toMatch(/\nPASSED {2}all 2 runs of orders\n$/);
    expect(renderRuns([greenReport], view)).not.toContain('RUN ');
  });

  it('is named once in the HTML, with its check, and each run by its number everywhere', () => {
    const page = writeHtml(soak);
    expect(page).toContain('<title>pipectl e2e: orders: 3 runs, 2 failed</title>');
    expect(page).toContain('<td>total</td><td>1 of 3</td><td>40</td>');
    expect(page).toMatch(/<summary>.*orders, run 3 of 3/);
    expect(writeJunit(soak)).toContain('<testsuite name="orders, run 2 of 3"');
    expect(writeTap(soak)).toContain('ok 1 - orders, run 1 of 3 - sent 20 events');
    expect(writeMarkdown(soak)).toContain('## orders: 3 runs\n\n| RUN | RESULT |');
    expect(writeMarkdown(soak)).toContain('## ❌ orders, run 2 of 3: ');
  });
});

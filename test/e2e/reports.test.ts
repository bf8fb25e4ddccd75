import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { githubAnnotations } from '../../src/lib/e2e/reports/github-annotations.js';
import { renderTerminal } from '../../src/lib/e2e/reports/render-terminal.js';
import { writeHtml } from '../../src/lib/e2e/reports/write-html.js';
import { writeJunit } from '../../src/lib/e2e/reports/write-junit.js';
import { writeMarkdown } from '../../src/lib/e2e/reports/write-markdown.js';
import { writeTap } from '../../src/lib/e2e/reports/write-tap.js';
import { failedReport, greenReport } from './sample-reports.js';

const plain = new Chalk({ level: 0 });

describe('the terminal', () => {
  it('shows a green run', () => {
    expect(renderTerminal(greenReport, plain)).toBe(`sent 20 ──▶ logged 20 ──▶ loaded 20

HOP     SENT  ARRIVED  LOST  DUPLICATED  REORDERED     P50    P95    P99    MAX  FROM BEFORE
logged    20       20     0           0          0  4.0 ms  12 ms  20 ms  20 ms       4.0 ms
loaded    20       20     0           0          0  4.0 ms  12 ms  20 ms  20 ms       4.0 ms

✓ decoy {"plain":"{marker}"}: 5 sent, 5 seen at logged, none further

PASSED  all 20 events arrived at every hop  on pipectl local 0.1.0, us-east-1, in 1.2 s
deploy orders 300 ms · send 400 ms
`);
  });

  it('shows a failed one, with why and what was found', () => {
    const text = renderTerminal(failedReport, plain);
    expect(text).toContain('logged 20 ──✗ 3 lost ──▶ loaded 17');
    expect(text).toContain('FAILED  the first hop that lost events: loaded  on LocalStack 4.14.0');
    expect(text).toContain('  ✗ loaded lost 3 of 20 events: not seen within 2.0 s.');
    expect(text).toContain('  → orders-loader failed 3 times');
    expect(text).toContain('      Error: the table is gone');
    expect(text).toContain('      #3 at loaded: {"id":"pe2eabcdefghije3z"}');
    expect(text).toContain('LocalStack 4.14.0 cannot show everything: shard limits are not enforced');
  });

  it('colours nothing but by the style it is given', () => {
    expect(renderTerminal(failedReport, plain)).not.toContain('\u001B');
    expect(renderTerminal(failedReport, new Chalk({ level: 1 }))).toContain('\u001B[31m');
  });
});

describe('JUnit', () => {
  it('puts every reason into exactly one case', () => {
    const xml = writeJunit([greenReport, failedReport]);
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
    expect(xml).toContain('tests="4" failures="0"');
    expect(xml).toContain('tests="4" failures="2"');
    expect(xml.match(/<failure /g)).toHaveLength(2);
    expect(xml).toContain('name="decoy {&quot;plain&quot;:&quot;{marker}&quot;} does not get past logged"');
  });
  it('escapes what XML cannot hold', () => {
    const xml = writeJunit([failedReport]);
    expect(xml).toContain('&lt;script&gt;');
    expect(xml).not.toContain('\u0007');
  });
});

describe('TAP', () => {
  it('numbers points through all runs', () => {
    const lines = writeTap([greenReport, failedReport]).split('\n');
    expect(lines.slice(0, 3)).toEqual(['TAP version 14', '1..8', 'ok 1 - orders - sent 20 events: put orders']);
    expect(lines).toContain('not ok 7 - orders - hop loaded: stream loaded');
    expect(lines).toContain('  message: "loaded lost 3 of 20 events: not seen within 2.0 s."');
  });
});

describe('Markdown', () => {
  it('tells the verdict, the hops, and fences evidence safely', () => {
    const text = writeMarkdown([failedReport]);
    expect(text).toContain('## ❌ orders: the first hop that lost events: **loaded**');
    expect(text).toContain('| loaded | `stream loaded` | 20 | 17 | 3 | 1 | 0 | 4.0 ms |');
    expect(text).toContain('````\nError: the table is gone');
    expect(text).toContain('orders-loader failed 3 times \\| \\`during\\` this run.');
    expect(writeMarkdown([greenReport])).toMatch(/^## ✅ orders: all 20 events arrived at every hop/);
  });
});

describe('HTML', () => {
  it('escapes what comes from outside', () => {
    const page = writeHtml([failedReport]);
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)');
  });
});

describe('GitHub annotations', () => {
  it('name the check file where it is in the workspace', () => {
    expect(githubAnnotations([greenReport], '/work')).toEqual([]);
    const lines = githubAnnotations([failedReport], '/work');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(
      '::error file=orders/pipectl.yaml,title=pipectl e2e orders::loaded lost 3 of 20 events: not seen within 2.0 s.%0Aorders-loader failed 3 times | `during` this run.',
    );
    expect(githubAnnotations([failedReport], '/elsewhere')[0]).toMatch(/^::error title=pipectl e2e orders::/);
  });
});

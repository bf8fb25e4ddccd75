import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { HopReport } from '../../src/lib/e2e/check-report.js';
import { githubAnnotations } from '../../src/lib/e2e/reports/github-annotations.js';
import { renderTerminal } from '../../src/lib/e2e/reports/render-terminal.js';
import { writeHtml } from '../../src/lib/e2e/reports/write-html.js';
import { writeJunit } from '../../src/lib/e2e/reports/write-junit.js';
import { writeMarkdown } from '../../src/lib/e2e/reports/write-markdown.js';
import { writeTap } from '../../src/lib/e2e/reports/write-tap.js';
import { failedReport, greenReport } from './sample-reports.js';

const plain = { style: new Chalk({ level: 0 }), isTTY: false, width: 80 };
const terminal = (width: number) => ({ ...plain, isTTY: true, width });

describe('the terminal', () => {
  it('shows a green run', () => {
    expect(renderTerminal(greenReport, plain)).toBe(`sent 20 ──▶ logged 20 ──▶ loaded 20

HOP     SENT  ARRIVED  LOST  DUPLICATED  REORDERED     P50    P95    P99    MAX  SINCE PREVIOUS
logged    20       20     0           0          0  4.0 ms  12 ms  20 ms  20 ms          4.0 ms
loaded    20       20     0           0          0  4.0 ms  12 ms  20 ms  20 ms          4.0 ms

✓ decoy {"plain":"{marker}"}: 5 sent, 5 seen at logged, none further

PASSED  all 20 events arrived at every hop  on pipectl local 0.1.0, us-east-1, in 1.2 s
deploy orders 300 ms · send 400 ms
`);
  });

  it('shows a failed one, with why and what was found', () => {
    const text = renderTerminal(failedReport, plain);
    expect(text).toContain('logged 20 ──✗ 3 lost ──▶ loaded 17');
    expect(text).toContain('FAILED  loaded lost 3 of 20 events  on LocalStack 4.14.0');
    expect(text).toContain('  ✗ loaded lost 3 of 20 events: not seen within 2.0 s.');
    expect(text).toContain('  → orders-loader failed 3 times');
    expect(text).toContain('      Error: the table is gone');
    expect(text).toContain('      #3 at loaded: {"id":"pe2eabcdefghije3z"}');
    expect(text).toContain('LocalStack 4.14.0 cannot show everything: shard limits are not enforced');
  });

  it('does not say that all arrived where some may be lost and were', () => {
    const { lostEvents, hops } = failedReport;
    const forgiven = { ...greenReport, lostEvents, hops };
    const words = '17 of 20 events arrived at every hop; no more were lost than may be; copies: loaded 1';
    expect(renderTerminal(forgiven, plain)).toContain(`PASSED  ${words}  on `);
    expect(writeMarkdown([forgiven])).toContain(`## ✅ orders: ${words}`);
  });

  it('says when the load that was asked for was not reached', () => {
    const send = { ...greenReport.send, wantedPerSecond: 3000, perSecond: 370.24 };
    const phases = [{ name: 'send', durationMs: 4000 }];
    expect(renderTerminal({ ...greenReport, send, phases }, plain)).toContain(
      'sent 370.2/s instead of 3000/s: events with the same key are sent one at a time',
    );
    // Too short to tell.
    expect(renderTerminal({ ...greenReport, send }, plain)).not.toContain('asked for');
  });

  it('colours nothing but by the style it is given', () => {
    expect(renderTerminal(failedReport, plain)).not.toContain('\u001B');
    expect(renderTerminal(failedReport, { ...plain, style: new Chalk({ level: 1 }) })).toContain('\u001B[31m');
  });
});

describe('hops that branch', () => {
  const [logged, loaded] = failedReport.hops as [HopReport, HopReport];
  const archived = { ...loaded, name: 'archived', after: 'logged', arrived: 20, lost: 0 };
  const direct = { ...archived, name: 'direct', after: undefined };
  const report = { ...failedReport, hops: [logged, loaded, archived, direct] };

  it('have a line each in the diagram, behind the hop that they come from', () => {
    expect(renderTerminal(report, plain).split('\n').slice(0, 4)).toEqual([
      'sent 20 ──▶ logged 20 ──✗ 3 lost ──▶ loaded 17',
      '    logged ──▶ archived 20',
      '    sent ──▶ direct 20',
      '',
    ]);
  });

  it('have a row each on the page', () => {
    const rows = writeHtml([report]).split('<div class="flow">').slice(1);
    expect(rows.map((row) => [...row.matchAll(/<span>(\w+)<\/span>/g)].map(([, name]) => name))).toEqual([
      ['sent', 'logged', 'loaded'],
      ['logged', 'archived'],
      ['sent', 'direct'],
    ]);
  });
});

describe('the terminal, narrow', () => {
  const long = ['received', 'enriched', 'filtered', 'aggregated', 'delivered'];
  const hops = long.map((name, index) => ({
    ...(failedReport.hops[1] as HopReport),
    ...{ name, after: long[index - 1] },
  }));
  const report = { ...failedReport, hops };

  it.each([80, 100, 200])('keeps the diagram and the table within %i columns', (width) => {
    const lines = renderTerminal(report, terminal(width)).split('\n');
    const table = lines.findIndex((line) => line.startsWith('HOP'));
    const shown = [...lines.slice(0, table + 1 + hops.length), ...lines.filter((line) => line.includes(' · '))];
    for (const line of shown) expect(line.length, line).toBeLessThanOrEqual(width);
    expect(lines[table]).toMatch(width < 100 ? /LOST +DUP +REORD +P50 +P95 +P99 +MAX +STEP$/ : /P99 +MAX/);
    expect(lines.slice(0, table).join(' ')).toContain('──▶ delivered 17');
  });

  it('is whole in a pipe', () => {
    expect(renderTerminal(report, plain)).toMatch(/^sent 20 .* delivered 17$/m);
  });

  it('lets nothing from outside act on the terminal', () => {
    const finding = { hop: 'a', weight: 'cause' as const, text: 'a\u001B[2Jb', evidence: ['x\u001B]0;title\u0007\ry'] };
    const verdict = { ...failedReport.verdict, findings: [finding] };
    const text = renderTerminal({ ...failedReport, verdict }, plain);
    for (const control of ['\u001B', '\u0007', '\r']) expect(text).not.toContain(control);
    expect(text).toContain('a\\u001b[2Jb');
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
  it('skips a hop that no event came to, and names the kind of each failure', () => {
    const [logged, loaded] = failedReport.hops as [HopReport, HopReport];
    const idle = { ...loaded, name: 'kept', sent: 0, arrived: 0, lost: 0, fromSendingMs: undefined };
    const report = { ...failedReport, hops: [logged, loaded, idle] };
    const xml = writeJunit([report]);
    expect(xml).toContain('tests="5" failures="2" errors="0" skipped="1"');
    expect(xml).toContain('<skipped message="no event came so far"/>');
    expect(xml).toContain('<failure type="lost" message="loaded lost 3 of 20 events');
    expect(writeTap([report])).toContain('ok 4 - orders - hop kept: stream loaded # SKIP no event came so far\n');
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
    expect(text).toContain('## ❌ orders: **loaded** lost 3 of 20 events');
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
  it('shows what would turn the direction of writing around, or be no character at all', () => {
    const report = { ...greenReport, check: 'a\u202Eb\u0000c' };
    for (const text of [writeHtml([report]), writeMarkdown([report])]) {
      expect(text).not.toMatch(/\p{Bidi_Control}/u);
      expect(text).toMatch(/a\\+u202eb\\+u0000c/);
    }
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

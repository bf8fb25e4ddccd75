import type { CheckReport } from '../check-report.js';
import { testCases } from './test-cases.js';
import { runName } from './total-runs.js';

/** JUnit's XML, as CI systems read it: a suite a run, a case for the sending, for each hop and for each decoy. */
export function writeJunit(reports: readonly CheckReport[]): string {
  const suites = reports.map((report) => {
    const cases = testCases(report);
    const failed = cases.filter(({ failures }) => failures.length > 0).length;
    const skipped = cases.filter((each) => each.failures.length === 0 && each.skipped !== undefined).length;
    const properties = [
      ['run', report.runId],
      ['endpoint', report.target.server],
      ['region', report.target.region],
    ].map(([name = '', value = '']) => `      <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>\n`);
    const body = cases.map(({ name, kind, failures, details, skipped: why, durationMs }) => {
      const open = `    <testcase classname="pipectl.${escapeXml(report.check)}" name="${escapeXml(name)}" time="${seconds(durationMs)}"`;
      const [first] = failures;
      if (first !== undefined) {
        const text = escapeXml([...failures, ...details].join('\n'));
        return `${open}>\n      <failure type="${kind}" message="${escapeXml(first)}">${text}</failure>\n    </testcase>\n`;
      }
      if (why === undefined) return `${open}/>\n`;
      return `${open}>\n      <skipped message="${escapeXml(why)}"/>\n    </testcase>\n`;
    });
    return (
      `  <testsuite name="${escapeXml(runName(report))}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${seconds(report.durationMs)}" timestamp="${report.startedAt}">\n` +
      `    <properties>\n${properties.join('')}    </properties>\n${body.join('')}  </testsuite>\n`
    );
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="pipectl e2e">\n${suites.join('')}</testsuites>\n`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** For text and attributes; control characters, which XML 1.0 cannot hold in any form, become U+FFFD. */
function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}

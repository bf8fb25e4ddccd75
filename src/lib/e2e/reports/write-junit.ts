import type { CheckReport } from '../check-report.js';
import { testCases } from './test-cases.js';

/** JUnit's XML, as CI systems read it: a suite a run, a case for the sending, for each hop and for each decoy. */
export function writeJunit(reports: readonly CheckReport[]): string {
  const suites = reports.map((report) => {
    const cases = testCases(report);
    const failed = cases.filter(({ failures }) => failures.length > 0).length;
    const seconds = (report.durationMs / 1000).toFixed(3);
    const properties = [
      ['run', report.runId],
      ['endpoint', report.target.server],
      ['region', report.target.region],
    ].map(([name = '', value = '']) => `      <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>\n`);
    const body = cases.map(({ name, failures, details }) => {
      const open = `    <testcase classname="pipectl.${escapeXml(report.check)}" name="${escapeXml(name)}"`;
      const [first] = failures;
      if (first === undefined) return `${open}/>\n`;
      const text = escapeXml([...failures, ...details].join('\n'));
      return `${open}>\n      <failure message="${escapeXml(first)}">${text}</failure>\n    </testcase>\n`;
    });
    return (
      `  <testsuite name="${escapeXml(report.check)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="0" time="${seconds}" timestamp="${report.startedAt}">\n` +
      `    <properties>\n${properties.join('')}    </properties>\n${body.join('')}  </testsuite>\n`
    );
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="pipectl e2e">\n${suites.join('')}</testsuites>\n`;
}

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

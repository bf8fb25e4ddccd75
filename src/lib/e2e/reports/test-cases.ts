import type { CheckReport, Reason } from '../check-report.js';

/** One statement about a run that holds or does not: what JUnit and TAP call a test. */
export interface TestCase {
  name: string;
  /** Why it does not hold; empty when it does. */
  failures: string[];
  /** What was found where it does not hold. */
  details: string[];
}

/** A run as statements: it was sent, each hop is sound, each decoy stays where it must. Every reason of the verdict is in exactly one of them. */
export function testCases(report: CheckReport): TestCase[] {
  const { verdict } = report;
  const left = new Set<Reason>(verdict.reasons);
  const take = (mine: (reason: Reason) => boolean): string[] => {
    const taken = [...left].filter(mine);
    for (const reason of taken) left.delete(reason);
    return taken.map((reason) => reason.text);
  };
  const decoys = report.decoys.map(
    (decoy): TestCase => ({
      name: `decoy ${decoy.payload} does not get past ${decoy.last ?? 'any hop'}`,
      failures: take(({ kind, text }) => kind.startsWith('decoy') && text.includes(decoy.payload)),
      details: [],
    }),
  );
  const hops = report.hops.map(
    (hop): TestCase => ({
      name: `hop ${hop.name}: ${hop.watched === '' ? 'sound' : hop.watched}`,
      failures: take((reason) => reason.hop === hop.name && !reason.kind.startsWith('decoy')),
      details: verdict.findings
        .filter((finding) => finding.hop === hop.name)
        .flatMap(({ text, evidence = [] }) => [text, ...evidence.map((line) => `  ${line}`)]),
    }),
  );
  const sending: TestCase = {
    name: `sent ${report.send.wanted} events: ${report.send.via}`,
    failures: take(() => true),
    details: [],
  };
  return [sending, ...hops, ...decoys];
}

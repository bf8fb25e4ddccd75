import type { CheckReport, Reason } from '../check-report.js';

/** One statement about a run that holds or does not: what JUnit and TAP call a test. */
export interface TestCase {
  name: string;
  /** What kind of reason comes first, where it does not hold. */
  kind?: Reason['kind'];
  /** Why it does not hold; empty when it does. */
  failures: string[];
  /** What was found where it does not hold. */
  details: string[];
  /** Why it could not be put to the test at all: nothing came so far. */
  skipped?: string;
  /** For a hop: until the last event was there. */
  durationMs: number;
}

/** A run as statements: it was sent, each hop is sound, each decoy stays where it must. Every reason of the verdict is in exactly one of them. */
export function testCases(report: CheckReport): TestCase[] {
  const { verdict } = report;
  const left = new Set<Reason>(verdict.reasons);
  const take = (mine: (reason: Reason) => boolean): { kind?: Reason['kind']; failures: string[] } => {
    const taken = [...left].filter(mine);
    for (const reason of taken) left.delete(reason);
    return { ...(taken[0] && { kind: taken[0].kind }), failures: taken.map((reason) => reason.text) };
  };
  const decoys = report.decoys.map(
    (decoy): TestCase => ({
      name: `decoy ${decoy.payload} does not get past ${decoy.last ?? 'any hop'}`,
      ...take(({ kind, text }) => kind.startsWith('decoy') && text.includes(decoy.payload)),
      details: [],
      durationMs: 0,
    }),
  );
  const hops = report.hops.map(
    (hop): TestCase => ({
      name: `hop ${hop.name}: ${hop.watched === '' ? 'sound' : hop.watched}`,
      ...take((reason) => reason.hop === hop.name && !reason.kind.startsWith('decoy')),
      ...(hop.sent === 0 && hop.arrived === 0 && { skipped: 'no event came so far' }),
      durationMs: hop.fromSendingMs?.max ?? 0,
      details: verdict.findings
        .filter((finding) => finding.hop === hop.name)
        .flatMap(({ text, evidence = [] }) => [text, ...evidence.map((line) => `  ${line}`)]),
    }),
  );
  const sending: TestCase = {
    name: `sent ${report.send.wanted} events: ${report.send.via}`,
    ...take(() => true),
    details: [],
    durationMs: report.phases.find(({ name }) => name === 'send')?.durationMs ?? 0,
  };
  return [sending, ...hops, ...decoys];
}

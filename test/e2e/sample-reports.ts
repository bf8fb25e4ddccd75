import type { CheckReport, HopReport } from '../../src/lib/e2e/check-report.js';

const latency = { p50: 4, p95: 12, p99: 20, max: 20, mean: 5 };
const hop = (name: string, changes: Partial<HopReport> = {}): HopReport => ({
  name,
  after: undefined,
  watched: `stream ${name}`,
  sent: 20,
  arrived: 20,
  lost: 0,
  unseen: 0,
  late: 0,
  failed: 0,
  duplicated: 0,
  duplicatedHere: 0,
  reordered: 0,
  fromSendingMs: latency,
  fromBeforeMs: latency,
  distribution: [
    { upToMs: 5, count: 15 },
    { upToMs: 10, count: 0 },
    { upToMs: 20, count: 5 },
  ],
  clock: 'service',
  ...changes,
});

export const greenReport: CheckReport = {
  check: 'orders',
  runId: 'abcdefghij',
  file: '/work/orders/pipectl.yaml',
  target: {
    kind: 'local',
    url: 'http://127.0.0.1:4566',
    region: 'us-east-1',
    server: 'pipectl local 0.1.0',
    caveats: [],
  },
  settled: { watchedMs: 260, quiet: 'known', pending: [] },
  startedAt: '2026-11-21T03:00:00.000Z',
  durationMs: 1234,
  phases: [
    { name: 'deploy orders', durationMs: 300 },
    { name: 'send', durationMs: 400 },
  ],
  send: { via: 'put orders', wanted: 20, sent: 20, failed: 0, wantedPerSecond: 50, perSecond: 49.8 },
  canaries: 1,
  hops: [hop('logged'), hop('loaded', { after: 'logged' })],
  decoys: [{ payload: '{"plain":"{marker}"}', last: 'logged', wanted: 5, sent: 5, seenAtLast: 5, passed: [] }],
  verdict: { green: true, reasons: [], firstLossyHop: undefined, findings: [] },
  lostEvents: [],
  foreignMarkers: 0,
  leftStanding: [],
};

/** Three events lost at the last hop, with text in it that must not become markup anywhere. */
export const failedReport: CheckReport = {
  ...greenReport,
  target: { ...greenReport.target, server: 'LocalStack 4.14.0', caveats: ['shard limits are not enforced'] },
  hops: [hop('logged'), hop('loaded', { after: 'logged', arrived: 17, lost: 3, duplicated: 1, duplicatedHere: 1 })],
  verdict: {
    green: false,
    reasons: [
      { kind: 'lost', hop: 'loaded', text: 'loaded lost 3 of 20 events: not seen within 2.0 s.' },
      {
        kind: 'decoy-lost',
        hop: 'logged',
        text: '1 of 5 decoys {"plain":"{marker}"} did not come to logged, so they prove nothing behind it.',
      },
    ],
    firstLossyHop: 'loaded',
    findings: [
      {
        hop: 'loaded',
        weight: 'cause',
        text: 'orders-loader failed 3 times | `during` this run.',
        evidence: ['Error: the table is gone', '<script>alert(1)</script> ``` & "\u0007'],
      },
      { hop: 'loaded', weight: 'hint', text: 'The mapping is Enabled.' },
    ],
  },
  lostEvents: [3, 4, 5].map((n) => ({
    n,
    marker: `pe2eabcdefghije${n}z`,
    payload: { id: `pe2eabcdefghije${n}z` },
    lostAt: 'loaded',
  })),
};

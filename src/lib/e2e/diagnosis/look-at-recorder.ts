import type { Finding } from '../check-report.js';
import type { Look } from './case.js';

/** At a recorder: what it refused, or that nobody came. */
export const lookAtRecorder: Look = async (edge, { session }) => {
  if (edge.to.kind !== 'http') return [];
  const recorder = session.recorders.get(edge.to.recorder);
  if (!recorder) return [];
  const findings: Finding[] = [];
  const byReason = new Map<string, { count: number; status: number; asked: boolean }>();
  for (const { why, status, asked } of recorder.refusals) {
    const known = byReason.get(why) ?? { count: 0, status, asked };
    byReason.set(why, { ...known, count: known.count + 1 });
  }
  for (const [why, { count, status }] of byReason) {
    const answered = status === 0 ? '' : ` with ${status}`;
    const requests = count === 1 ? '1 request' : `${count} requests`;
    findings.push({
      hop: edge.hop,
      weight: 'cause',
      text: `The recorder ${recorder.name} refused ${requests}${answered}: ${why}.`,
    });
  }
  if (recorder.taken === 0 && byReason.size === 0) {
    findings.push({
      hop: edge.hop,
      weight: 'hint',
      text: `Nothing has come to the recorder at ${recorder.url}: does the pipeline post there, and can it reach this machine (--recorder-host)?`,
    });
  }
  return findings;
};

import type { Finding } from '../check-report.js';
import type { Look } from './case.js';

/** At a recorder: what it refused in this run, or that nobody came. */
export const lookAtRecorder: Look = async (edge, { session, sinceMs }) => {
  if (edge.to.kind !== 'http') return [];
  const recorder = session.recorders.get(edge.to.recorder);
  if (recorder?.kind !== 'path') return [];
  const findings: Finding[] = [];
  const alike = new Map<string, { count: number; status: number; why: string }>();
  for (const { why, status, atMs } of recorder.refusals) {
    if (atMs < sinceMs) continue;
    const known = alike.get(`${status} ${why}`) ?? { count: 0, status, why };
    alike.set(`${status} ${why}`, { ...known, count: known.count + 1 });
  }
  for (const { why, count, status } of alike.values()) {
    const answered = status === 0 ? '' : ` with ${status}`;
    const requests = count === 1 ? '1 request' : `${count} requests`;
    findings.push({
      hop: edge.hop,
      weight: 'cause',
      text: `The recorder ${recorder.name} refused ${requests}${answered}: ${why}.`,
    });
  }
  if ((recorder.lastTakenAtMs ?? 0) < sinceMs && alike.size === 0) {
    findings.push({
      hop: edge.hop,
      weight: 'hint',
      text: `Nothing has come to the recorder at ${recorder.url}: does the pipeline post there, and can it reach this machine (--recorder-host)?`,
    });
  }
  return findings;
};

import type { Finding } from '../check-report.js';
import type { Look } from './case.js';

/** At the first hop: what the function that events are sent to answered. */
export const lookAtSender: Look = async (edge, { complaints }) =>
  edge.first ? complaintFindings(edge.hop, complaints, 'cause') : [];

/** What functions that were invoked said of their failures; worth knowing even where every event arrived. */
export function complaintFindings(hop: string, complaints: readonly string[], weight: Finding['weight']): Finding[] {
  const [first] = complaints;
  if (first === undefined) return [];
  const failed = complaints.length === 1 ? '1 invocation' : `${complaints.length} invocations`;
  return [{ hop, weight, text: `${failed} failed; the first: ${first}` }];
}

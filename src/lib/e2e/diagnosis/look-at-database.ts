import type { Finding } from '../check-report.js';
import type { Look } from './case.js';

const MOST_SHOWN = 3;

/** At a database: whether its server runs, and the errors that it answered during the run. */
export const lookAtDatabase: Look = async ({ hop, to }, { session, sinceMs }) => {
  if (to.kind !== 'rows') return [];
  const recorder = session.recorders.get(to.recorder);
  if (recorder?.kind !== 'postgres') return [];
  const findings: Finding[] = [];
  if (recorder.ended)
    findings.push({ hop, weight: 'cause', text: `The Postgres server of the recorder ${recorder.name} has ended.` });
  const errors = recorder.troubles.filter(({ atMs }) => atMs >= sinceMs).map(({ text }) => text);
  const [first] = errors;
  if (first === undefined) return findings;
  const times = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  const evidence = [...new Set(errors)].slice(0, MOST_SHOWN);
  return [
    ...findings,
    { hop, weight: 'cause', text: `Postgres answered ${times} during this run: ${first}.`, evidence },
  ];
};

import { functionNameIn } from '../arn-parts.js';
import type { Look } from './case.js';
import { findTrouble } from './function-trouble.js';

/** The functions on either side: what their logs say of failures. */
export const lookAtFunction: Look = async (edge, pipeline) => {
  const findings = [];
  for (const probe of [edge.from, edge.to]) {
    if (probe?.kind !== 'function') continue;
    const named = await pipeline.session.resolver.resolve(probe.functionName);
    findings.push(...(await findTrouble(edge.hop, functionNameIn(named) ?? named, pipeline)));
  }
  return findings;
};

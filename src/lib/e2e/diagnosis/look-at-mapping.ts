import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { functionNameIn } from '../arn-parts.js';
import type { Finding } from '../check-report.js';
import type { Case, Look } from './case.js';
import { eventSourceOf } from './event-source.js';
import { findTrouble } from './function-trouble.js';
import { listMappings } from './list-mappings.js';
import { lookAtCriteria } from './look-at-criteria.js';

/** Behind a stream or a table: the event source mappings that read it, how they fare, and what their functions' logs say. */
export const lookAtMapping: Look = async (edge, pipeline) => {
  const { clients } = pipeline.session.options;
  const { resolver } = pipeline.session;
  const source = edge.from && (await eventSourceOf(edge.from, resolver));
  if (!source) return [];
  // The stream that events are put into, watched as the first hop: nothing is between.
  if (edge.to.kind === 'stream' && (await eventSourceOf(edge.to, resolver))?.what === source.what) return [];
  const mappings = await listMappings(await clients.lambda(), source);
  if (mappings.length === 0) {
    // A program that is no function may read it, too.
    const weight = edge.to.kind === 'function' ? 'cause' : 'hint';
    return [{ hop: edge.hop, weight, text: `No event source mapping reads ${source.what}.` }];
  }
  const stream = edge.from?.kind === 'stream' ? await resolver.resolve(edge.from.stream) : undefined;
  const found = await Promise.all(mappings.map((mapping) => lookAt(edge.hop, mapping, stream, pipeline)));
  return found.flat();
};

async function lookAt(
  hop: string,
  mapping: EventSourceMappingConfiguration,
  stream: string | undefined,
  pipeline: Case,
): Promise<Finding[]> {
  const name = functionNameIn(mapping.FunctionArn) ?? mapping.FunctionArn ?? '(unknown)';
  const findings: Finding[] = [];
  if (mapping.State !== undefined && mapping.State !== 'Enabled') {
    findings.push({
      hop,
      weight: 'cause',
      text: `The event source mapping to ${name} is ${mapping.State}: ${mapping.StateTransitionReason ?? 'no reason is given'}.`,
    });
  }
  if (stream !== undefined) findings.push(...(await lookAtCriteria(hop, mapping, stream, pipeline)));
  const trouble = await findTrouble(hop, name, pipeline);
  findings.push(...trouble);
  const result = mapping.LastProcessingResult;
  if (result !== undefined && !/^(OK|No records processed)$/i.test(result))
    findings.push({
      hop,
      weight: trouble.length > 0 ? 'hint' : 'cause',
      text: `The mapping's last result is "${result}".`,
    });
  return findings;
}

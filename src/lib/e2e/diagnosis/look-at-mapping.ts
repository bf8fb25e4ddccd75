import type { EventSourceMappingConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import type { Finding } from '../check-report.js';
import type { Case, Look } from './case.js';
import { functionTrouble } from './function-trouble.js';

/** Behind a stream: the event source mappings that read it, how they fare, and what their functions' logs say. */
export const lookAtMapping: Look = async (edge, pipeline) => {
  if (edge.from?.kind !== 'stream' || edge.to.kind === 'stream') return [];
  const { clients } = pipeline.session.options;
  const lambda = await clients.lambda();
  const stream = await pipeline.session.resolver.resolve(edge.from.stream);
  const mappings = (await mappingsOf(lambda)).filter(
    ({ EventSourceArn: arn }) => arn === stream || arn?.endsWith(`:stream/${stream}`),
  );
  if (mappings.length === 0)
    return [{ hop: edge.hop, weight: 'cause', text: `No event source mapping reads the stream ${stream}.` }];
  const found = await Promise.all(mappings.map((mapping) => lookAt(edge.hop, mapping, pipeline)));
  return found.flat();
};

async function mappingsOf(lambda: LambdaClient): Promise<EventSourceMappingConfiguration[]> {
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda');
  const found: EventSourceMappingConfiguration[] = [];
  let marker: string | undefined;
  do {
    const page = await lambda.send(new ListEventSourceMappingsCommand({ Marker: marker }));
    found.push(...(page.EventSourceMappings ?? []));
    marker = page.NextMarker || undefined;
  } while (marker !== undefined);
  return found;
}

async function lookAt(hop: string, mapping: EventSourceMappingConfiguration, pipeline: Case): Promise<Finding[]> {
  const name = mapping.FunctionArn?.split(':function:')[1] ?? mapping.FunctionArn ?? '(unknown)';
  const findings: Finding[] = [];
  if (mapping.State !== undefined && mapping.State !== 'Enabled') {
    findings.push({
      hop,
      weight: 'cause',
      text: `The event source mapping to ${name} is ${mapping.State}: ${mapping.StateTransitionReason ?? 'no reason is given'}.`,
    });
  }
  const trouble = await functionTrouble(name, pipeline);
  if (trouble) {
    const { count, lines } = trouble;
    const times = count === 1 ? 'once' : `${count} times`;
    findings.push({ hop, weight: 'cause', text: `${name} failed ${times} during this run.`, evidence: lines });
  }
  const result = mapping.LastProcessingResult;
  if (result !== undefined && !/^(OK|No records processed)$/i.test(result))
    findings.push({ hop, weight: trouble ? 'hint' : 'cause', text: `The mapping's last result is "${result}".` });
  return findings;
}

import { functionNameIn } from '../arn-parts.js';
import type { Finding } from '../check-report.js';
import type { Session } from '../open-session.js';
import { logGroupName } from '../probes/log-group-name.js';
import type { ProbeSpec } from '../probes/probes.js';
import type { Case } from './case.js';
import { eventSourceOf } from './event-source.js';
import { findTrouble } from './function-trouble.js';
import { listMappings } from './list-mappings.js';

/** A function that events pass through, and the hop that it feeds. */
interface PathFunction {
  name: string;
  hop: string;
}

/**
 * Invocations that failed, of every function on the path: worth knowing in a verdict that passed, too, for a retry may have healed them.
 * What may not be looked at is left out.
 */
export async function failuresOnPath(pipeline: Case): Promise<Finding[]> {
  const functions = await functionsOnPath(pipeline.session);
  const { send } = pipeline.check;
  // What it answered is told already.
  const told = send.kind === 'invoke' && pipeline.complaints.length > 0 ? functions[0]?.name : undefined;
  const byName = new Map(functions.reverse().flatMap((each) => (each.name === told ? [] : [[each.name, each]])));
  const found = await Promise.all(
    [...byName.values()].reverse().map(({ name, hop }) => findTrouble(hop, name, pipeline).catch(() => [])),
  );
  // What is only logged as an error explains a loss at most.
  return found
    .flat()
    .flatMap((finding): Finding[] => (finding.weight === 'cause' ? [{ ...finding, weight: 'hint' }] : []));
}

/** The function that is invoked, those that are watched or whose log is, and those that mappings and subscription filters lead to. */
async function functionsOnPath(session: Session): Promise<PathFunction[]> {
  const { send, hops } = session.options.check;
  const found: PathFunction[] = [];
  const first = hops[0]?.name ?? '';
  if (send.kind === 'invoke') found.push(...(await named(session, send.functionName, first)));
  if (send.kind === 'put') found.push(...(await behind(session, { kind: 'stream', stream: send.stream }, first)));
  for (const { name, probe } of hops) {
    if (probe.kind === 'function') found.push(...(await named(session, probe.functionName, name)));
    if (probe.kind === 'log') {
      const writer = logGroupName(await session.resolver.resolve(probe.group)).split('/aws/lambda/')[1];
      if (writer !== undefined) found.push({ name: writer, hop: name });
    }
    found.push(...(await behind(session, probe, hops.find(({ after }) => after === name)?.name ?? name)));
  }
  return found;
}

async function named(session: Session, reference: string, hop: string): Promise<PathFunction[]> {
  const name = await session.resolver.resolve(reference);
  return [{ name: functionNameIn(name) ?? name, hop }];
}

/** The functions that read from what is watched. */
async function behind({ options, resolver }: Session, probe: ProbeSpec, hop: string): Promise<PathFunction[]> {
  const toPath = (arns: readonly (string | undefined)[]): PathFunction[] =>
    arns.flatMap((arn) => functionNameIn(arn) ?? []).map((name) => ({ name, hop }));
  const source = await eventSourceOf(probe, resolver);
  if (source) {
    const mappings = await listMappings(await options.clients.lambda(), source).catch(() => []);
    return toPath(mappings.map(({ FunctionArn: arn }) => arn));
  }
  if (probe.kind !== 'log') return [];
  const { DescribeSubscriptionFiltersCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const logs = await options.clients.logs();
  const group = logGroupName(await resolver.resolve(probe.group));
  const answer = await logs
    .send(new DescribeSubscriptionFiltersCommand({ logGroupName: group }))
    .catch(() => undefined);
  return toPath((answer?.subscriptionFilters ?? []).map(({ destinationArn }) => destinationArn));
}

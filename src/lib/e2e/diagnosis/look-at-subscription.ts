import type { CloudWatchLogsClient, SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { ProbeSpec } from '../../project/project-file.js';
import { parseFilterPattern } from '../../shared/filter-pattern/filter-pattern.js';
import { functionNameIn, streamNameIn } from '../arn-parts.js';
import type { Finding } from '../check-report.js';
import type { Resolver } from '../create-resolver.js';
import { findMarkers, type Marker } from '../marker.js';
import { logGroupName } from '../probes/log-group-name.js';
import type { Case, Edge, Look } from './case.js';
import { findTrouble } from './function-trouble.js';

/** Behind a log group: is there a subscription filter, where does it lead, and does its pattern match the very line? What of the function it leads to? */
export const lookAtSubscription: Look = async (edge, pipeline) => {
  if (edge.from?.kind !== 'log' || edge.to.kind === 'log') return [];
  const { clients } = pipeline.session.options;
  const { resolver } = pipeline.session;
  const logs = await clients.logs();
  const group = logGroupName(await resolver.resolve(edge.from.group));
  const wanted = await destinationOf(edge.to, resolver);

  const { DescribeSubscriptionFiltersCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const { subscriptionFilters = [] } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: group }));
  const direct = subscriptionFilters.filter(({ destinationArn: arn }) => {
    return wanted === undefined || wanted === streamNameIn(arn) || wanted === functionNameIn(arn);
  });
  const findings = direct.length === 0 ? noFilter(edge, group, subscriptionFilters) : [];
  // A function that a filter leads to may hand on to what is watched.
  const leading =
    direct.length > 0 ? direct : subscriptionFilters.filter(({ destinationArn: arn }) => functionNameIn(arn));
  const { missing, passedDecoys } = pipeline;
  const wasLost = missing.get(edge.hop);
  const lost = wasLost && leading.length > 0 ? await findLine(logs, group, pipeline, wasLost) : undefined;
  if (lost !== undefined) findings.push(...(await findUnmatched(edge.hop, logs, leading, lost)));
  const decoys = passedDecoys.get(edge.hop);
  const decoy = decoys && (await findLine(logs, group, pipeline, ({ kind, n }) => kind === 'decoy' && decoys.has(n)));
  if (decoy !== undefined) findings.push(...(await findMatched(edge.hop, logs, leading, decoy)));
  // The one that wrote the line may hand it on itself; those that filters lead to do.
  const functions = [
    group.split('/aws/lambda/')[1],
    ...leading.map(({ destinationArn }) => functionNameIn(destinationArn)),
  ];
  for (const name of new Set(functions))
    if (name !== undefined) findings.push(...(await findTrouble(edge.hop, name, pipeline)));
  if (findings.length === 0 && lost !== undefined && edge.to.kind === 'stream') {
    findings.push({
      hop: edge.hop,
      weight: 'hint',
      text: `The subscription filter matches the line that was lost, so it was lost on the way to the stream: does the role ${leading[0]?.roleArn ?? '(none)'} allow kinesis:PutRecord?`,
      evidence: [`line     ${lost.trimEnd()}`],
    });
  }
  return findings;
};

async function findUnmatched(
  hop: string,
  logs: CloudWatchLogsClient,
  filters: readonly SubscriptionFilter[],
  line: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { filterName, filterPattern = '' } of filters) {
    const why = await whyUnmatched(logs, filterPattern, line);
    if (why === undefined) continue;
    findings.push({
      hop,
      weight: 'cause',
      text: `The subscription filter ${filterName} does not match the line that was lost: ${why}.`,
      evidence: evidenceOf(filterPattern, line),
    });
  }
  return findings;
}

/** Of a decoy that came through: whose pattern lets it, or that none does and the endpoint minds none. */
async function findMatched(
  hop: string,
  logs: CloudWatchLogsClient,
  filters: readonly SubscriptionFilter[],
  line: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { filterName, filterPattern = '' } of filters) {
    if ((await whyUnmatched(logs, filterPattern, line)) !== undefined) continue;
    const text = `The subscription filter ${filterName} matches the decoy's line.`;
    findings.push({ hop, weight: 'cause', text, evidence: evidenceOf(filterPattern, line) });
  }
  if (findings.length > 0 || filters.length === 0) return findings;
  return [
    {
      hop,
      weight: 'cause',
      text: "No subscription filter matches the decoy's line, and it came through all the same: this endpoint does not go by the pattern.",
      evidence: evidenceOf(filters[0]?.filterPattern ?? '', line),
    },
  ];
}

const evidenceOf = (pattern: string, line: string): string[] => [`pattern  ${pattern}`, `line     ${line.trimEnd()}`];

/** A stream behind a log group is nearly always fed by a filter; a function may be invoked otherwise, and who posts to a recorder is not known. */
function noFilter(edge: Edge, group: string, others: readonly SubscriptionFilter[]): Finding[] {
  if (edge.to.kind === 'http') return [];
  const forwarded = others.some(({ destinationArn: arn }) => functionNameIn(arn) !== undefined);
  const elsewhere = others.map((filter) => `${filter.filterName} leads to ${filter.destinationArn}`).join('; ');
  const text = `No subscription filter of ${group} leads to the ${edge.to.kind}${elsewhere === '' ? '' : `: ${elsewhere}`}.`;
  return [{ hop: edge.hop, weight: edge.to.kind === 'stream' && !forwarded ? 'cause' : 'hint', text }];
}

/** The name of the stream or function that a filter must lead to; undefined where what is watched next is fed by something in between. */
async function destinationOf(to: ProbeSpec, resolver: Resolver): Promise<string | undefined> {
  if (to.kind === 'stream') {
    const stream = await resolver.resolve(to.stream);
    return streamNameIn(stream) ?? stream;
  }
  if (to.kind !== 'function') return undefined;
  const named = await resolver.resolve(to.functionName);
  return functionNameIn(named) ?? named;
}

/** The first log line of this run that has a marker of the kind asked for. */
async function findLine(
  logs: CloudWatchLogsClient,
  group: string,
  { runId, targetSinceMs }: Case,
  wanted: (marker: Marker) => boolean,
): Promise<string | undefined> {
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName: group, startTime: targetSinceMs - 5000, nextToken }),
    );
    for (const { message = '' } of page.events ?? []) if (findMarkers(message, runId).own.some(wanted)) return message;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

/** The service itself is asked; our own reading of the pattern tells which condition fails, and stands in where nobody can be asked. */
async function whyUnmatched(logs: CloudWatchLogsClient, pattern: string, line: string): Promise<string | undefined> {
  const { TestMetricFilterCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const message = line.trimEnd();
  const asked = await logs
    .send(new TestMetricFilterCommand({ filterPattern: pattern, logEventMessages: [message] }))
    .then((answer) => (answer.matches ?? []).length > 0)
    .catch(() => undefined);
  if (asked === true) return undefined;
  try {
    const why = parseFilterPattern(pattern).explain(message);
    return why ?? (asked === false ? 'CloudWatch Logs says so' : undefined);
  } catch (error) {
    return asked === false ? 'CloudWatch Logs says so' : `the pattern cannot be read: ${(error as Error).message}`;
  }
}

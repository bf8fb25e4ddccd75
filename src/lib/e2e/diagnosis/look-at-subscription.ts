import type { CloudWatchLogsClient, SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { ProbeSpec } from '../../project/project-file.js';
import { parseFilterPattern } from '../../shared/filter-pattern/filter-pattern.js';
import { functionNameIn, streamNameIn } from '../arn-parts.js';
import type { Finding } from '../check-report.js';
import type { Resolver } from '../create-resolver.js';
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
  const leading = subscriptionFilters.filter(({ destinationArn: arn }) => {
    return wanted === undefined || wanted === streamNameIn(arn) || wanted === functionNameIn(arn);
  });
  const findings = leading.length === 0 ? noFilter(edge, group, subscriptionFilters) : [];
  const line = leading.length === 0 ? undefined : await lostLine(logs, group, pipeline);
  const unmatched = line === undefined ? [] : await findUnmatched(logs, leading, line);
  findings.push(...unmatched.map((finding) => ({ hop: edge.hop, ...finding })));
  // The one that wrote the line may hand it on itself; those that filters lead to do.
  const functions = [
    group.split('/aws/lambda/')[1],
    ...leading.map(({ destinationArn }) => functionNameIn(destinationArn)),
  ];
  for (const name of new Set(functions))
    if (name !== undefined) findings.push(...(await findTrouble(edge.hop, name, pipeline)));
  if (findings.length === 0 && line !== undefined && edge.to.kind === 'stream') {
    findings.push({
      hop: edge.hop,
      weight: 'hint',
      text: `The subscription filter matches the line that was lost, so it was lost on the way to the stream: does the role ${leading[0]?.roleArn ?? '(none)'} allow kinesis:PutRecord?`,
      evidence: [`line     ${line.trimEnd()}`],
    });
  }
  return findings;
};

async function findUnmatched(
  logs: CloudWatchLogsClient,
  filters: readonly SubscriptionFilter[],
  line: string,
): Promise<Omit<Finding, 'hop'>[]> {
  const findings: Omit<Finding, 'hop'>[] = [];
  for (const { filterName, filterPattern = '' } of filters) {
    const why = await whyUnmatched(logs, filterPattern, line);
    if (why === undefined) continue;
    findings.push({
      weight: 'cause',
      text: `The subscription filter ${filterName} does not match the line that was lost: ${why}.`,
      evidence: [`pattern  ${filterPattern}`, `line     ${line.trimEnd()}`],
    });
  }
  return findings;
}

/** A stream behind a log group is nearly always fed by a filter; a function may be invoked otherwise, and who posts to a recorder is not known. */
function noFilter(edge: Edge, group: string, others: readonly SubscriptionFilter[]): Finding[] {
  if (edge.to.kind === 'http') return [];
  const elsewhere = others.map((filter) => `${filter.filterName} leads to ${filter.destinationArn}`).join('; ');
  const text = `No subscription filter of ${group} leads to the ${edge.to.kind}${elsewhere === '' ? '' : `: ${elsewhere}`}.`;
  return [{ hop: edge.hop, weight: edge.to.kind === 'stream' ? 'cause' : 'hint', text }];
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

/** The log line of the first lost event, or else any line with a marker of this run that is no decoy. */
async function lostLine(
  logs: CloudWatchLogsClient,
  group: string,
  { lostEvents, runId, sinceMs }: Case,
): Promise<string | undefined> {
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const wanted = lostEvents.length > 0 ? lostEvents.map((event) => event.marker) : [`pe2e${runId}c`];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName: group, startTime: sinceMs - 5000, nextToken }),
    );
    for (const { message = '' } of page.events ?? [])
      if (wanted.some((marker) => message.includes(marker))) return message;
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

import type { CloudWatchLogsClient, SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { parseFilterPattern } from '../../shared/filter-pattern/filter-pattern.js';
import type { Finding } from '../check-report.js';
import { logGroupName } from '../probes/log-group-name.js';
import type { Case, Edge, Look } from './case.js';

/** Between a log group and a stream: is there a subscription filter, where does it lead, and does its pattern match the very line? */
export const lookAtSubscription: Look = async (edge, pipeline) => {
  if (edge.from?.kind !== 'log' || edge.to.kind !== 'stream') return [];
  const { clients } = pipeline.session.options;
  const { resolver } = pipeline.session;
  const logs = await clients.logs();
  const group = logGroupName(await resolver.resolve(edge.from.group));
  const streamArn = await arnOf(await clients.kinesis(), await resolver.resolve(edge.to.stream));

  const { DescribeSubscriptionFiltersCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const { subscriptionFilters = [] } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: group }));
  const leading = subscriptionFilters.filter((filter) => filter.destinationArn === streamArn);
  if (leading.length === 0) return [noFilter(edge, group, subscriptionFilters)];

  const line = await lostLine(logs, group, pipeline);
  if (line === undefined) return [];
  const findings: Finding[] = [];
  for (const filter of leading) {
    const why = await whyUnmatched(logs, filter.filterPattern ?? '', line);
    if (why === undefined) continue;
    findings.push({
      hop: edge.hop,
      weight: 'cause',
      text: `The subscription filter ${filter.filterName} does not match the line that was lost: ${why}.`,
      evidence: [`pattern  ${filter.filterPattern}`, `line     ${line.trimEnd()}`],
    });
  }
  if (findings.length === 0) {
    findings.push({
      hop: edge.hop,
      weight: 'hint',
      text: `The subscription filter matches the line that was lost, so it was lost on the way to the stream: does the role ${leading[0]?.roleArn ?? '(none)'} allow kinesis:PutRecord?`,
      evidence: [`line     ${line.trimEnd()}`],
    });
  }
  return findings;
};

function noFilter(edge: Edge, group: string, others: readonly SubscriptionFilter[]): Finding {
  const elsewhere = others.map((filter) => `${filter.filterName} leads to ${filter.destinationArn}`).join('; ');
  const text = `No subscription filter of ${group} leads to the stream${elsewhere === '' ? '' : `: ${elsewhere}`}.`;
  return { hop: edge.hop, weight: 'cause', text };
}

async function arnOf(kinesis: KinesisClient, stream: string): Promise<string | undefined> {
  if (stream.startsWith('arn:')) return stream;
  const { DescribeStreamSummaryCommand } = await import('@aws-sdk/client-kinesis');
  const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
  return summary.StreamDescriptionSummary?.StreamARN;
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

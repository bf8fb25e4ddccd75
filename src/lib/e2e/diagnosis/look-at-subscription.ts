import type { SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import { functionNameIn, streamNameIn } from '../arn-parts.js';
import type { Finding } from '../check-report.js';
import type { Resolver } from '../create-resolver.js';
import type { Marker } from '../marker.js';
import { logGroupName } from '../probes/log-group-name.js';
import type { ProbeSpec } from '../probes/probes.js';
import type { Edge, Look } from './case.js';
import { findTrouble } from './function-trouble.js';
import { linesOf, type Trial, tryFilters } from './try-filters.js';

/** Behind a log group: is there a subscription filter, where does it lead, and does its pattern match the very line? What of the function it leads to? */
export const lookAtSubscription: Look = async (edge, pipeline) => {
  if (edge.from?.kind !== 'log') return [];
  const { clients } = pipeline.session.options;
  const { resolver } = pipeline.session;
  const logs = await clients.logs();
  const group = logGroupName(await resolver.resolve(edge.from.group));
  if (edge.to.kind === 'log' && logGroupName(await resolver.resolve(edge.to.group)) === group) return [];
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
  const lines = async (wanted: (marker: Marker) => boolean) =>
    tryFilters(logs, leading, await linesOf(logs, group, pipeline, wanted));
  const lost = wasLost ? await lines(wasLost) : [];
  findings.push(...unmatchedFindings(edge.hop, lost));
  const decoys = passedDecoys.get(edge.hop);
  if (decoys)
    findings.push(...passedFindings(edge.hop, await lines(({ kind, n }) => kind === 'decoy' && decoys.has(n))));
  // The one that wrote the line may hand it on itself; those that filters lead to do.
  const functions = [
    group.split('/aws/lambda/')[1],
    ...leading.map(({ destinationArn }) => functionNameIn(destinationArn)),
  ];
  for (const name of new Set(functions))
    if (name !== undefined) findings.push(...(await findTrouble(edge.hop, name, pipeline)));
  const [matched] = lost;
  if (findings.length === 0 && matched && edge.to.kind === 'stream') {
    findings.push({
      hop: edge.hop,
      weight: 'hint',
      text: `The subscription filter matches the line that was lost, so it was lost on the way to the stream: does the role ${matched.filter.roleArn ?? '(none)'} allow kinesis:PutRecord?`,
      evidence: [`line     ${matched.line}`],
    });
  }
  return findings;
};

const unmatchedFindings = (hop: string, trials: readonly Trial[]): Finding[] =>
  trials.flatMap((trial) =>
    trial.why === undefined
      ? []
      : [
          finding(
            hop,
            trial,
            `The subscription filter ${trial.filter.filterName} does not match the line that was lost: ${trial.why}.`,
          ),
        ],
  );

/** Of a decoy that came through: whose pattern lets it, or that none does and the endpoint minds none. */
function passedFindings(hop: string, trials: readonly Trial[]): Finding[] {
  const letting = trials.filter(({ why }) => why === undefined);
  if (letting.length > 0)
    return letting.map((trial) =>
      finding(hop, trial, `The subscription filter ${trial.filter.filterName} matches the decoy's line.`),
    );
  const text =
    "No subscription filter matches the decoy's line, and it came through all the same: this endpoint does not go by the pattern.";
  return trials.slice(0, 1).map((trial) => finding(hop, trial, text));
}

const finding = (hop: string, { filter, line }: Trial, text: string): Finding => ({
  hop,
  weight: 'cause',
  text,
  evidence: [`pattern  ${filter.filterPattern ?? ''}`, `line     ${line}`],
});

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

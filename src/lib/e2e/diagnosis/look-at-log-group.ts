import { logGroupName } from '../probes/log-group-name.js';
import type { Look } from './case.js';

/** Whether the log groups on either side exist. */
export const lookAtLogGroup: Look = async (edge, { session }) => {
  const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const logs = await session.options.clients.logs();
  const findings = [];
  for (const probe of [edge.from, edge.to]) {
    if (probe?.kind !== 'log') continue;
    const group = logGroupName(await session.resolver.resolve(probe.group));
    const page = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
    if (page.logGroups?.some(({ logGroupName: name }) => name === group)) continue;
    findings.push({
      hop: edge.hop,
      weight: 'cause' as const,
      text: `There is no log group ${group}; a function's log group appears with its first invocation.`,
    });
  }
  return findings;
};

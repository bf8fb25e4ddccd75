import type { Look } from './case.js';

/** What the local endpoint says of a resource that it only keeps. */
const WITHOUT_EFFECT = 'Kept without effect at this endpoint.';
const MOST_NAMED = 5;

/** In the check's stacks: resources that stand for nothing at this endpoint. If events take their way through one, they end there. */
export const lookAtInert: Look = async ({ hop }, { session, check }) => {
  const { clients } = session.options;
  const stacks = check.deploy.flatMap((step) => (step.kind === 'stack' ? [step.stack] : []));
  const { DescribeStackResourcesCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const kept: string[] = [];
  for (const StackName of stacks) {
    // A check may watch what other stacks deployed; then there is none of this name.
    const { StackResources = [] } = await client
      .send(new DescribeStackResourcesCommand({ StackName }))
      .catch(() => ({ StackResources: [] }));
    for (const { LogicalResourceId, ResourceType, ResourceStatusReason } of StackResources)
      if (ResourceStatusReason === WITHOUT_EFFECT) kept.push(`${LogicalResourceId} (${ResourceType})`);
  }
  if (kept.length === 0) return [];
  const named = kept.slice(0, MOST_NAMED).join(', ');
  const more = kept.length > MOST_NAMED ? ` and ${kept.length - MOST_NAMED} more` : '';
  return [
    {
      hop,
      weight: 'hint',
      text: `The local endpoint keeps ${named}${more} without effect: events that need one of them do not arrive.`,
    },
  ];
};

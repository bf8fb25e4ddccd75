import { defineOperation } from '../../../define-operation.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { PAGE_SIZE, page } from '../page.js';
import type { ServiceContext } from '../service-context.js';
import type { Stack, StackResource } from '../stack.js';
import { invalid } from '../validation-error.js';

/** DescribeStackResources gives no more, and no token. */
const MAX_DESCRIBED = 100;

/** The three ways to look at what a stack is made of. */
export const describeStackResource = defineOperation('cloudformation', 'DescribeStackResource').as({
  run(service: ServiceContext, input, context) {
    const stack = service.store(context).get(input.StackName ?? '', (name) => `Stack '${name}' does not exist`);
    const resource = stack.resources.get(input.LogicalResourceId ?? '');
    if (!resource) {
      throw invalid(`Resource ${input.LogicalResourceId} does not exist for stack ${input.StackName}`);
    }
    return {
      StackResourceDetail: {
        StackName: stack.name,
        StackId: stack.id,
        ...summary(resource),
        Metadata: resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata),
      },
    };
  },
});

export const describeStackResources = defineOperation('cloudformation', 'DescribeStackResources').as({
  run(service: ServiceContext, input, context) {
    const stack = input.PhysicalResourceId === undefined ? named(service, input.StackName, context) : undefined;
    const owner = stack ?? ownerOf(service, input.PhysicalResourceId ?? '', context);
    const wanted = input.LogicalResourceId;
    const resources = inOrder(owner).filter(({ logicalId }) => wanted === undefined || logicalId === wanted);
    return {
      StackResources: resources.slice(0, MAX_DESCRIBED).map((resource) => ({
        StackName: owner.name,
        StackId: owner.id,
        ...described(resource),
      })),
    };
  },
});

export const listStackResources = defineOperation('cloudformation', 'ListStackResources').as({
  run(service: ServiceContext, input, context) {
    const stack = service.store(context).get(input.StackName ?? '');
    const { items, next } = page(inOrder(stack), {
      of: `cloudformation.ListStackResources ${stack.id}`,
      keyOf: ({ logicalId }) => logicalId,
      token: input.NextToken,
      size: PAGE_SIZE,
    });
    return { StackResourceSummaries: items.map(summary), NextToken: next };
  },
});

function named(service: ServiceContext, name: string | undefined, context: OperationContext): Stack {
  if (name === undefined) throw invalid('Either StackName or PhysicalResourceId must be specified');
  return service.store(context).get(name);
}

function ownerOf(service: ServiceContext, physicalId: string, context: OperationContext): Stack {
  for (const stack of service.store(context).stacks.values()) {
    if (stack.status === 'DELETE_COMPLETE') continue;
    for (const resource of stack.resources.values()) if (resource.physicalId === physicalId) return stack;
  }
  throw invalid(`Stack for ${physicalId} does not exist`);
}

/** By logical id, as CloudFormation lists them. */
const inOrder = ({ resources }: Stack): StackResource[] =>
  [...resources.values()].sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));

const common = (resource: StackResource) => ({
  LogicalResourceId: resource.logicalId,
  PhysicalResourceId: resource.physicalId,
  ResourceType: resource.type,
  ResourceStatus: resource.status,
  ResourceStatusReason: resource.reason,
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' as const },
});
const summary = (resource: StackResource) => ({ ...common(resource), LastUpdatedTimestamp: resource.updatedAt });
const described = (resource: StackResource) => ({ ...common(resource), Timestamp: resource.updatedAt });

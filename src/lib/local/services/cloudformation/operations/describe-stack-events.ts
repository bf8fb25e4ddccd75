import type { Handler } from '../../../wire/handlers.js';
import { page } from '../page.js';
import type { ServiceContext } from '../service-context.js';

const PAGE_SIZE = 100;

/** Newest first. */
export function describeStackEvents(service: ServiceContext): Handler<'cloudformation', 'DescribeStackEvents'> {
  return (input, context) => {
    const stack = service.store(context).get(input.StackName ?? '', (name) => `Stack [${name}] does not exist`);
    const { items, next } = page([...stack.events].reverse(), input.NextToken, PAGE_SIZE);
    return {
      StackEvents: items.map((event) => ({
        StackId: stack.id,
        EventId: event.id,
        StackName: stack.name,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId ?? '',
        ResourceType: event.type,
        Timestamp: event.at,
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
        ResourceProperties: event.properties,
        ClientRequestToken: event.token,
      })),
      NextToken: next,
    };
  };
}

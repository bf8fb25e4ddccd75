import { defineOperation } from '../../../define-operation.js';
import { numberKey } from '../../../kit/page.js';
import { PAGE_SIZE, page } from '../page.js';
import type { ServiceContext } from '../service-context.js';

/** Newest first. */
export const describeStackEvents = defineOperation('cloudformation', 'DescribeStackEvents').as({
  run(service: ServiceContext, input, context) {
    const stack = service.store(context).get(input.StackName ?? '', (name) => `Stack [${name}] does not exist`);
    const { items, next } = page([...stack.events.entries()], {
      of: `cloudformation.DescribeStackEvents ${stack.id}`,
      keyOf: ([index]) => numberKey(index),
      token: input.NextToken,
      size: PAGE_SIZE,
      descending: true,
    });
    return {
      StackEvents: items.map(([, event]) => ({
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
  },
});

import type { LocalService, ServiceEnvironment } from '../../service.js';
import { changeSets } from './operations/change-sets.js';
import { createStack } from './operations/create-stack.js';
import { deleteStack } from './operations/delete-stack.js';
import { describeResources } from './operations/describe-resources.js';
import { describeStackEvents } from './operations/describe-stack-events.js';
import { describeStacks } from './operations/describe-stacks.js';
import { templateOperations } from './operations/get-template.js';
import { listExports } from './operations/list-exports.js';
import { listStacks } from './operations/list-stacks.js';
import { stackControl } from './operations/stack-control.js';
import { updateStack } from './operations/update-stack.js';
import { ServiceContext } from './service-context.js';

/** CloudFormation: templates become resources of the endpoint's other services, through the operations anyone else would call. */
export function createCloudFormation(environment: ServiceEnvironment): LocalService<'cloudformation'> {
  const service = new ServiceContext(environment);
  return {
    handlers: {
      CreateStack: createStack(service),
      UpdateStack: updateStack(service),
      DeleteStack: deleteStack(service),
      DescribeStacks: describeStacks(service),
      DescribeStackEvents: describeStackEvents(service),
      ListStacks: listStacks(service),
      ...describeResources(service),
      ...listExports(service),
      ...templateOperations(service),
      ...changeSets(service),
      ...stackControl(service),
    },
    close: () => service.close(),
  };
}

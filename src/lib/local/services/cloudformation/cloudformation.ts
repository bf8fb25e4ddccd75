import { defineService } from '../../define-service.js';
import { CLOUDFORMATION_GAPS } from './gaps.js';
import * as changeSets from './operations/change-sets.js';
import { createStack } from './operations/create-stack.js';
import { deleteStack } from './operations/delete-stack.js';
import * as describeResources from './operations/describe-resources.js';
import { describeStackEvents } from './operations/describe-stack-events.js';
import { describeStacks } from './operations/describe-stacks.js';
import * as templates from './operations/get-template.js';
import * as exports from './operations/list-exports.js';
import { listStacks } from './operations/list-stacks.js';
import * as stackControl from './operations/stack-control.js';
import { updateStack } from './operations/update-stack.js';
import { ServiceContext } from './service-context.js';

/** CloudFormation: templates become resources of the endpoint's other services, through the operations anyone else would call. */
export const cloudformation = defineService({
  id: 'cloudformation',
  title: 'CloudFormation',
  state: (environment) => new ServiceContext(environment),
  operations: [
    ...Object.values(changeSets),
    createStack,
    deleteStack,
    ...Object.values(describeResources),
    describeStackEvents,
    describeStacks,
    ...Object.values(templates),
    ...Object.values(exports),
    listStacks,
    ...Object.values(stackControl),
    updateStack,
  ],
  invalid: 'ValidationError',
  close: (service) => service.close(),
  gaps: CLOUDFORMATION_GAPS,
});

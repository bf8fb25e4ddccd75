import type { Stack as StackAnswer } from '@aws-sdk/client-cloudformation';
import { defineOperation } from '../../../define-operation.js';
import { numberKey } from '../../../kit/page.js';
import { PAGE_SIZE, page } from '../page.js';

import type { ServiceContext } from '../service-context.js';
import type { ParameterValue, Stack } from '../stack.js';
import type { StackStore } from '../stack-store.js';

/** One stack, deleted ones too where asked for by id; or every living one, newest first. */
export const describeStacks = defineOperation('cloudformation', 'DescribeStacks').as({
  run(service: ServiceContext, input, context) {
    const store = service.store(context);
    if (input.StackName !== undefined && input.StackName !== '')
      return { Stacks: [stackAnswer(store.get(input.StackName), store)] };
    const living = [...store.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
    const { items, next } = page(living, {
      of: 'cloudformation.DescribeStacks',
      keyOf: ({ serial }) => numberKey(serial),
      token: input.NextToken,
      size: PAGE_SIZE,
      descending: true,
    });
    return { Stacks: items.map((stack) => stackAnswer(stack, store)), NextToken: next };
  },
});

function stackAnswer(stack: Stack, store: StackStore): StackAnswer {
  const { definition } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(stack.changeSetId !== undefined && { ChangeSetId: stack.changeSetId }),
    Description: definition.template.description,
    Parameters: [...definition.parameters].map(([ParameterKey, value]) => ({
      ParameterKey,
      ...parameterAnswer(value),
    })),
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: definition.notificationArns,
    TimeoutInMinutes: stack.timeoutMinutes,
    Capabilities: definition.capabilities,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    ParentId: stack.parentId,
    RootId: store.ancestors(stack).at(-1)?.id,
    RoleARN: definition.roleArn,
    Tags: definition.tags,
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** NoEcho parameters are never shown. */
export const parameterAnswer = ({ given, resolved, noEcho }: ParameterValue) => ({
  ParameterValue: noEcho ? '****' : given,
  ...(resolved !== undefined && { ResolvedValue: noEcho ? '****' : resolved }),
});

import { defineOperation } from '../../../define-operation.js';
import { numberKey } from '../../../kit/page.js';
import { PAGE_SIZE, page } from '../page.js';

import type { ServiceContext } from '../service-context.js';

/** Every stack, deleted ones too, newest first; with a filter, those in the given states. */
export const listStacks = defineOperation('cloudformation', 'ListStacks').as({
  run(service: ServiceContext, input, context) {
    const states = input.StackStatusFilter ?? [];
    const store = service.store(context);
    const all = [...store.stacks.values()].filter(({ status }) => states.length === 0 || states.includes(status));
    const { items, next } = page(all, {
      of: 'cloudformation.ListStacks',
      keyOf: ({ serial }) => numberKey(serial),
      token: input.NextToken,
      size: PAGE_SIZE,
      descending: true,
    });
    return {
      StackSummaries: items.map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        ParentId: stack.parentId,
        RootId: store.ancestors(stack).at(-1)?.id,
        TemplateDescription: stack.definition.template.description,
        CreationTime: stack.createdAt,
        LastUpdatedTime: stack.updatedAt,
        DeletionTime: stack.deletedAt,
        StackStatus: stack.status,
        StackStatusReason: stack.reason,
        DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
      })),
      NextToken: next,
    };
  },
});

import type { Handler } from '../../../wire/handlers.js';
import { page } from '../page.js';
import type { ServiceContext } from '../service-context.js';

const PAGE_SIZE = 100;

/** Every stack, deleted ones too, newest first; with a filter, those in the given states. */
export function listStacks(service: ServiceContext): Handler<'cloudformation', 'ListStacks'> {
  return (input, context) => {
    const states = input.StackStatusFilter ?? [];
    const store = service.store(context);
    const all = [...store.stacks.values()].filter(({ status }) => states.length === 0 || states.includes(status));
    const { items, next } = page(all.reverse(), input.NextToken, PAGE_SIZE);
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
  };
}

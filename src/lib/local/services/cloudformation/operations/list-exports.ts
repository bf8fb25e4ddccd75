import { defineOperation } from '../../../define-operation.js';
import { PAGE_SIZE, page } from '../page.js';
import type { ServiceContext } from '../service-context.js';
import { invalid } from '../validation-error.js';

/** Exports of the region, and who uses one of them. */
export const listExports = defineOperation('cloudformation', 'ListExports').as({
  run(service: ServiceContext, input, context) {
    const all = [...service.store(context).exports()];
    const { items, next } = page(all, {
      of: 'cloudformation.ListExports',
      keyOf: ([name]) => name,
      token: input.NextToken,
      size: PAGE_SIZE,
    });
    return {
      Exports: items.map(([Name, { value, stack }]) => ({ ExportingStackId: stack.id, Name, Value: value })),
      NextToken: next,
    };
  },
});

export const listImports = defineOperation('cloudformation', 'ListImports').as({
  run(service: ServiceContext, input, context) {
    const importers = service.store(context).importers(input.ExportName);
    if (importers.length === 0) throw invalid(`Export '${input.ExportName}' is not imported by any stack.`);
    const { items, next } = page(importers, {
      of: `cloudformation.ListImports ${input.ExportName}`,
      keyOf: (name) => name,
      token: input.NextToken,
      size: PAGE_SIZE,
    });
    return { Imports: items, NextToken: next };
  },
});

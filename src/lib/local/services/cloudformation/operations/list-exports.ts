import type { Handlers } from '../../../wire/handlers.js';
import { page } from '../page.js';
import type { ServiceContext } from '../service-context.js';
import { invalid } from '../validation-error.js';

const PAGE_SIZE = 100;

/** Exports of the region, and who uses one of them. */
export function listExports(service: ServiceContext): Pick<Handlers<'cloudformation'>, 'ListExports' | 'ListImports'> {
  return {
    ListExports(input, context) {
      const all = [...service.store(context).exports()];
      const { items, next } = page(all, input.NextToken, PAGE_SIZE);
      return {
        Exports: items.map(([Name, { value, stack }]) => ({ ExportingStackId: stack.id, Name, Value: value })),
        NextToken: next,
      };
    },
    ListImports(input, context) {
      const importers = service.store(context).importers(input.ExportName);
      if (importers.length === 0) throw invalid(`Export '${input.ExportName}' is not imported by any stack.`);
      const { items, next } = page(importers, input.NextToken, PAGE_SIZE);
      return { Imports: items, NextToken: next };
    },
  };
}

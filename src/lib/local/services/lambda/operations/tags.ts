import { defineOperation } from '../../../define-operation.js';
import { addTags, type Tags } from '../../../kit/tags.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { textMap } from '../function-settings.js';
import { invalidParameter, notFound } from '../lambda-error.js';
import type { LambdaService } from '../lambda-service.js';
import { findFunction } from '../lambda-store.js';
import { TAG_RULES } from '../tag-rules.js';

const MAPPING_ARN = /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:event-source-mapping:([0-9a-f-]{36})$/;

/** The tags of what an ARN names: a function, or an event source mapping. */
function tagsOf(service: LambdaService, arn: string, context: OperationContext): Tags {
  const uuid = MAPPING_ARN.exec(arn)?.[1];
  if (uuid !== undefined) {
    const mapping = service.mappings.in(context.region).get(uuid);
    if (!mapping) throw notFound('The resource you requested does not exist.');
    return mapping.tags;
  }
  if (!/^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]+$/.test(arn)) {
    throw invalidParameter(
      `Tags on function aliases and versions are not supported. Please specify either a function ARN or an event source mapping ARN: ${arn}`,
    );
  }
  return findFunction(service, arn, context).tags;
}

export const listTags = defineOperation('lambda', 'ListTags').as({
  run: (service: LambdaService, input, context) => ({
    Tags: Object.fromEntries(tagsOf(service, input.Resource, context)),
  }),
});

export const tagResource = defineOperation('lambda', 'TagResource').as({
  run(service: LambdaService, input, context) {
    addTags(tagsOf(service, input.Resource, context), textMap(input.Tags), TAG_RULES);
    return {};
  },
});

export const untagResource = defineOperation('lambda', 'UntagResource').as({
  run(service: LambdaService, input, context) {
    const tags = tagsOf(service, input.Resource, context);
    for (const key of input.TagKeys) tags.delete(key);
    return {};
  },
});

import type { Handler, OperationContext } from '../../wire/handlers.js';
import { textMap } from './function-settings.js';
import { invalidParameter, notFound } from './lambda-error.js';
import { findFunction, type LambdaStore } from './lambda-store.js';

const MOST_TAGS = 50;
const MAPPING_ARN = /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:event-source-mapping:([0-9a-f-]{36})$/;

/** The tags of what an ARN names: a function, or an event source mapping. */
export type TagsOf = (arn: string, context: OperationContext) => Map<string, string>;

export function createTagsOf(
  store: LambdaStore,
  mappingTags: (uuid: string, context: OperationContext) => Map<string, string> | undefined,
): TagsOf {
  return (arn, context) => {
    const uuid = MAPPING_ARN.exec(arn)?.[1];
    if (uuid !== undefined) {
      const tags = mappingTags(uuid, context);
      if (!tags) throw notFound('The resource you requested does not exist.');
      return tags;
    }
    if (!/^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]+$/.test(arn)) {
      throw invalidParameter(
        `Tags on function aliases and versions are not supported. Please specify either a function ARN or an event source mapping ARN: ${arn}`,
      );
    }
    return findFunction(store, arn, context).tags;
  };
}

export const listTags =
  (tagsOf: TagsOf): Handler<'lambda', 'ListTags'> =>
  (input, context) => ({ Tags: Object.fromEntries(tagsOf(input.Resource, context)) });

export const tagResource =
  (tagsOf: TagsOf): Handler<'lambda', 'TagResource'> =>
  (input, context) => {
    const tags = tagsOf(input.Resource, context);
    const given = Object.entries(textMap(input.Tags));
    for (const [key, value] of given) {
      if (key.length === 0 || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) {
        throw invalidParameter(
          `The tag "${key}" is not valid: keys have 1 to 128 characters and do not begin with aws:, values at most 256.`,
        );
      }
    }
    if (new Set([...tags.keys(), ...given.map(([key]) => key)]).size > MOST_TAGS) {
      throw invalidParameter(`Total number of tags on the resource must not exceed ${MOST_TAGS}.`);
    }
    for (const [key, value] of given) tags.set(key, value);
    return {};
  };

export const untagResource =
  (tagsOf: TagsOf): Handler<'lambda', 'UntagResource'> =>
  (input, context) => {
    const tags = tagsOf(input.Resource, context);
    for (const key of input.TagKeys) tags.delete(key);
    return {};
  };

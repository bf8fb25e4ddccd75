import type { Tag, UpdateRequest } from './resource-type.js';

interface Tagged {
  stackTags: readonly Tag[];
  properties: { Tags?: Tag[] };
}

/** A resource's tags: its own over the stack's, as CloudFormation hands them on. */
export const allTags = (request: Tagged): Tag[] =>
  Object.entries(tagMap(request)).map(([Key, Value]) => ({ Key, Value }));

/** The same as a map, as Kinesis, Lambda and CloudWatch Logs take tags. */
export const tagMap = ({ stackTags, properties }: Tagged): Record<string, string> =>
  Object.fromEntries([...stackTags, ...(properties.Tags ?? [])].map(({ Key, Value }) => [Key, Value]));

/** What an update does to a resource's tags: those to set, and the names of those to remove. */
export function tagChanges(request: UpdateRequest<{ Tags?: Tag[] }>): {
  add: Record<string, string>;
  remove: string[];
} {
  const before = tagMap({ stackTags: request.previousStackTags, properties: request.previous });
  const after = tagMap(request);
  return {
    add: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
    remove: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  };
}

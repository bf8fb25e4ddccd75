import type { Tag, UpdateRequest } from './resource-type.js';

/** Some types leave a tag's value out. */
interface TaggedProperties {
  Tags?: { Key: string; Value?: string }[];
}

interface Tagged {
  stackTags: readonly Tag[];
  properties: TaggedProperties;
}

/** A resource's tags: its own over the stack's, as CloudFormation hands them on. Undefined when there are none: services refuse empty lists. */
export function tagList(request: Tagged): Tag[] | undefined {
  const tags = Object.entries(merged(request)).map(([Key, Value]) => ({ Key, Value }));
  return tags.length > 0 ? tags : undefined;
}

/** The same as a map, as Kinesis, Lambda and CloudWatch Logs take tags. */
export function tagMap(request: Tagged): Record<string, string> | undefined {
  const tags = merged(request);
  return Object.keys(tags).length > 0 ? tags : undefined;
}

const merged = ({ stackTags, properties }: Tagged): Record<string, string> =>
  Object.fromEntries([...stackTags, ...(properties.Tags ?? [])].map(({ Key, Value }) => [Key, Value ?? '']));

/** What an update does to a resource's tags: those to set, and the names of those to remove. */
export function tagChanges(request: UpdateRequest<TaggedProperties>): {
  add: Record<string, string>;
  remove: string[];
} {
  const before = merged({ stackTags: request.previousStackTags, properties: request.previous });
  const after = merged(request);
  return {
    add: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
    // No service takes a tag of AWS's own; an update that asked for one has failed, and its rollback has nothing to remove.
    remove: Object.keys(before).filter((key) => !Object.hasOwn(after, key) && !key.startsWith('aws:')),
  };
}

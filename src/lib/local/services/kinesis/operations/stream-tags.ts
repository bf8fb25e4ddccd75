import { defineOperation } from '../../../define-operation.js';
import { addTags, removeTags } from '../../../kit/tags.js';
// Tags of a stream by its name: the older of the two tagging interfaces.
import type { Constraints } from '../../../wire/validate.js';
import { ONE_STREAM, TAG_KEY, TAG_KEYS, TAG_MAP } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { requireTaggable, tagRules } from '../tags.js';

const ADD: Constraints = { ...ONE_STREAM, Tags: TAG_MAP };
const REMOVE: Constraints = { ...ONE_STREAM, TagKeys: TAG_KEYS };
const LIST: Constraints = {
  ...ONE_STREAM,
  ExclusiveStartTagKey: TAG_KEY,
  Limit: { range: [1, 50] },
};

/** AddTagsToStream. */
export const addTagsToStream = defineOperation('kinesis', 'AddTagsToStream').as({
  constraints: ADD,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireTaggable(stream, context);
    addTags(stream.tags, input.Tags, tagRules('add tags to', stream.name, context.accountId));
    return {};
  },
});

/** RemoveTagsFromStream: keys that are not there are ignored. */
export const removeTagsFromStream = defineOperation('kinesis', 'RemoveTagsFromStream').as({
  constraints: REMOVE,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireTaggable(stream, context);
    removeTags(stream.tags, input.TagKeys, tagRules('remove tags from', stream.name, context.accountId));
    return {};
  },
});

/** ListTagsForStream: in the order of their keys, a page of up to 50. */
export const listTagsForStream = defineOperation('kinesis', 'ListTagsForStream').as({
  constraints: LIST,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    const keys = [...stream.tags.keys()].filter((key) => key > (input.ExclusiveStartTagKey ?? '')).sort();
    const page = keys.slice(0, input.Limit ?? 50);
    return {
      Tags: page.map((key) => ({ Key: key, Value: stream.tags.get(key) ?? '' })),
      HasMoreTags: page.length < keys.length,
    };
  },
});

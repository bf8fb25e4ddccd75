// Tags of a stream by its name: the older of the two tagging interfaces.
import type { Handler } from '../../../wire/handlers.js';
import { type Constraints, validate } from '../../../wire/validate.js';
import { ONE_STREAM, TAG_KEY, TAG_KEYS, TAG_MAP } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { addTags, removeTags, requireTaggable } from '../tags.js';

const ADD: Constraints = { ...ONE_STREAM, Tags: TAG_MAP };
const REMOVE: Constraints = { ...ONE_STREAM, TagKeys: TAG_KEYS };
const LIST: Constraints = {
  ...ONE_STREAM,
  ExclusiveStartTagKey: TAG_KEY,
  Limit: { range: [1, 50] },
};

/** AddTagsToStream. */
export const addTagsToStream =
  (state: KinesisState): Handler<'kinesis', 'AddTagsToStream'> =>
  (input, context) => {
    validate(input, ADD);
    const stream = state.stream(input, context);
    requireTaggable(stream, context);
    addTags(stream.tags, input.Tags, stream.name, context.accountId);
    return {};
  };

/** RemoveTagsFromStream: keys that are not there are ignored. */
export const removeTagsFromStream =
  (state: KinesisState): Handler<'kinesis', 'RemoveTagsFromStream'> =>
  (input, context) => {
    validate(input, REMOVE);
    const stream = state.stream(input, context);
    requireTaggable(stream, context);
    removeTags(stream.tags, input.TagKeys, stream.name, context.accountId);
    return {};
  };

/** ListTagsForStream: in the order of their keys, a page of up to 50. */
export const listTagsForStream =
  (state: KinesisState): Handler<'kinesis', 'ListTagsForStream'> =>
  (input, context) => {
    validate(input, LIST);
    const stream = state.stream(input, context);
    const keys = [...stream.tags.keys()].filter((key) => key > (input.ExclusiveStartTagKey ?? '')).sort();
    const page = keys.slice(0, input.Limit ?? 50);
    return {
      Tags: page.map((key) => ({ Key: key, Value: stream.tags.get(key) ?? '' })),
      HasMoreTags: page.length < keys.length,
    };
  };

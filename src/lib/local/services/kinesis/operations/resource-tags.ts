// Tags of a stream or a consumer by its ARN.
import type { Handler } from '../../../wire/handlers.js';
import { type Constraints, validate } from '../../../wire/validate.js';
import { ONE_RESOURCE, TAG_KEYS, TAG_MAP } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { resourceByArn } from '../resource.js';
import { addTags, removeTags, requireTaggable } from '../tags.js';

const TAG: Constraints = { ...ONE_RESOURCE, Tags: TAG_MAP };
const UNTAG: Constraints = { ...ONE_RESOURCE, TagKeys: TAG_KEYS };

/** TagResource. */
export const tagResource =
  (state: KinesisState): Handler<'kinesis', 'TagResource'> =>
  (input, context) => {
    validate(input, TAG);
    const resource = resourceByArn(state, input.ResourceARN, context);
    requireTaggable(resource, context);
    addTags(resource.tags, input.Tags, resource.name, context.accountId);
    return {};
  };

/** UntagResource. */
export const untagResource =
  (state: KinesisState): Handler<'kinesis', 'UntagResource'> =>
  (input, context) => {
    validate(input, UNTAG);
    const resource = resourceByArn(state, input.ResourceARN, context);
    requireTaggable(resource, context);
    removeTags(resource.tags, input.TagKeys, resource.name, context.accountId);
    return {};
  };

/** ListTagsForResource. */
export const listTagsForResource =
  (state: KinesisState): Handler<'kinesis', 'ListTagsForResource'> =>
  (input, context) => {
    validate(input, ONE_RESOURCE);
    const { tags } = resourceByArn(state, input.ResourceARN, context);
    return { Tags: [...tags.keys()].sort().map((key) => ({ Key: key, Value: tags.get(key) ?? '' })) };
  };

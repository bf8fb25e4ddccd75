import { defineOperation } from '../../../define-operation.js';
import { addTags, removeTags } from '../../../kit/tags.js';
// Tags of a stream or a consumer by its ARN.
import type { Constraints } from '../../../wire/validate.js';
import { ONE_RESOURCE, TAG_KEYS, TAG_MAP } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { resourceByArn } from '../resource.js';
import { requireTaggable, tagRules } from '../tags.js';

const TAG: Constraints = { ...ONE_RESOURCE, Tags: TAG_MAP };
const UNTAG: Constraints = { ...ONE_RESOURCE, TagKeys: TAG_KEYS };

/** TagResource. */
export const tagResource = defineOperation('kinesis', 'TagResource').as({
  constraints: TAG,
  run(state: KinesisState, input, context) {
    const resource = resourceByArn(state, input.ResourceARN, context);
    requireTaggable(resource, context);
    addTags(resource.tags, input.Tags, tagRules('add tags to', resource.name, context.accountId));
    return {};
  },
});

/** UntagResource. */
export const untagResource = defineOperation('kinesis', 'UntagResource').as({
  constraints: UNTAG,
  run(state: KinesisState, input, context) {
    const resource = resourceByArn(state, input.ResourceARN, context);
    requireTaggable(resource, context);
    removeTags(resource.tags, input.TagKeys, tagRules('remove tags from', resource.name, context.accountId));
    return {};
  },
});

/** ListTagsForResource. */
export const listTagsForResource = defineOperation('kinesis', 'ListTagsForResource').as({
  constraints: ONE_RESOURCE,
  run(state: KinesisState, input, context) {
    const { tags } = resourceByArn(state, input.ResourceARN, context);
    return { Tags: [...tags.keys()].sort().map((key) => ({ Key: key, Value: tags.get(key) ?? '' })) };
  },
});

import { defineOperation } from '../../../define-operation.js';
import { addTags, removeTags, tagList } from '../../../kit/tags.js';
import type { AnalyticsState } from '../analytics-state.js';
import { TAG_RULES } from '../tag-rules.js';

export const tagResource = defineOperation('kinesis-analytics-v2', 'TagResource').as({
  run(state: AnalyticsState, { ResourceARN: arn, Tags: tags }, context) {
    addTags(state.findByArn(arn, context).tags, tags, TAG_RULES);
    return {};
  },
});

export const untagResource = defineOperation('kinesis-analytics-v2', 'UntagResource').as({
  run(state: AnalyticsState, { ResourceARN: arn, TagKeys: keys }, context) {
    removeTags(state.findByArn(arn, context).tags, keys, TAG_RULES);
    return {};
  },
});

export const listTagsForResource = defineOperation('kinesis-analytics-v2', 'ListTagsForResource').as({
  run: (state: AnalyticsState, { ResourceARN: arn }, context) => ({
    Tags: tagList(state.findByArn(arn, context).tags),
  }),
});

import { defineOperation } from '../../../define-operation.js';
import { addTags, removeTags, tagList } from '../../../kit/tags.js';
import type { FirehoseState } from '../firehose-state.js';
import { TAG_RULES } from '../tag-rules.js';

export const tagDeliveryStream = defineOperation('firehose', 'TagDeliveryStream').as({
  constraints: { Tags: { min: 1, max: 50 } },
  run(state: FirehoseState, { DeliveryStreamName: name, Tags }, context) {
    addTags(state.stream(name, context).tags, Tags, TAG_RULES);
    return {};
  },
});

export const untagDeliveryStream = defineOperation('firehose', 'UntagDeliveryStream').as({
  constraints: { TagKeys: { min: 1, max: 50 } },
  run(state: FirehoseState, { DeliveryStreamName: name, TagKeys }, context) {
    removeTags(state.stream(name, context).tags, TagKeys, TAG_RULES);
    return {};
  },
});

export const listTagsForDeliveryStream = defineOperation('firehose', 'ListTagsForDeliveryStream').as({
  constraints: { Limit: { range: [1, 50] } },
  run(state: FirehoseState, { DeliveryStreamName: name, ExclusiveStartTagKey: after, Limit = 50 }, context) {
    const all = tagList(state.stream(name, context).tags).sort((a, b) => (a.Key < b.Key ? -1 : 1));
    const rest = after === undefined ? all : all.filter(({ Key }) => Key > after);
    return { Tags: rest.slice(0, Limit), HasMoreTags: rest.length > Limit };
  },
});

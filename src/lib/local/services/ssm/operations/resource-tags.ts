import { defineOperation } from '../../../define-operation.js';
import { addTags, tagList } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Parameter, SsmState } from '../ssm-state.js';
import { TAG_RULES } from '../tag-rules.js';

/** @throws AwsError InvalidResourceId; of all the types that have tags on AWS, parameters alone are here */
function parameterOf(state: SsmState, region: string, { ResourceType, ResourceId }: Tagged): Parameter {
  const parameter = ResourceType === 'Parameter' ? state.in(region).get(ResourceId) : undefined;
  if (!parameter) {
    throw new AwsError(
      'InvalidResourceId',
      'The resource ID is not valid. Verify that you entered the correct ID and try again.',
    );
  }
  return parameter;
}

interface Tagged {
  ResourceType: string | undefined;
  ResourceId: string;
}

export const addTagsToResource = defineOperation('ssm', 'AddTagsToResource').as({
  constraints: { Tags: { max: 1000 } },
  run(state: SsmState, input, { region }) {
    addTags(parameterOf(state, region, input).tags, input.Tags, TAG_RULES);
    return {};
  },
});

export const removeTagsFromResource = defineOperation('ssm', 'RemoveTagsFromResource').as({
  run(state: SsmState, input, { region }) {
    const { tags } = parameterOf(state, region, input);
    for (const key of input.TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsForResource = defineOperation('ssm', 'ListTagsForResource').as({
  run: (state: SsmState, input, { region }) => ({ TagList: tagList(parameterOf(state, region, input).tags) }),
});

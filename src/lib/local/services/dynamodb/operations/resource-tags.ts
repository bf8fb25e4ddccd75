import { defineOperation } from '../../../define-operation.js';
import { parseArn } from '../../../kit/arn.js';
import { pager } from '../../../kit/page.js';
import { addTags, tagList } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import type { Table } from '../table.js';
import { TAG_RULES } from '../tag-rules.js';

const PAGE_SIZE = 10;
const page = pager(() => invalid('Invalid NextToken'));

/** @throws AwsError ValidationException for what is no table's ARN, ResourceNotFoundException for a table that is not there */
function tableOf(state: DynamoDbState, arn: string, context: OperationContext): Table {
  const { service, resource } = parseArn(arn) ?? {};
  if (service !== 'dynamodb' || !resource?.startsWith('table/')) {
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  }
  const table = state.tables(context.region).get(resource.slice('table/'.length));
  if (table?.arn === arn) return table;
  throw new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: ResourcArn: ${arn} not found`, // AWS writes it so
  );
}

export const tagResource = defineOperation('dynamodb', 'TagResource').as({
  run(state: DynamoDbState, input, context) {
    const { tags } = tableOf(state, input.ResourceArn, context);
    if (input.Tags.length === 0) throw invalid('Atleast one Tag needs to be provided as Input.');
    addTags(tags, input.Tags, TAG_RULES);
    return {};
  },
});

export const untagResource = defineOperation('dynamodb', 'UntagResource').as({
  run(state: DynamoDbState, input, context) {
    const { tags } = tableOf(state, input.ResourceArn, context);
    if (input.TagKeys.length === 0) throw invalid('Atleast one Tag Key needs to be provided as Input.');
    for (const key of input.TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsOfResource = defineOperation('dynamodb', 'ListTagsOfResource').as({
  run(state: DynamoDbState, input, context) {
    const { tags, name } = tableOf(state, input.ResourceArn, context);
    const { items, next } = page(tagList(tags), {
      of: `dynamodb.ListTagsOfResource ${name}`,
      keyOf: ({ Key }) => Key,
      token: input.NextToken,
      size: PAGE_SIZE,
    });
    return { Tags: items, NextToken: next };
  },
});

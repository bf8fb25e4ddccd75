// Tags through both APIs: the older by group name, the newer by ARN.
import { defineOperation } from '../../../define-operation.js';
import { addTags } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraint } from '../../../wire/validate.js';
import { INVALID, LOG_GROUP_NAME, TAG_KEY, TAGS } from '../constraints.js';
import type { LogGroup } from '../log-group.js';
import type { LogsState } from '../logs-state.js';
import { tagRules } from '../tag-rules.js';

/** Without `:*`: "The permissions for those three actions require the ARN version that doesn't include a trailing :*". */
const RESOURCE_ARN: Constraint = { min: 1, max: 1011, pattern: '[\\w+=/:,.@-]*' };

export const tagLogGroup = defineOperation('cloudwatch-logs', 'TagLogGroup').as({
  constraints: { logGroupName: LOG_GROUP_NAME, tags: TAGS },
  run: (logs: LogsState, input, { region }) => add(logs.in(region).group(input.logGroupName), input.tags),
});

export const untagLogGroup = defineOperation('cloudwatch-logs', 'UntagLogGroup').as({
  constraints: { logGroupName: LOG_GROUP_NAME, tags: { min: 1, item: TAG_KEY } },
  run: (logs: LogsState, input, { region }) => remove(logs.in(region).group(input.logGroupName), input.tags),
});

export const listTagsLogGroup = defineOperation('cloudwatch-logs', 'ListTagsLogGroup').as({
  constraints: { logGroupName: LOG_GROUP_NAME },
  run: (logs: LogsState, input, { region }) => list(logs.in(region).group(input.logGroupName)),
});

export const tagResource = defineOperation('cloudwatch-logs', 'TagResource').as({
  constraints: { resourceArn: RESOURCE_ARN, tags: TAGS },
  run: (logs: LogsState, input, { region }) => add(byArn(logs, region, input.resourceArn), input.tags),
});

export const untagResource = defineOperation('cloudwatch-logs', 'UntagResource').as({
  constraints: { resourceArn: RESOURCE_ARN, tagKeys: { min: 0, max: 50, item: TAG_KEY } },
  run: (logs: LogsState, input, { region }) => remove(byArn(logs, region, input.resourceArn), input.tagKeys),
});

export const listTagsForResource = defineOperation('cloudwatch-logs', 'ListTagsForResource').as({
  constraints: { resourceArn: RESOURCE_ARN },
  run: (logs: LogsState, input, { region }) => list(byArn(logs, region, input.resourceArn)),
});

function byArn(logs: LogsState, region: string, resourceArn: string): LogGroup {
  if (!/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/.test(resourceArn)) {
    throw new AwsError(INVALID, `${resourceArn} is not the ARN of a log group.`);
  }
  return logs.in(region).groupOf({ logGroupIdentifier: resourceArn });
}

function add(group: LogGroup, given: Record<string, string | undefined>): Record<string, never> {
  addTags(group.tags, given, tagRules(group.arn));
  return {};
}

function remove(group: LogGroup, keys: readonly string[]): Record<string, never> {
  for (const key of keys) group.tags.delete(key);
  return {};
}

const list = (group: LogGroup) => ({ tags: Object.fromEntries(group.tags) });

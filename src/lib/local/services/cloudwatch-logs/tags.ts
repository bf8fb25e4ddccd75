import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { INVALID, LOG_GROUP_NAME } from './constraints.js';
import { groupNameOf, type LogGroup, type LogStore } from './log-store.js';

type TagHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  'TagLogGroup' | 'UntagLogGroup' | 'ListTagsLogGroup' | 'TagResource' | 'UntagResource' | 'ListTagsForResource'
>;

const MOST_TAGS = 50;

/** Tags through both APIs: the older by group name, the newer by ARN. */
export function tags(storeIn: (region: string) => LogStore): TagHandlers {
  const named = (region: string, logGroupName: string): LogGroup => {
    validate({ logGroupName }, { logGroupName: LOG_GROUP_NAME }, INVALID);
    return storeIn(region).group(logGroupName);
  };
  const byArn = (region: string, resourceArn: string): LogGroup => {
    const store = storeIn(region);
    const name = groupNameOf(resourceArn);
    if (name === resourceArn) throw new AwsError(INVALID, `${resourceArn} is not the ARN of a log group.`);
    return store.group(name);
  };
  return {
    TagLogGroup: (input, { region }) => add(named(region, input.logGroupName), input.tags),
    UntagLogGroup: (input, { region }) => remove(named(region, input.logGroupName), input.tags),
    ListTagsLogGroup: (input, { region }) => list(named(region, input.logGroupName)),
    TagResource: (input, { region }) => add(byArn(region, input.resourceArn), input.tags),
    UntagResource: (input, { region }) => remove(byArn(region, input.resourceArn), input.tagKeys),
    ListTagsForResource: (input, { region }) => list(byArn(region, input.resourceArn)),
  };
}

function add(group: LogGroup, given: Record<string, string | undefined>): Record<string, never> {
  const merged = new Map(group.tags);
  for (const [key, value] of Object.entries(given)) {
    if (key.length < 1 || key.length > 128 || /^aws:/i.test(key)) {
      throw new AwsError(INVALID, `Invalid tag key: ${key}`);
    }
    merged.set(key, value ?? '');
  }
  if (merged.size > MOST_TAGS) {
    throw new AwsError('TooManyTagsException', `A resource can have no more than ${MOST_TAGS} tags.`, {
      members: { resourceName: group.arn },
    });
  }
  group.tags = merged;
  return {};
}

function remove(group: LogGroup, keys: readonly string[]): Record<string, never> {
  for (const key of keys) group.tags.delete(key);
  return {};
}

const list = (group: LogGroup) => ({ tags: Object.fromEntries(group.tags) });

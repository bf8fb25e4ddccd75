import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import type { Constraint } from '../../wire/validate.js';
import { checkInput, INVALID, LOG_GROUP_NAME, TAG_KEY, TAGS } from './constraints.js';
import type { LogGroup } from './log-group.js';
import type { LogStore } from './log-store.js';

type TagHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  'TagLogGroup' | 'UntagLogGroup' | 'ListTagsLogGroup' | 'TagResource' | 'UntagResource' | 'ListTagsForResource'
>;

const MOST_TAGS = 50;
/** Without `:*`: "The permissions for those three actions require the ARN version that doesn't include a trailing :*". */
const RESOURCE_ARN: Constraint = { min: 1, max: 1011, pattern: '[\\w+=/:,.@-]*' };

/** Tags through both APIs: the older by group name, the newer by ARN. */
export function tags(storeIn: (region: string) => LogStore): TagHandlers {
  const named = (region: string, logGroupName: string): LogGroup => {
    checkInput({ logGroupName }, { logGroupName: LOG_GROUP_NAME });
    return storeIn(region).group(logGroupName);
  };
  const byArn = (region: string, resourceArn: string): LogGroup => {
    checkInput({ resourceArn }, { resourceArn: RESOURCE_ARN });
    if (!/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/.test(resourceArn)) {
      throw new AwsError(INVALID, `${resourceArn} is not the ARN of a log group.`);
    }
    return storeIn(region).groupOf({ logGroupIdentifier: resourceArn });
  };
  return {
    TagLogGroup(input, { region }) {
      checkTags(input.tags);
      return add(named(region, input.logGroupName), input.tags);
    },
    UntagLogGroup(input, { region }) {
      checkInput(input, { tags: { min: 1, item: TAG_KEY } });
      return remove(named(region, input.logGroupName), input.tags);
    },
    ListTagsLogGroup: (input, { region }) => list(named(region, input.logGroupName)),
    TagResource(input, { region }) {
      checkTags(input.tags);
      return add(byArn(region, input.resourceArn), input.tags);
    },
    UntagResource(input, { region }) {
      checkInput(input, { tagKeys: { min: 0, max: MOST_TAGS, item: TAG_KEY } });
      return remove(byArn(region, input.resourceArn), input.tagKeys);
    },
    ListTagsForResource: (input, { region }) => list(byArn(region, input.resourceArn)),
  };
}

/** @throws AwsError InvalidParameterException */
export function checkTags(tags: Record<string, string | undefined> | undefined): void {
  checkInput({ tags }, { tags: TAGS });
  const reserved = Object.keys(tags ?? {}).find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw new AwsError(INVALID, `Invalid tag key: ${reserved}`);
}

function add(group: LogGroup, given: Record<string, string | undefined>): Record<string, never> {
  const merged = new Map(group.tags);
  for (const [key, value] of Object.entries(given)) merged.set(key, value ?? '');
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

import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import type { Constraint } from '../../wire/validate.js';
import { checkInput, INVALID, LOG_GROUP_NAME, TAGS } from './constraints.js';
import type { LogGroup, LogStore } from './log-store.js';

type TagHandlers = Pick<
  Handlers<'cloudwatch-logs'>,
  'TagLogGroup' | 'UntagLogGroup' | 'ListTagsLogGroup' | 'TagResource' | 'UntagResource' | 'ListTagsForResource'
>;

const MOST_TAGS = 50;
const KEY = { max: 128, min: 1, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$' };
const VALUE = { max: 256, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$' };
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
    TagLogGroup: (input, { region }) => add(named(region, input.logGroupName), input.tags),
    UntagLogGroup: (input, { region }) => remove(named(region, input.logGroupName), input.tags),
    ListTagsLogGroup: (input, { region }) => list(named(region, input.logGroupName)),
    TagResource: (input, { region }) => add(byArn(region, input.resourceArn), input.tags),
    UntagResource: (input, { region }) => remove(byArn(region, input.resourceArn), input.tagKeys),
    ListTagsForResource: (input, { region }) => list(byArn(region, input.resourceArn)),
  };
}

/**
 * @throws AwsError InvalidParameterException in AWS's words
 */
export function checkTags(given: Record<string, string | undefined> | undefined): void {
  if (given === undefined) return;
  checkInput({ tags: given }, { tags: TAGS });
  const keys = Object.keys(given);
  const values = Object.values(given).map((value) => value ?? '');
  const shown = Object.entries(given).map(([key, value]) => `${key}=${value ?? ''}`);
  const fail = (what: string, bounds: string[], pattern: string): AwsError =>
    new AwsError(
      INVALID,
      `1 validation error detected: Value '{${shown.join(', ')}}' at 'tags' failed to satisfy constraint: Map ${what} must satisfy constraint: [${[...bounds, `Member must satisfy regular expression pattern: ${pattern}`].join(', ')}]`,
    );
  const atMost = (max: number): string => `Member must have length less than or equal to ${max}`;
  if (!keys.every((key) => key.length >= KEY.min && key.length <= KEY.max && new RegExp(KEY.pattern, 'u').test(key))) {
    throw fail('keys', [atMost(KEY.max), 'Member must have length greater than or equal to 1'], KEY.pattern);
  }
  if (!values.every((value) => value.length <= VALUE.max && new RegExp(VALUE.pattern, 'u').test(value))) {
    throw fail('value', [atMost(VALUE.max), 'Member must have length greater than or equal to 0'], VALUE.pattern);
  }
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw new AwsError(INVALID, `Invalid tag key: ${reserved}`);
}

function add(group: LogGroup, given: Record<string, string | undefined>): Record<string, never> {
  checkTags(given);
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

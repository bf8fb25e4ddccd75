import type { OperationContext } from '../../wire/handlers.js';
import { inUse, invalidArgument } from './aws-errors.js';
import type { Consumer } from './consumer.js';
import type { Stream } from './stream.js';

const MOST_TAGS = 50;
const ALLOWED = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;

/**
 * Adds tags as AWS does, all or none.
 * https://docs.aws.amazon.com/streams/latest/dev/tagging.html
 * @param owner what is tagged, for the message
 */
export function addTags(
  tags: Map<string, string>,
  added: Readonly<Record<string, string | undefined>>,
  owner: string,
  accountId: string,
): void {
  const entries = Object.entries(added).map(([key, value]) => [key, value ?? ''] as const);
  for (const [key, value] of entries) checkTag(key, value);
  const keys = new Set([...tags.keys(), ...Object.keys(added)]);
  if (keys.size > MOST_TAGS) {
    throw invalidArgument(
      `Failed to add tags to stream ${owner} under account ${accountId} because a given stream cannot have more than ${MOST_TAGS} tags associated with it.`,
    );
  }
  for (const [key, value] of entries) tags.set(key, value);
}

function checkTag(key: string, value: string): void {
  if (key.length < 1 || key.length > 128) {
    throw invalidArgument(`Tag key "${key}" must be 1 to 128 characters long.`);
  }
  if (value.length > 256) throw invalidArgument(`The value of tag ${key} must be at most 256 characters long.`);
  if (/^aws:/i.test(key)) throw invalidArgument(`Tag key "${key}" starts with the reserved prefix aws:.`);
  if (!ALLOWED.test(key) || !ALLOWED.test(value)) {
    throw invalidArgument(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . : / = + - @.',
    );
  }
}

/** @throws AwsError ResourceInUseException while what is to be tagged is being created or deleted */
export function requireTaggable(resource: Stream | Consumer, context: OperationContext): void {
  if (resource.status === 'CREATING' || resource.status === 'DELETING') {
    throw inUse(`${resource.name} under account ${context.accountId} not ACTIVE, instead in state ${resource.status}`);
  }
}

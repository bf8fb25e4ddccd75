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
 * @throws AwsError InvalidArgumentException for a character or a prefix that tags may not have, or when there would be too many
 */
export function addTags(
  tags: Map<string, string>,
  added: Readonly<Record<string, string | undefined>>,
  owner: string,
  accountId: string,
): void {
  const entries = Object.entries(added).map(([key, value]) => [key, value ?? ''] as const);
  const failed = `Failed to add tags to stream ${owner} under account ${accountId}`;
  checkCharacters(entries.flat(), failed);
  checkPrefix(entries.map(([key]) => key));
  const keys = new Set([...tags.keys(), ...Object.keys(added)]);
  if (keys.size > MOST_TAGS) {
    throw invalidArgument(
      `${failed} because a given stream cannot have more than ${MOST_TAGS} tags associated with it.`,
    );
  }
  for (const [key, value] of entries) tags.set(key, value);
}

/**
 * Removes tags; keys that are not there are ignored.
 * @throws AwsError InvalidArgumentException for a key that no tag can have
 */
export function removeTags(tags: Map<string, string>, keys: readonly string[], owner: string, accountId: string): void {
  checkCharacters(keys, `Failed to remove tags from stream ${owner} under account ${accountId}`);
  checkPrefix(keys);
  for (const key of keys) tags.delete(key);
}

/** AWS lets a percent sign through the first of its two checks, whose sentence allows it, and refuses it in the second. */
function checkCharacters(texts: readonly string[], failed: string): void {
  if (!texts.every((text) => ALLOWED.test(text.replaceAll('%', '')))) {
    throw invalidArgument(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.',
    );
  }
  if (texts.some((text) => text.includes('%'))) {
    throw invalidArgument(
      `${failed} because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@',':'.`,
    );
  }
}

function checkPrefix(keys: readonly string[]): void {
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw invalidArgument(`Tag key "${reserved}" starts with the reserved prefix aws:.`);
}

/** @throws AwsError ResourceInUseException while what is to be tagged is being created or deleted */
export function requireTaggable(resource: Stream | Consumer, context: OperationContext): void {
  if (resource.status === 'CREATING' || resource.status === 'DELETING') {
    const kind = 'consumers' in resource ? 'Stream' : 'Consumer';
    throw inUse(
      `${kind} ${resource.name} under account ${context.accountId} not ACTIVE, instead in state ${resource.status}`,
    );
  }
}

import { AwsError } from '../../wire/aws-error.js';
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
  checkLengths(entries);
  for (const [key, value] of entries) checkCharacters(key, value);
  const keys = new Set([...tags.keys(), ...Object.keys(added)]);
  if (keys.size > MOST_TAGS) {
    throw invalidArgument(
      `Failed to add tags to stream ${owner} under account ${accountId} because a given stream cannot have more than ${MOST_TAGS} tags associated with it.`,
    );
  }
  for (const [key, value] of entries) tags.set(key, value);
}

/** The lengths of a map's keys and values, which AWS checks with its other constraints and words in its own way. */
function checkLengths(entries: readonly (readonly [string, string])[]): void {
  const within = (texts: string[], min: number, max: number): boolean =>
    texts.every((text) => text.length >= min && text.length <= max);
  const shown = `{${entries.map(([key, value]) => `${key}=${value}`).join(', ')}}`;
  const fail = (what: string, min: number, max: number): never => {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${shown}' at 'tags' failed to satisfy constraint: ${what} must satisfy constraint: ` +
        `[Member must have length less than or equal to ${max}, Member must have length greater than or equal to ${min}]`,
    );
  };
  const keys = entries.map(([key]) => key);
  const values = entries.map(([, value]) => value);
  if (!within(keys, 1, 128)) fail('Map keys', 1, 128);
  if (!within(values, 0, 256)) fail('Map value', 0, 256);
}

function checkCharacters(key: string, value: string): void {
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
    const kind = 'consumers' in resource ? 'Stream' : 'Consumer';
    throw inUse(
      `${kind} ${resource.name} under account ${context.accountId} not ACTIVE, instead in state ${resource.status}`,
    );
  }
}

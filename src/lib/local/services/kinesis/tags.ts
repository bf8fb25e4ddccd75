import { hasTagCharacters, type TagRules } from '../../kit/tags.js';
import type { OperationContext } from '../../wire/handlers.js';
import { inUse, invalidArgument } from './aws-errors.js';
import type { Consumer } from './consumer.js';
import type { Stream } from './stream.js';

/**
 * AWS's sentences about tags. https://docs.aws.amazon.com/streams/latest/dev/tagging.html
 * @param doing what fails: `add tags to` or `remove tags from`
 * @param owner what is tagged
 */
export function tagRules(doing: 'add tags to' | 'remove tags from', owner: string, accountId: string): TagRules {
  const failed = `Failed to ${doing} stream ${owner} under account ${accountId}`;
  return {
    tooMany: (most) =>
      invalidArgument(`${failed} because a given stream cannot have more than ${most} tags associated with it.`),
    invalid(fault, key, given) {
      if (fault !== 'characters') return invalidArgument(`Tag key "${key}" starts with the reserved prefix aws:.`);
      // AWS lets a percent sign through the first of its two checks, whose sentence allows it, and refuses it in the second.
      const isOnlyPercent = given.flat().every((text) => hasTagCharacters(text.replaceAll('%', '')));
      return invalidArgument(
        isOnlyPercent
          ? `${failed} because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@',':'.`
          : 'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.',
      );
    },
  };
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

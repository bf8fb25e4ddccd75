import { AwsError } from '../../wire/aws-error.js';
import { checkRead } from './conditions.js';
import { refuseVersion } from './read-object.js';
import { invalidArgument, s3Error } from './s3-error.js';
import type { S3State, StoredObject } from './s3-state.js';

interface CopyConditions {
  CopySourceIfMatch?: string | undefined;
  CopySourceIfNoneMatch?: string | undefined;
  CopySourceIfModifiedSince?: Date | undefined;
  CopySourceIfUnmodifiedSince?: Date | undefined;
}

/**
 * The object that `x-amz-copy-source` names: `/bucket/key` or `bucket/key`, percent-encoded.
 * @throws AwsError; a condition that does not hold is PreconditionFailed here, also where a read would say NotModified
 */
export function readCopySource(state: S3State, copySource: string, conditions: CopyConditions): StoredObject {
  const [path = '', query = ''] = copySource.split('?');
  refuseVersion(new URLSearchParams(query).get('versionId') ?? undefined);
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decode(path));
  if (!match) {
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  const object = state.object(match[1] ?? '', match[2] ?? '');
  try {
    checkRead(object, {
      IfMatch: conditions.CopySourceIfMatch,
      IfNoneMatch: conditions.CopySourceIfNoneMatch,
      IfModifiedSince: conditions.CopySourceIfModifiedSince,
      IfUnmodifiedSince: conditions.CopySourceIfUnmodifiedSince,
    });
  } catch (error) {
    throw error instanceof AwsError && error.code === 'NotModified' ? s3Error('PreconditionFailed') : error;
  }
  return object;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    throw invalidArgument('Invalid copy source encoding.');
  }
}

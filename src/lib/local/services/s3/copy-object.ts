import type { Clock } from '../../../shared/clock.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Handler } from '../../wire/handlers.js';
import { checkRead } from './conditions.js';
import { refuseVersion } from './get-object.js';
import type { ObjectFiles } from './object-files.js';
import { checkKey } from './put-object.js';
import { invalidArgument, s3Error } from './s3-error.js';
import type { S3State, StoredObject } from './s3-state.js';
import { attributesOf, checksumMembers, readAttributes } from './stored-attributes.js';
import { useCurrent } from './use-current.js';

export function copyObject(state: S3State, files: ObjectFiles, clock: Clock): Handler<'s3', 'CopyObject'> {
  return async (input) => {
    checkKey(input.Key);
    const replacesMetadata = input.MetadataDirective === 'REPLACE';
    const replacesTags = input.TaggingDirective === 'REPLACE';
    const changesNothing =
      !replacesMetadata && input.StorageClass === undefined && input.WebsiteRedirectLocation === undefined;
    const find = (): StoredObject => {
      const found = readCopySource(state, input.CopySource, input);
      if (changesNothing && found === state.bucket(input.Bucket).objects.get(input.Key)) throw copyToItself();
      return found;
    };
    const [source, file] = await useCurrent(
      find,
      async (found): Promise<[StoredObject, string]> => [found, await files.copy(found.file)],
    );
    const given = readAttributes(input);
    const kept = attributesOf(source);
    const object: StoredObject = {
      ...(replacesMetadata ? { ...given, tags: kept.tags } : kept),
      ...(replacesTags && { tags: given.tags }),
      storageClass: given.storageClass,
      key: input.Key,
      file,
      sizeBytes: source.sizeBytes,
      etag: source.etag,
      lastModified: new Date(clock.now()),
      checksums: source.checksums,
      checksumType: source.checksumType,
      partSizes: source.partSizes,
    };
    const replaced = state.store(state.bucket(input.Bucket), object);
    if (replaced) await files.remove([replaced.file]);
    return {
      CopyObjectResult: { ETag: `"${object.etag}"`, LastModified: object.lastModified, ...checksumMembers(object) },
    };
  };
}

const copyToItself = (): AwsError =>
  new AwsError(
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    { status: 400 },
  );

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

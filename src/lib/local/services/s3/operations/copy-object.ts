import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { readCopySource } from '../copy-source.js';
import { checkKey } from '../object-key.js';
import type { S3State, StoredObject } from '../s3-state.js';
import { attributesOf, checksumMembers, readAttributes } from '../stored-attributes.js';
import { useCurrent } from '../use-current.js';

export const copyObject = defineOperation('s3', 'CopyObject').as({
  async run(state: S3State, input) {
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
      async (found): Promise<[StoredObject, string]> => [found, await state.files.copy(found.file)],
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
      lastModified: new Date(state.clock.now()),
      checksums: source.checksums,
      checksumType: source.checksumType,
      partSizes: source.partSizes,
    };
    const replaced = state.store(state.bucket(input.Bucket), object);
    if (replaced) await state.files.remove([replaced.file]);
    return {
      CopyObjectResult: { ETag: `"${object.etag}"`, LastModified: object.lastModified, ...checksumMembers(object) },
    };
  },
});

const copyToItself = (): AwsError =>
  new AwsError(
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    { status: 400 },
  );

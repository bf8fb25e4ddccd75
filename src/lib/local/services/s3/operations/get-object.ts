import { defineOperation } from '../../../define-operation.js';
import { checkRead } from '../conditions.js';
import { isPublic } from '../is-public.js';
import { type ReadInput, rangeOf, readMembers, refuseVersion } from '../read-object.js';
import type { S3State, StoredObject } from '../s3-state.js';
import { checksumMembers } from '../stored-attributes.js';
import { useCurrent } from '../use-current.js';

export const getObject = defineOperation('s3', 'GetObject').as({
  run(state: S3State, input, { unlessPublic }) {
    if (unlessPublic && !isPublic(state, input.Bucket, input.Key)) throw unlessPublic;
    refuseVersion(input.VersionId);
    return useCurrent(
      () => find(state, input),
      async (object) => {
        const range = rangeOf(input, object);
        const Body = await state.files.read(object.file, range ?? { start: 0, end: object.sizeBytes - 1 });
        return { ...readMembers(input, object, range), Body };
      },
    );
  },
});

export const headObject = defineOperation('s3', 'HeadObject').as({
  run(state: S3State, input, { unlessPublic }) {
    if (unlessPublic && !isPublic(state, input.Bucket, input.Key)) throw unlessPublic;
    refuseVersion(input.VersionId);
    const object = find(state, input);
    return readMembers(input, object, rangeOf(input, object));
  },
});

export const getObjectAttributes = defineOperation('s3', 'GetObjectAttributes').as({
  run(state: S3State, input) {
    refuseVersion(input.VersionId);
    const object = state.object(input.Bucket, input.Key);
    const wants = (name: string): boolean => (input.ObjectAttributes as string[]).includes(name);
    return {
      LastModified: object.lastModified,
      ...(wants('ETag') && { ETag: object.etag }),
      ...(wants('ObjectSize') && { ObjectSize: object.sizeBytes }),
      ...(wants('StorageClass') && { StorageClass: object.storageClass as 'STANDARD' }),
      ...(wants('Checksum') && {
        Checksum: { ...checksumMembers(object), ChecksumType: object.checksumType },
      }),
      ...(wants('ObjectParts') && object.partSizes && { ObjectParts: { TotalPartsCount: object.partSizes.length } }),
    };
  },
});

function find(state: S3State, input: ReadInput): StoredObject {
  const object = state.object(input.Bucket, input.Key);
  checkRead(object, input);
  return object;
}

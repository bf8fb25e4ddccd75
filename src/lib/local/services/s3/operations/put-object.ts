import { defineOperation } from '../../../define-operation.js';
import { checkWrite } from '../conditions.js';
import { checkKey } from '../object-key.js';
import type { S3State } from '../s3-state.js';
import {
  allChecksums,
  announcedBytes,
  bodyOf,
  checksumMembers,
  checksumsWanted,
  readAttributes,
  signedSha256,
  verifyBody,
} from '../stored-attributes.js';

/** Stores an object. It is there when its last byte is, whole; until then readers find the one before. */
export const putObject = defineOperation('s3', 'PutObject').as({
  async run(state: S3State, input, context) {
    const existing = () => state.bucket(input.Bucket).objects.get(input.Key);
    checkKey(input.Key);
    const attributes = readAttributes(input);
    checkWrite(existing(), input, input.Key);
    const body = await state.files.write(bodyOf(input.Body), {
      algorithms: checksumsWanted(input, context),
      hexSha256: signedSha256(context) !== undefined,
      expectedBytes: announcedBytes(context),
    });
    try {
      verifyBody(body, input, context);
      // The body took its time: someone may have been faster, or the bucket gone.
      checkWrite(existing(), input, input.Key);
    } catch (error) {
      await state.files.remove([body.file]);
      throw error;
    }
    const object = {
      ...attributes,
      key: input.Key,
      file: body.file,
      sizeBytes: body.sizeBytes,
      etag: body.md5.toString('hex'),
      lastModified: new Date(state.clock.now()),
      checksums: allChecksums(body, input),
      checksumType: 'FULL_OBJECT' as const,
      partSizes: undefined,
    };
    const replaced = state.store(state.bucket(input.Bucket), object);
    if (replaced) await state.files.remove([replaced.file]);
    return {
      ETag: `"${object.etag}"`,
      ...checksumMembers(object),
      ChecksumType: Object.keys(object.checksums).length > 0 ? object.checksumType : undefined,
    };
  },
});

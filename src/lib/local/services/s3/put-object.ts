import type { Clock } from '../../../shared/clock.js';
import type { Handler } from '../../wire/handlers.js';
import { checkWrite } from './conditions.js';
import type { ObjectFiles } from './object-files.js';
import { s3Error } from './s3-error.js';
import type { S3State } from './s3-state.js';
import {
  allChecksums,
  announcedBytes,
  bodyOf,
  checksumMembers,
  checksumsWanted,
  readAttributes,
  signedSha256,
  verifyBody,
} from './stored-attributes.js';

export const MOST_KEY_BYTES = 1024;

/** Stores an object. It is there when its last byte is, whole; until then readers find the one before. */
export function putObject(state: S3State, files: ObjectFiles, clock: Clock): Handler<'s3', 'PutObject'> {
  return async (input, context) => {
    const existing = () => state.bucket(input.Bucket).objects.get(input.Key);
    checkKey(input.Key);
    const attributes = readAttributes(input);
    checkWrite(existing(), input, input.Key);
    const body = await files.write(bodyOf(input.Body), {
      algorithms: checksumsWanted(input, context),
      hexSha256: signedSha256(context) !== undefined,
      expectedBytes: announcedBytes(context),
    });
    try {
      verifyBody(body, input, context);
      // The body took its time: someone may have been faster, or the bucket gone.
      checkWrite(existing(), input, input.Key);
    } catch (error) {
      await files.remove([body.file]);
      throw error;
    }
    const object = {
      ...attributes,
      key: input.Key,
      file: body.file,
      sizeBytes: body.sizeBytes,
      etag: body.md5.toString('hex'),
      lastModified: new Date(clock.now()),
      checksums: allChecksums(body, input),
      checksumType: 'FULL_OBJECT' as const,
      partSizes: undefined,
    };
    const replaced = state.store(state.bucket(input.Bucket), object);
    if (replaced) await files.remove([replaced.file]);
    return {
      ETag: `"${object.etag}"`,
      ...checksumMembers(object),
      ChecksumType: Object.keys(object.checksums).length > 0 ? object.checksumType : undefined,
    };
  };
}

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MOST_KEY_BYTES) throw s3Error('KeyTooLongError', { Size: bytes, MaxSizeAllowed: MOST_KEY_BYTES });
}

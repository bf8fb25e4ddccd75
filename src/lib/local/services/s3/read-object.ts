import { AwsError } from '../../wire/aws-error.js';
import { type ByteRange, readRange } from './byte-range.js';
import { invalidArgument } from './s3-error.js';
import type { StoredObject } from './s3-state.js';
import { checksumMembers, headerMembers } from './stored-attributes.js';

export interface ReadInput {
  Bucket: string;
  Key: string;
  Range?: string | undefined;
  PartNumber?: number | undefined;
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
  ChecksumMode?: string | undefined;
  ResponseContentType?: string | undefined;
  ResponseCacheControl?: string | undefined;
  ResponseContentDisposition?: string | undefined;
  ResponseContentEncoding?: string | undefined;
  ResponseContentLanguage?: string | undefined;
}

export function readMembers(input: ReadInput, object: StoredObject, range: ByteRange | undefined) {
  // A part's checksum is not the whole's: a client that verifies would find the two at odds.
  const isWhole = range === undefined;
  return {
    AcceptRanges: 'bytes',
    LastModified: object.lastModified,
    ETag: `"${object.etag}"`,
    ContentLength: range ? range.end - range.start + 1 : object.sizeBytes,
    ContentRange: range ? `bytes ${range.start}-${range.end}/${object.sizeBytes}` : undefined,
    ...headerMembers(object.headers, {
      ContentType: input.ResponseContentType,
      CacheControl: input.ResponseCacheControl,
      ContentDisposition: input.ResponseContentDisposition,
      ContentEncoding: input.ResponseContentEncoding,
      ContentLanguage: input.ResponseContentLanguage,
    }),
    Metadata: object.metadata,
    TagCount: object.tags.size > 0 ? object.tags.size : undefined,
    // Absent for STANDARD, as on AWS.
    StorageClass: object.storageClass === 'STANDARD' ? undefined : (object.storageClass as 'STANDARD'),
    PartsCount: input.PartNumber === undefined ? undefined : object.partSizes?.length,
    ...(input.ChecksumMode === 'ENABLED' &&
      isWhole && {
        ...checksumMembers(object),
        ChecksumType: Object.keys(object.checksums).length > 0 ? object.checksumType : undefined,
      }),
  };
}

export function rangeOf(input: ReadInput, object: StoredObject): ByteRange | undefined {
  if (input.PartNumber === undefined) return readRange(input.Range, object.sizeBytes);
  if (input.Range !== undefined)
    throw invalidArgument('Cannot specify both Range header and partNumber query parameter');
  const sizes = object.partSizes ?? [object.sizeBytes];
  const size = sizes[input.PartNumber - 1];
  if (size === undefined) {
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', { status: 416 });
  }
  if (object.partSizes === undefined || size === 0) return undefined;
  const start = sizes.slice(0, input.PartNumber - 1).reduce((sum, bytes) => sum + bytes, 0);
  return { start, end: start + size - 1 };
}

/** Objects have no versions here; `null` names the only one, as on an unversioned bucket. */
export function refuseVersion(versionId: string | undefined): void {
  if (versionId !== undefined && versionId !== 'null') {
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
  }
}

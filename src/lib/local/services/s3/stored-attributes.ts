// What a request says about an object to be stored, apart from its bytes; and what is told of a stored one.

import { newTags } from '../../kit/tags.js';
import { trailersOf } from '../../wire/aws-chunked.js';
import type { Checked, OperationContext } from '../../wire/handlers.js';
import { ALGORITHMS, type Algorithm } from './checksums.js';
import type { StoredBody } from './object-files.js';
import { invalidArgument, s3Error } from './s3-error.js';
import type { ObjectHeaders, StoredObject, Upload, UploadedPart } from './s3-state.js';
import { tagRules } from './tag-rules.js';

type PutObjectInput = Checked<import('@aws-sdk/client-s3').PutObjectCommandInput>;

/** The members that PutObject, CopyObject and CreateMultipartUpload have in common. */
export type AttributesInput = Pick<
  PutObjectInput,
  | 'ContentType'
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'WebsiteRedirectLocation'
  | 'Metadata'
  | 'Tagging'
  | 'StorageClass'
>;

/** The members of a request that bring a checksum, or ask for one. */
export interface ChecksumInput {
  ChecksumAlgorithm?: string | undefined;
  ChecksumCRC32?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
  ChecksumCRC64NVME?: string | undefined;
}

const METADATA_BYTES = 2048;

export function readAttributes(
  input: AttributesInput,
): Pick<StoredObject, 'headers' | 'metadata' | 'tags' | 'storageClass'> {
  const metadata = input.Metadata ?? {};
  const metadataBytes = Object.entries(metadata).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (metadataBytes > METADATA_BYTES)
    throw invalidArgument('Your metadata headers exceed the maximum allowed metadata size');
  return {
    headers: {
      ContentType: input.ContentType ?? 'binary/octet-stream',
      CacheControl: input.CacheControl,
      ContentDisposition: input.ContentDisposition,
      // aws-chunked is how the request travelled, not what the object is.
      ContentEncoding: withoutAwsChunked(input.ContentEncoding),
      ContentLanguage: input.ContentLanguage,
      WebsiteRedirectLocation: input.WebsiteRedirectLocation,
    },
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value ?? ''])),
    tags: newTags(headerTags(input.Tagging), tagRules(10)),
    storageClass: input.StorageClass ?? 'STANDARD',
  };
}

function withoutAwsChunked(encoding: string | undefined): string | undefined {
  const rest = encoding
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== 'aws-chunked' && item !== '');
  return rest && rest.length > 0 ? rest.join(',') : undefined;
}

/** The checksums to compute: those that came as a header, one announced as a trailer, and the one asked for. */
export function checksumsWanted(input: ChecksumInput, context: OperationContext): Algorithm[] {
  const trailer = String(context.headers['x-amz-trailer'] ?? '').toUpperCase();
  return ALGORITHMS.filter(
    (algorithm) =>
      input[`Checksum${algorithm}`] !== undefined ||
      input.ChecksumAlgorithm === algorithm ||
      trailer.split(',').some((item) => item.trim() === `X-AMZ-CHECKSUM-${algorithm}`),
  );
}

/**
 * Holds what arrived against what the request said of it.
 * @throws AwsError BadDigest, InvalidDigest, XAmzContentSHA256Mismatch, InvalidRequest
 */
export function verifyBody(
  body: StoredBody,
  input: ChecksumInput & { ContentMD5?: string | undefined; Body?: unknown },
  context: OperationContext,
): void {
  if (input.ContentMD5 !== undefined) {
    const claimed = Buffer.from(input.ContentMD5, 'base64');
    if (claimed.length !== 16) throw s3Error('InvalidDigest');
    if (!claimed.equals(body.md5)) throw s3Error('BadDigest');
  }
  const trailers = trailersOf(input.Body);
  for (const algorithm of ALGORITHMS) {
    const claimed = input[`Checksum${algorithm}`] ?? trailers?.get(`x-amz-checksum-${algorithm.toLowerCase()}`);
    if (claimed !== undefined && claimed !== body.checksums[algorithm]) {
      throw Object.assign(s3Error('BadDigest'), {
        message: `The ${algorithm} you specified did not match the calculated checksum.`,
      });
    }
  }
  const signed = signedSha256(context);
  if (signed !== undefined && body.sha256 !== undefined && signed !== body.sha256) {
    throw s3Error('XAmzContentSHA256Mismatch');
  }
}

/** The SHA-256 of the body that the signature vouches for, in hex, where it names one. */
export function signedSha256({ headers }: OperationContext): string | undefined {
  const value = headers['x-amz-content-sha256'];
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
}

/** The length that the request gave its body, without framing. */
export function announcedBytes({ headers }: OperationContext): number | undefined {
  const text = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A request's body. Calls from inside the endpoint may bring text or bytes where the wire brings a stream. */
export function bodyOf(body: unknown): AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> {
  if (body === undefined || body === null) return [];
  if (typeof body === 'string' || body instanceof Uint8Array) return [body];
  return body as AsyncIterable<Uint8Array>;
}

/** The checksum members of an answer. */
export function checksumMembers({ checksums }: Pick<StoredObject | UploadedPart, 'checksums'>) {
  return {
    ChecksumCRC32: checksums.CRC32,
    ChecksumCRC32C: checksums.CRC32C,
    ChecksumSHA1: checksums.SHA1,
    ChecksumSHA256: checksums.SHA256,
    ChecksumCRC64NVME: checksums.CRC64NVME,
  };
}

/** All checksums of a body: those computed, and a CRC64NVME as the request claimed it. */
export const allChecksums = (body: StoredBody, input: ChecksumInput): StoredObject['checksums'] => ({
  ...body.checksums,
  ...(input.ChecksumCRC64NVME !== undefined && { CRC64NVME: input.ChecksumCRC64NVME }),
});

/** An object that a multipart upload has become begins with what its creation said. */
export const attributesOf = ({ headers, metadata, tags, storageClass }: Upload | StoredObject) => ({
  headers,
  metadata,
  tags,
  storageClass,
});

/** The headers of an object as an answer gives them; a request may ask for others in their place. */
export const headerMembers = (headers: ObjectHeaders, asked: Partial<ObjectHeaders> = {}) => ({
  ContentType: asked.ContentType ?? headers.ContentType,
  CacheControl: asked.CacheControl ?? headers.CacheControl,
  ContentDisposition: asked.ContentDisposition ?? headers.ContentDisposition,
  ContentEncoding: asked.ContentEncoding ?? headers.ContentEncoding,
  ContentLanguage: asked.ContentLanguage ?? headers.ContentLanguage,
  WebsiteRedirectLocation: headers.WebsiteRedirectLocation,
});

/** Tags as the header `x-amz-tagging` has them: `key=value&other=value`. */
const headerTags = (header = ''): { Key: string; Value: string }[] =>
  [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));

import { defineOperation } from '../../../define-operation.js';
import { openKey, sealKey } from '../../../kit/page.js';
import { type KeyListing, listKeys } from '../list-keys.js';
import { ownerOf } from '../owner.js';
import { invalidToken } from '../page.js';
import { invalidArgument } from '../s3-error.js';
import type { Bucket, S3State, StoredObject } from '../s3-state.js';

const MOST_KEYS = 1000;

export const listObjectsV2 = defineOperation('s3', 'ListObjectsV2').as({
  run(state: S3State, input, { accountId }) {
    const owner = ownerOf(accountId);
    const bucket = state.bucket(input.Bucket);
    const limit = readLimit(input.MaxKeys);
    const after = input.ContinuationToken === undefined ? input.StartAfter : readToken(bucket, input.ContinuationToken);
    const listing = list(state, bucket, input, after, limit);
    const encode = encoderOf(input.EncodingType);
    return {
      Name: bucket.name,
      Prefix: encode(input.Prefix ?? ''),
      Delimiter: encode(input.Delimiter),
      StartAfter: encode(input.StartAfter),
      EncodingType: input.EncodingType,
      MaxKeys: limit,
      KeyCount: listing.keys.length + listing.commonPrefixes.length,
      IsTruncated: listing.next !== undefined,
      ContinuationToken: input.ContinuationToken,
      NextContinuationToken: listing.next === undefined ? undefined : sealKey(listOf(bucket), listing.next),
      Contents: describe(bucket, listing, encode, input.FetchOwner ? owner : undefined),
      CommonPrefixes: listing.commonPrefixes.map((Prefix) => ({ Prefix: encode(Prefix) })),
    };
  },
});

export const listObjects = defineOperation('s3', 'ListObjects').as({
  run(state: S3State, input, { accountId }) {
    const owner = ownerOf(accountId);
    const bucket = state.bucket(input.Bucket);
    const limit = readLimit(input.MaxKeys);
    const listing = list(state, bucket, input, input.Marker, limit);
    const encode = encoderOf(input.EncodingType);
    return {
      Name: bucket.name,
      Prefix: encode(input.Prefix ?? ''),
      Marker: encode(input.Marker ?? ''),
      Delimiter: encode(input.Delimiter),
      EncodingType: input.EncodingType,
      MaxKeys: limit,
      IsTruncated: listing.next !== undefined,
      // Only given with a delimiter; without one the last key of the page serves.
      NextMarker: input.Delimiter === undefined ? undefined : encode(listing.next),
      Contents: describe(bucket, listing, encode, owner),
      CommonPrefixes: listing.commonPrefixes.map((Prefix) => ({ Prefix: encode(Prefix) })),
    };
  },
});

/** Without versions there is one of each object: what empties a bucket finds all of them here. */
export const listObjectVersions = defineOperation('s3', 'ListObjectVersions').as({
  run(state: S3State, input, { accountId }) {
    const owner = ownerOf(accountId);
    const bucket = state.bucket(input.Bucket);
    const limit = readLimit(input.MaxKeys);
    const listing = list(state, bucket, input, input.KeyMarker, limit);
    const encode = encoderOf(input.EncodingType);
    return {
      Name: bucket.name,
      Prefix: encode(input.Prefix ?? ''),
      KeyMarker: encode(input.KeyMarker ?? ''),
      Delimiter: encode(input.Delimiter),
      EncodingType: input.EncodingType,
      MaxKeys: limit,
      IsTruncated: listing.next !== undefined,
      NextKeyMarker: encode(listing.next),
      Versions: describe(bucket, listing, encode, owner).map((object) => ({
        ...object,
        StorageClass: 'STANDARD' as const,
        VersionId: 'null',
        IsLatest: true,
      })),
      CommonPrefixes: listing.commonPrefixes.map((Prefix) => ({ Prefix: encode(Prefix) })),
    };
  },
});

const list = (
  state: S3State,
  bucket: Bucket,
  input: { Prefix?: string | undefined; Delimiter?: string | undefined },
  after: string | undefined,
  limit: number,
): KeyListing =>
  listKeys(state.orderedKeys(bucket), {
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter === '' ? undefined : input.Delimiter,
    after: after === '' ? undefined : after,
    limit,
  });

function readLimit(maxKeys: number | undefined): number {
  if (maxKeys !== undefined && (maxKeys < 0 || maxKeys > 2_147_483_647)) {
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647');
  }
  return Math.min(maxKeys ?? MOST_KEYS, MOST_KEYS);
}

type Encode = <Text extends string | undefined>(text: Text) => Text;

/** `encoding-type=url` spares XML the characters it cannot hold: percent-encoding in which `/` stays and a space is `+`. */
function encoderOf(encodingType: string | undefined): Encode {
  if (encodingType !== 'url') return (text) => text;
  const encode = (text: string): string =>
    encodeURIComponent(Buffer.from(text).toString())
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+')
      .replaceAll(/[!'()]/g, hex);
  return (<Text extends string | undefined>(text: Text) => (text === undefined ? text : encode(text))) as Encode;
}

const hex = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

function describe(
  bucket: Bucket,
  listing: KeyListing,
  encode: Encode,
  owner: { ID: string; DisplayName: string } | undefined,
) {
  return listing.keys.flatMap((key) => {
    const object = bucket.objects.get(key);
    return object ? [{ ...describeObject(object, encode), Owner: owner }] : [];
  });
}

const describeObject = (object: StoredObject, encode: Encode) => ({
  Key: encode(object.key),
  LastModified: object.lastModified,
  ETag: `"${object.etag}"`,
  Size: object.sizeBytes,
  StorageClass: object.storageClass as 'STANDARD',
});

const listOf = ({ name }: Bucket): string => `s3.ListObjectsV2 ${name}`;

/** @throws AwsError InvalidArgument */
function readToken(bucket: Bucket, token: string): string {
  const after = openKey(listOf(bucket), token);
  if (after === undefined) throw invalidToken();
  return after;
}

import type { Handlers } from '../../wire/handlers.js';
import { type KeyListing, listKeys } from './list-keys.js';
import { invalidArgument } from './s3-error.js';
import type { Bucket, S3State, StoredObject } from './s3-state.js';

const MOST_KEYS = 1000;

export function listObjects(
  state: S3State,
  accountId: string,
): Pick<Handlers<'s3'>, 'ListObjects' | 'ListObjectsV2' | 'ListObjectVersions'> {
  const owner = { ID: ownerId(accountId), DisplayName: accountId };
  return {
    ListObjectsV2(input) {
      const bucket = state.bucket(input.Bucket);
      const limit = readLimit(input.MaxKeys);
      const after = input.ContinuationToken === undefined ? input.StartAfter : readToken(input.ContinuationToken);
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
        NextContinuationToken: listing.next === undefined ? undefined : writeToken(listing.next),
        Contents: describe(bucket, listing, encode, input.FetchOwner ? owner : undefined),
        CommonPrefixes: listing.commonPrefixes.map((Prefix) => ({ Prefix: encode(Prefix) })),
      };
    },

    ListObjects(input) {
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

    /** Without versions there is one of each object: what empties a bucket finds all of them here. */
    ListObjectVersions(input) {
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
  };
}

/** The canonical user id: 64 hexadecimal digits, the same for one account everywhere. */
export const ownerId = (accountId: string): string => accountId.repeat(6).slice(0, 64).padEnd(64, '0');

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

const writeToken = (after: string): string => Buffer.from(`after ${after}`).toString('base64url');

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after ')) throw invalidArgument('The continuation token provided is incorrect');
  return text.slice('after '.length);
}

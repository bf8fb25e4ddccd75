import type { Clock } from '../../../shared/clock.js';
import type { Handlers } from '../../wire/handlers.js';
import { ownerId } from './list-objects.js';
import { invalidArgument, s3Error } from './s3-error.js';
import { compareUtf8, type S3State } from './s3-state.js';

type BucketHandlers = Pick<
  Handlers<'s3'>,
  'CreateBucket' | 'HeadBucket' | 'DeleteBucket' | 'ListBuckets' | 'GetBucketLocation' | 'GetBucketAcl'
>;

export function buckets(state: S3State, clock: Clock, accountId: string): BucketHandlers {
  const owner = { ID: ownerId(accountId), DisplayName: accountId };
  return {
    CreateBucket(input, { region, origin }) {
      checkBucketName(input.Bucket);
      const constraint = input.CreateBucketConfiguration?.LocationConstraint;
      if (constraint === undefined && region !== 'us-east-1' && origin === 'wire') {
        throw s3Error('IllegalLocationConstraintException');
      }
      const existing = state.buckets.get(input.Bucket);
      // In us-east-1 making a bucket that one has already is no error, for historical reasons that AWS documents.
      if (existing && region !== 'us-east-1') throw s3Error('BucketAlreadyOwnedByYou', { BucketName: input.Bucket });
      if (!existing) {
        state.buckets.set(input.Bucket, {
          name: input.Bucket,
          region: constraint === 'EU' ? 'eu-west-1' : (constraint ?? region),
          creationDate: new Date(clock.now()),
          objects: new Map(),
          uploads: new Map(),
          tags: tagsOf(input.CreateBucketConfiguration?.Tags),
          settings: new Map(),
        });
      }
      return { Location: `/${input.Bucket}` };
    },

    HeadBucket(input) {
      return { BucketRegion: state.bucket(input.Bucket).region, AccessPointAlias: false };
    },

    DeleteBucket(input) {
      const bucket = state.bucket(input.Bucket);
      if (bucket.objects.size > 0) throw s3Error('BucketNotEmpty', { BucketName: bucket.name });
      state.buckets.delete(bucket.name);
      return {};
    },

    ListBuckets(input) {
      const limit = input.MaxBuckets ?? 10_000;
      if (limit < 1 || limit > 10_000) throw invalidArgument('MaxBuckets must be an integer between 1 and 10000');
      const after = input.ContinuationToken === undefined ? '' : fromToken(input.ContinuationToken);
      const rest = [...state.buckets.values()]
        .filter(
          (bucket) =>
            bucket.name > after &&
            bucket.name.startsWith(input.Prefix ?? '') &&
            (input.BucketRegion === undefined || bucket.region === input.BucketRegion),
        )
        .sort((a, b) => compareUtf8(a.name, b.name));
      const found = rest.slice(0, limit);
      const last = found.at(-1);
      return {
        Owner: owner,
        Prefix: input.Prefix,
        Buckets: found.map((bucket) => ({
          Name: bucket.name,
          CreationDate: bucket.creationDate,
          BucketRegion: bucket.region,
        })),
        ContinuationToken: last && rest.length > found.length ? toToken(last.name) : undefined,
      };
    },

    GetBucketLocation(input) {
      const { region } = state.bucket(input.Bucket);
      // "Buckets in Region us-east-1 have a LocationConstraint of null."
      return { LocationConstraint: region === 'us-east-1' ? undefined : (region as 'eu-west-1') };
    },

    GetBucketAcl(input) {
      state.bucket(input.Bucket);
      return { Owner: owner, Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
    },
  };
}

const toToken = (name: string): string => Buffer.from(name).toString('base64url');
const fromToken = (token: string): string => Buffer.from(token, 'base64url').toString();

const tagsOf = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Map<string, string> | undefined => tags && new Map(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkBucketName(name: string): void {
  const isValid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) &&
    !/^(?:xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!isValid) throw s3Error('InvalidBucketName', { BucketName: name });
}

import { defineOperation } from '../../../define-operation.js';
import { newTags } from '../../../kit/tags.js';
import { checkBucketName } from '../bucket-name.js';
import { ownerOf } from '../owner.js';
import { page } from '../page.js';
import { invalidArgument, s3Error } from '../s3-error.js';
import type { S3State } from '../s3-state.js';
import { tagRules } from '../tag-rules.js';

export const createBucket = defineOperation('s3', 'CreateBucket').as({
  run(state: S3State, input, { region, origin }) {
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
        creationDate: new Date(state.clock.now()),
        objects: new Map(),
        uploads: new Map(),
        tags: input.CreateBucketConfiguration?.Tags && newTags(input.CreateBucketConfiguration.Tags, tagRules(50)),
        settings: new Map(),
      });
    }
    return { Location: `/${input.Bucket}` };
  },
});

export const headBucket = defineOperation('s3', 'HeadBucket').as({
  run: (state: S3State, input) => ({ BucketRegion: state.bucket(input.Bucket).region, AccessPointAlias: false }),
});

export const deleteBucket = defineOperation('s3', 'DeleteBucket').as({
  run(state: S3State, input) {
    const bucket = state.bucket(input.Bucket);
    if (bucket.objects.size > 0) throw s3Error('BucketNotEmpty', { BucketName: bucket.name });
    state.buckets.delete(bucket.name);
    return {};
  },
});

export const listBuckets = defineOperation('s3', 'ListBuckets').as({
  run(state: S3State, input, { accountId }) {
    const owner = ownerOf(accountId);
    const limit = input.MaxBuckets ?? 10_000;
    if (limit < 1 || limit > 10_000) throw invalidArgument('MaxBuckets must be an integer between 1 and 10000');
    const wanted = [...state.buckets.values()].filter(
      ({ name, region }) =>
        name.startsWith(input.Prefix ?? '') && (input.BucketRegion === undefined || region === input.BucketRegion),
    );
    const { items, next } = page(wanted, {
      of: 's3.ListBuckets',
      keyOf: ({ name }) => name,
      token: input.ContinuationToken,
      size: limit,
    });
    return {
      Owner: owner,
      Prefix: input.Prefix,
      Buckets: items.map((bucket) => ({
        Name: bucket.name,
        CreationDate: bucket.creationDate,
        BucketRegion: bucket.region,
      })),
      ContinuationToken: next,
    };
  },
});

export const getBucketLocation = defineOperation('s3', 'GetBucketLocation').as({
  run(state: S3State, input) {
    const { region } = state.bucket(input.Bucket);
    // "Buckets in Region us-east-1 have a LocationConstraint of null."
    return { LocationConstraint: region === 'us-east-1' ? undefined : (region as 'eu-west-1') };
  },
});

export const getBucketAcl = defineOperation('s3', 'GetBucketAcl').as({
  run(state: S3State, input, { accountId }) {
    const owner = ownerOf(accountId);
    state.bucket(input.Bucket);
    return { Owner: owner, Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
  },
});

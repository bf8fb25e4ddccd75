// Configurations of a bucket that are kept and returned, and change nothing here: templates and tools set and read them.
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { S3State } from '../s3-state.js';

/** The Get operation's member, and what AWS says when nothing was put. */
const MISSING = {
  Policy: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  PublicAccessBlockConfiguration: [
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
  ],
  OwnershipControls: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  CORSRules: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  Rules: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
} as const;

const CORS_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

/** @throws AwsError InvalidRequest */
function checkCorsMethods(rules: readonly { AllowedMethods?: readonly string[] | undefined }[] | undefined): void {
  const stranger = rules
    ?.flatMap(({ AllowedMethods = [] }) => AllowedMethods)
    .find((method) => !CORS_METHODS.has(method));
  if (stranger === undefined) return;
  throw new AwsError(
    'InvalidRequest',
    `Found unsupported HTTP method in CORS config. Unsupported method is ${stranger}`,
    { status: 400 },
  );
}

export const putBucketPolicy = defineOperation('s3', 'PutBucketPolicy').as({
  run(state: S3State, input) {
    try {
      JSON.parse(input.Policy);
    } catch {
      throw new AwsError('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'", {
        status: 400,
      });
    }
    return put(state, input.Bucket, 'Policy', input.Policy);
  },
});

export const getBucketPolicy = defineOperation('s3', 'GetBucketPolicy').as({
  run: (state: S3State, input) => ({ Policy: get(state, input.Bucket, 'Policy') }),
});

export const deleteBucketPolicy = defineOperation('s3', 'DeleteBucketPolicy').as({
  run: (state: S3State, input) => remove(state, input.Bucket, 'Policy'),
});

export const putPublicAccessBlock = defineOperation('s3', 'PutPublicAccessBlock').as({
  run: (state: S3State, input) =>
    put(state, input.Bucket, 'PublicAccessBlockConfiguration', input.PublicAccessBlockConfiguration),
});

export const getPublicAccessBlock = defineOperation('s3', 'GetPublicAccessBlock').as({
  run: (state: S3State, input) => ({
    PublicAccessBlockConfiguration: get(state, input.Bucket, 'PublicAccessBlockConfiguration'),
  }),
});

export const deletePublicAccessBlock = defineOperation('s3', 'DeletePublicAccessBlock').as({
  run: (state: S3State, input) => remove(state, input.Bucket, 'PublicAccessBlockConfiguration'),
});

export const putBucketOwnershipControls = defineOperation('s3', 'PutBucketOwnershipControls').as({
  run: (state: S3State, input) => put(state, input.Bucket, 'OwnershipControls', input.OwnershipControls),
});

export const getBucketOwnershipControls = defineOperation('s3', 'GetBucketOwnershipControls').as({
  run: (state: S3State, input) => ({ OwnershipControls: get(state, input.Bucket, 'OwnershipControls') }),
});

export const deleteBucketOwnershipControls = defineOperation('s3', 'DeleteBucketOwnershipControls').as({
  run: (state: S3State, input) => remove(state, input.Bucket, 'OwnershipControls'),
});

export const putBucketCors = defineOperation('s3', 'PutBucketCors').as({
  run(state: S3State, input) {
    checkCorsMethods(input.CORSConfiguration.CORSRules);
    return put(state, input.Bucket, 'CORSRules', input.CORSConfiguration.CORSRules);
  },
});

export const getBucketCors = defineOperation('s3', 'GetBucketCors').as({
  run: (state: S3State, input) => ({ CORSRules: get(state, input.Bucket, 'CORSRules') }),
});

export const deleteBucketCors = defineOperation('s3', 'DeleteBucketCors').as({
  run: (state: S3State, input) => remove(state, input.Bucket, 'CORSRules'),
});

export const putBucketLifecycleConfiguration = defineOperation('s3', 'PutBucketLifecycleConfiguration').as({
  run: (state: S3State, input) => put(state, input.Bucket, 'Rules', input.LifecycleConfiguration?.Rules),
});

export const getBucketLifecycleConfiguration = defineOperation('s3', 'GetBucketLifecycleConfiguration').as({
  run: (state: S3State, input) => ({ Rules: get(state, input.Bucket, 'Rules') }),
});

export const deleteBucketLifecycle = defineOperation('s3', 'DeleteBucketLifecycle').as({
  run: (state: S3State, input) => remove(state, input.Bucket, 'Rules'),
});

export const putBucketEncryption = defineOperation('s3', 'PutBucketEncryption').as({
  run: (state: S3State, input) =>
    put(state, input.Bucket, 'ServerSideEncryptionConfiguration', input.ServerSideEncryptionConfiguration),
});

// Every bucket has been encrypted with AES256 since January 2023, so there is always an answer.
export const getBucketEncryption = defineOperation('s3', 'GetBucketEncryption').as({
  run: (state: S3State, input) => ({
    ServerSideEncryptionConfiguration: (state
      .bucket(input.Bucket)
      .settings.get('ServerSideEncryptionConfiguration') as undefined) ?? {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: false }],
    },
  }),
});

export const deleteBucketEncryption = defineOperation('s3', 'DeleteBucketEncryption').as({
  run: (state: S3State, input) => remove(state, input.Bucket, 'ServerSideEncryptionConfiguration'),
});

export const putBucketVersioning = defineOperation('s3', 'PutBucketVersioning').as({
  run: (state: S3State, input) => put(state, input.Bucket, 'Status', input.VersioningConfiguration.Status),
});

export const getBucketVersioning = defineOperation('s3', 'GetBucketVersioning').as({
  run(state: S3State, input) {
    const status = state.bucket(input.Bucket).settings.get('Status');
    return status === undefined ? {} : { Status: status as 'Enabled' };
  },
});

function put(state: S3State, bucket: string, name: string, value: unknown): Record<string, never> {
  state.bucket(bucket).settings.set(name, value);
  return {};
}

function remove(state: S3State, bucket: string, name: string): Record<string, never> {
  state.bucket(bucket).settings.delete(name);
  return {};
}

/** @throws AwsError where nothing was put */
function get<Value>(state: S3State, bucket: string, name: keyof typeof MISSING): Value {
  const value = state.bucket(bucket).settings.get(name);
  if (value === undefined) {
    const [code, message] = MISSING[name];
    throw new AwsError(code, message, { status: 404, members: { BucketName: bucket } });
  }
  return value as Value;
}
